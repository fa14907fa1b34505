"""What a person says of a skill: years, words of judgement, the rank in a title."""

from __future__ import annotations

import re
from dataclasses import dataclass

from recommender.matching.links import LevelReason, ReasonCode

MASK = "\ue000"
"""Stands for each character of a mention in `Place.masked`."""

_NOUNS = (
    r"(?:knowledge|skills?|experience|background|understanding|command|expertise|grasp|proficiency)"
    r"(?: (?:of|in|with))?"
)
# Bare at the end of an item only after a sign, as in "SQL - basic": BASIC is a language, too.
_ENDS = r"(?:(?<=[-:–(（] )|(?<=[(（:])){}(?=\s*(?:[,;.，；。]|$))"
_ENDS_BASIC, _ENDS_ADVANCED = _ENDS.format("basics?"), _ENDS.format("advanced")
_CUES: dict[int, str] = {
    4: r"\bexperts?\b(?! systems?)(?: level| in| knowledge)?|\bexpertise (?:in|with)\b|\bmastery of\b|"
    r"\bdeep expertise\b|精通|专家级|专精",
    3: rf"\bproficien(?:t|cy)\b|\badvanced(?: {_NOUNS}|(?= (?:user|level|in\b)|\s*[:)]))|{_ENDS_ADVANCED}|"
    r"\b(?:strong|solid|extensive|excellent|profound|thorough|in-depth|deep)(?: \w+){0,2} "
    rf"{_NOUNS}\b|"
    r"\b(?:highly |very )?(?:skilled|fluent|experienced)(?= (?:in|with|at)\b|\s*[:)])|\bfluent\b|"
    r"熟练|深入(?:了解|理解|掌握|研究)?|擅长|扎实的?|丰富的?(?=[^，。；、]{0,16}经验)|掌握",
    2: rf"\bfamiliar(?:ity)?\b|\b(?:working|good|practical|decent|sound|common|general) {_NOUNS}\b|"
    r"\bknowledge of\b|\bintermediate\b|\bcomfortable with\b|\bcompetent\b|\bunderstanding of\b|"
    r"熟悉|理解|(?:会|能够?)(?:独立)?(?:使用|编写|用|写)|良好的?",
    1: rf"(?<!visual )\bbasics?(?: {_NOUNS}| of\b|(?= level)|(?=\s*[:)]))|{_ENDS_BASIC}|"
    r"\bbeginner\b|\belementary\b|\bentry[- ]level\b|\bnovice\b|\bintroductory\b|"
    rf"\b(?:some|limited|little|first|initial|a bit of)(?: \w+)? (?:exposure|contact|{_NOUNS})\b|"
    r"\bexposure to\b|"
    r"\b(?:currently|now|recently|just|started|began)(?: \w+)? (?:learning|studying)\b|"
    r"\bself-study(?:ing)?\b|\bbasic(?= [a-z+#\ue000]+(?:[,;.)]|$))|"
    r"\b(?:some|a little|a bit of)(?= \ue000)|\bread about\b|\bheard of\b|(?:会|懂|知道)?一点|略知|"
    r"\bfirst steps\b|\bexperiment(?:ed|ing)? with\b|\btried\b|"
    r"(?:初步|简单|基本|大致)?了解|入门(?!材料|课程|书|教程)|接触过|略懂|尝试|正在(?:自?学|学习)|"
    r"自学(?:中|过)?|初学",
}
_CUE = re.compile("|".join(f"(?P<l{level}>{pattern})" for level, pattern in _CUES.items()))
_AFTER_LINK = re.compile(r"\s*(?P<sign>[(（:：\-–—]|方面)?\s*(?:只是|仅仅?|只|比较|非常|较|很|也|都|还)?\s*")

