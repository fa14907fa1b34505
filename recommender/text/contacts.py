"""Contact details in a text, blotted out in place so that every other position stays true."""

from __future__ import annotations

import re

_BLOT = "*"

_SITES = (
    r"linkedin|github|gitlab|gitee|bitbucket|facebook|twitter|instagram|telegram|weibo|zhihu|csdn|juejin|"
    r"stackoverflow|medium|kaggle|orcid|researchgate|behance|xing|vk|x"
)
_PATTERNS = (
    re.compile(r"[^\s@<>()（）,;:：，；]+\s?(?:@|\(at\)|\[at\]|＠)\s?[^\s@<>(),;，；]+\.[A-Za-z]{2,}", re.I),
    re.compile(
        rf"(?<![\w])(?:https?://)?(?:[a-z]{{2,3}}\.)?(?:www\.)?(?:{_SITES})\.(?:com|cn|org|net|me|io)/[^\s,;，；、)）]+",
        re.I,
    ),
    re.compile(r"(?:https?://)?\b(?:t\.me|wa\.me|me\.qq\.com|blog\.csdn\.net)/[^\s,;，；、)）]+", re.I),
    re.compile(r"(?:https?://|www\.)[^\s,;，；、)）]+", re.I),
    # Handles that only their label gives away.
    re.compile(
        r"(?:(?<=微信)|(?<=微信号)|(?<=wechat)|(?<=weixin)|(?<=telegram)|(?<=skype)|(?<=qq)|(?<=qq号))"
        r"[ \t]*[:：][ \t]*@?[A-Za-z0-9_.\-]{4,}",
        re.I,
    ),
    # A Chinese identity number, a social security number, a passport after its label.
    re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{5}[0-9Xx](?![0-9A-Za-z])"),
    re.compile(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"),
    re.compile(
        r"(?:passport|护照|身份证|id number|id no\.?)[^\S\n]*(?:号码?|no\.?)?[^\S\n]*[:：]?[^\S\n]*"
        r"(?=[A-Z]*\d)[A-Z0-9]{6,20}",
        re.I,
    ),
)
_DIGITS = re.compile(r"(?<![\w.])(?:\+|00|\()?\d(?:[ \t.\-/()–]{0,3}\d){6,17}(?!\w)")
_LABEL = re.compile(
    r"(?:tel|phone|mobile|cell|fax|whatsapp|contact|电话|手机|联系方式|联系电话)\W{0,6}$", re.I
)
_DATE = r"(?:\d{1,2}[./\-]){0,2}(?:19|20)\d{2}(?:[./\-]\d{1,2}){0,2}"
_DATES = re.compile(rf"{_DATE}(?:[ \t]*[\-–/ .]+[ \t]*{_DATE})*")
_MOBILE_CN = re.compile(r"(?:86)?1[3-9]\d{9}")


def redact(text: str) -> str:
    """`text` with e-mail addresses, telephone numbers, links, handles and identity numbers blotted out.

    The result has the length of `text`, so spans found in one hold in the other. Years, date ranges and
    ordinary figures stay.

    >>> redact("Ada, ada@example.org, 2018-2024")
    'Ada, ***************, 2018-2024'
    """
    for pattern in _PATTERNS:
        text = pattern.sub(_blot, text)
    return _DIGITS.sub(_blot_number, text)


def _blot(match: re.Match[str]) -> str:
    return _BLOT * len(match.group())


def _blot_number(match: re.Match[str]) -> str:
    return _blot(match) if _is_telephone(match) else match.group()


def _is_telephone(match: re.Match[str]) -> bool:
    number = match.group()
    digits = re.sub(r"\D", "", number)
    if number.startswith("+") or _MOBILE_CN.fullmatch(digits):
        return True
    if _LABEL.search(match.string[max(0, match.start() - 20) : match.start()]):
        return True
    # What is left must be long and no dates, as 2018.03-2020.05 is.
    return len(digits) >= 9 and _DATES.fullmatch(number.strip("()")) is None
