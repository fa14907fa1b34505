"""Mentions that claim nothing: what a person cannot do, or would like to do some day."""

from __future__ import annotations

import re

# Everything from the cue to the end of the sentence, unless a word of contrast or a new claim comes between.
_BEFORE = re.compile(
    r"\b(?:no|without|lack(?:s|ing)?(?: of)?|little|not (?:much|any)|never had(?: any)?) (?:\w+ ){0,2}"
    r"(?:experience|knowledge|exposure|familiarity|background|skills?|training)\b|"
    r"\b(?:not|never|n't|n’t|hardly|cannot) (?:\w+ )?(?:familiar|experienced|proficient|know|used|worked|"
    r"tried|learned|learnt|"
    r"touched|studied|speak|comfortable|an expert|programmed|written)\b|"
    r"\b(?:new to|unfamiliar with|unaware of|no longer)\b|"
    r"\b(?:want(?:s|ed)?|(?:would|['’]d) (?:like|love)|wish(?:es)?|hop(?:e|es|ing)|plan(?:s|ning)?|"
    r"aim(?:s|ing)?|eager|keen|"
    r"willing|ready|going|intend(?:s)?|"
    r"look(?:s|ing)?(?: forward)?) to (?:\w+ )?(?:learn\w*|study\w*|move|switch|work|get|gain|explor\w+|"
    r"becom\w+|transition\w*|chang\w+|"
    r"find|build|join|enter|develop|grow|do|understand|turn|deepen|acquire|specialise|specialize|apply)\b|"
    r"\binterest(?:ed)? in\b|\b(?:looking|searching|seeking) for\b|\bcurious about\b|\bin order to become\b|"
    r"\b(?:transition|switch|move|moving) (?:in)?to\b|"
    r"不(?:太|大|是很|够|怎么)?(?:熟悉|了解|会|懂|擅长|精通|具备|掌握)|没有?(?:接触|用|学|做|使用|涉及|"
    r"了解)过|未(?:曾)?(?:接触|使用|学习|掌握|涉及)|"
    r"尚未|还没|没有|缺乏|缺少|无(?=[^，。；,;]{0,16}(?:经验|基础|背景|经历))|"
    r"(?:希望|想要?|打算|计划|准备|期望|渴望|有意|目标是|意向|愿意|有兴趣)(?:能够?|可以|今后|将来|未来|"
    r"继续|系统|尽快|逐步|进一步|向)*"
    r"(?:学习|转|从事|进入|往|做|成为|加入|深入|掌握|了解|补|参与|投身|在|把|将|用)|感兴趣的|求职意向|"
    r"目标岗位|转型(?:为|到|至|做)"
)
_AFTER = re.compile(
    r"^(?:\s|\w{0,6}(?:方面|经验|知识))*(?:不(?:太|大|是很|够|怎么)?(?:熟悉|了解|会|懂|熟|擅长|多)|"
    r"了解(?:较|比较|很|得)?(?:少|不多|有限)|"
    r"接触(?:较|比较|很|得)?(?:少|不多|有限)|(?:经验)?(?:较少|很少|不足|缺乏|欠缺|空白|为零)|"
    r"没(?:有)?(?:用|学|接触|做)过|尚未|还没|感兴趣|产生了?(?:浓厚的?)?兴趣)|"
    r"^\s*[(（:：\-–]*\s*(?:none|no experience|not yet|no knowledge|planned|无)\b"
)
_LITTLE = re.compile(
    r"(?:了解|接触|使用|涉及)(?:较|比较|很|得)?(?:少|不多|有限)|较少(?:接触|使用|了解|涉及)|很少(?:接触|"
    r"使用|了解|涉及)"
)
_CONTRAST = re.compile(
    r"\b(?:but|however|although|though|yet|while|whereas|except|besides|only|i have|i am|i know|"
    r"currently|so far i)\b|"
    r"但|不过|然而|而是|除了|仅|只是|目前|现已|已经|已有|已熟|(?<!不)(?<!不太)熟悉|精通|(?<!不)擅长|"
    r"(?<!未)(?<!尚未)掌握(?!过)"
)
_NOT_ONLY = re.compile(r"not only|不仅|不只|不但|不光")


def is_negated(sentence: str, start: int, end: int) -> bool:
    """Whether the mention at start..end of one lower-case `sentence` is denied, or only wished for.

    >>> is_negated("no experience with cuda", 19, 23)
    True
    """
    if _AFTER.match(sentence[end:]) and not _NOT_ONLY.search(sentence):
        return True
    before = sentence[:start]
    last = None
    for match in _BEFORE.finditer(before):
        last = match
    if last is None or _NOT_ONLY.search(before):
        return False
    between = before[last.end() :]
    return _CONTRAST.search(between) is None