_NUMBERS_TEXT = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty
"""
_NUMBERS_EN = _NUMBERS_TEXT.split()
_NUMBERS_ZH = "一二三四五六七八九十"
_NUMBER = rf"(?P<n>(?<![\d.])\d{{1,2}}(?:\.\d)?|{'|'.join(_NUMBERS_EN)}|两|十?[{_NUMBERS_ZH}])"
_YEARS = re.compile(
    rf"{_NUMBER}\s*(?:\+|plus|多|余|以上)?\s*(?:years?|yrs?|年)(?!\s*\d|级|度|代|月|前|后|底|初|龄|"
    rf"制)(?:\s?old)?(?P<more>(?:以上|多)?)"
)
_YEARS_TO_SKILL = re.compile(r"^[^,，;；。、()（）\n|]*$")
_YEARS_LINK = re.compile(
    r"^[\s:：(（\-–—]*(?:\w+\s+){0,3}?(?:(?:with|for|over|about|more than|experience|of|programming|"
    r"development|开发|编程|使用|有|约|近|经验|从业)[\s:：]*){0,3}$"
)

_TITLE_WORDS = (
    r"(?:developers?|engineers?|programmers?|architects?|analysts?|scientists?|consultants?|designers?|"
    r"specialists?|researchers?|managers?|"
    r"开发|工程师|程序员|架构师|分析师|顾问|研究员|设计师|专员)"
)
_SENIOR = re.compile(
    rf"(?P<cue>\b(?:senior|lead|principal|staff|chief|head of)\b|资深|高级|首席|"
    rf"主任)(?=[^,，;；。\n]{{0,40}}{_TITLE_WORDS})|(?P<zh>架构师|技术负责人|tech lead)"
)

# Least years -> level where a person states them.
_SAID_YEARS = ((6, 4), (3, 3), (0, 2))

# How far, in characters, a word such as "proficient" reaches along its list: after a colon, and else.
_REACH_OF_HEADING = 250
_REACH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mention stands: `text` is the lower-case sentence, start..end the mention in it, `position` its
    start in the whole text."""

    text: str
    start: int
    end: int
    position: int
    masked: str
    """`text` with every mention of any skill blotted out, so that "deep learning" is no cue for "deep"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelGuess:
    """A level 1..4 and why."""

    level: int
    reason: LevelReason


def said(place: Place) -> LevelGuess | None:
    """The level a person states for the mention, in years or words of judgement."""
    options = [guess for guess in (_years(place), _adverb(place)) if guess is not None]
    return max(options, key=lambda guess: guess.level, default=None)


def _years(place: Place) -> LevelGuess | None:
    best: tuple[float, str] | None = None
    for match in _YEARS.finditer(place.text):
        if _belongs(match, place):
            best = max(best or (0.0, ""), (_number(match.group("n")), match.group().strip()))
    if best is None or best[0] > 60:
        return None
    level = next(level for least, level in _SAID_YEARS if best[0] >= least)
    return LevelGuess(
        level=level, reason=LevelReason(code=ReasonCode.YEARS, args={"years": int(best[0]), "cue": best[1]})
    )


def _belongs(match: re.Match[str], place: Place) -> bool:
    if match.end() <= place.start:
        between = place.masked[match.end() : place.start]
        # A mention between takes the years for itself: "5 years of Java and Python" says nothing of Python.
        return len(between) <= 60 and MASK not in between and bool(_YEARS_TO_SKILL.match(between))
    if match.start() >= place.end:
        between = place.masked[place.end : match.start()]
        if len(between) <= 40 and _YEARS_LINK.match(between):
            rest = place.masked[match.end() : match.end() + 24]
            opened = between.lstrip()[:1] in ("(", "（", ":", "：")
            return opened or not re.match(rf"\s*(?:of|in|with)?\s*{MASK}", rest)
    return False


def _number(text: str) -> float:
    if text[0].isdigit():
        return float(text)
    if text in _NUMBERS_EN:
        return _NUMBERS_EN.index(text) + 1
    if text == "两":
        return 2
    total = 10 if text[0] == "十" and len(text) > 1 else 0
    return total + _NUMBERS_ZH.index(text[-1]) + 1


def _adverb(place: Place) -> LevelGuess | None:
    link = _AFTER_LINK.match(place.masked, place.end)
    after = _CUE.match(place.masked, link.end()) if link is not None else None
    if link is not None and after is not None and _is_postfix(place, link, after.end()):
        return _from_cue(after)
    nearest = None
    for match in _CUE.finditer(place.masked):
        if match.end() > place.start:
            break
        between = place.masked[match.end() : place.start]
        if len(between) <= _reach(between) and not _closed(match, place) and not _leaves_list(between):
            nearest = match
    return _from_cue(nearest) if nearest is not None else None


def _reach(between: str) -> int:
    return _REACH_OF_HEADING if between.lstrip()[:1] in (":", "：") else _REACH


def _is_postfix(place: Place, link: re.Match[str], end: int) -> bool:
    """Whether the words after the mention end its item, as in "Python (expert)" or "Python精通、"."""
    rest = place.masked[end:].lstrip()
    return bool(link.group("sign")) or not rest or rest[0] in ",，;；、.。|)）"


def _closed(match: re.Match[str], place: Place) -> bool:
    """Whether a cue belongs to what stood before it: inside brackets, or ending its item."""
    following = place.masked[match.end() : place.start].lstrip()
    before = place.masked[: match.start()].rstrip()
    if before.endswith(("(", "（")) or (
        re.search(rf"{MASK}\s*[-:：–]?$", before) and following[:1] in tuple(",，;；、|)）")
    ):
        return True
    return following[:1] in (")", "）")


def _leaves_list(between: str) -> bool:
    """Whether a new statement began since the cue: its force is spent."""
    return bool(
        re.search(
            r"\b(?:but|however|who|which|where|i|we|also have)\b|但|不过|[。]|负责|参与|完成|曾", between
        )
    )


def _from_cue(match: re.Match[str]) -> LevelGuess:
    level = int((match.lastgroup or "l2")[1:])
    reason = LevelReason(code=ReasonCode.ADVERB, args={"cue": match.group().strip()})
    return LevelGuess(level=level, reason=reason)


def senior(place: Place) -> LevelGuess | None:
    """The level that a senior title around the mention suggests."""
    for match in _SENIOR.finditer(place.text):
        if -30 <= match.start() - place.end <= 12 or 0 <= place.start - match.end() <= 30:
            between = place.text[min(match.end(), place.end) : max(match.start(), place.start)]
            if not re.search(r"[,，;；。|]", between):
                return LevelGuess(
                    level=3, reason=LevelReason(code=ReasonCode.SENIORITY, args={"cue": match.group()})
                )
    return None
