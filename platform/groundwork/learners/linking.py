"""A CV's text -> what it seems to say about skills, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from groundwork.frameworks import deciding, terms, vocabulary
from groundwork.frameworks.deciding import Decided
from recommender.matching.links import SectionKind, SkillLink, accepted
from recommender.text.contacts import redact

CONTEXT = 60
_BLANKS = re.compile(r"\s+")
MAX_TEXT = 100_000
"""Characters of a CV that are read; a longer text is cut and the person is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSkill:
    """One skill found in a text: plain data that fits a session.

    `before`, `words` and `after` are the place it rests on; `label` is the name of the skill that they are,
    or come nearest to, and `method` says which; `reason` is a code with arguments, for the level.
    `evidenced_on` is ISO, the last day of the latest year the text dates it to, or today. `decided` once a
    person has confirmed it or left it out. `section` is the part of a CV the words stand in, if any.
    """

    skill: str
    level: int
    confidence: float
    certain: bool
    method: str
    before: str
    words: str
    after: str
    reason: dict[str, Any]
    evidenced_on: str
    label: str = ""
    decided: bool = False
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """What a text says: skills, the certain ones first, and its terms that the vocabulary lacks."""

    found: tuple[FoundSkill, ...]
    unknown: tuple[str, ...]


def find_skills(text: str, *, on_date: date) -> tuple[FoundSkill, ...]:
    """All skills a text names, the certain ones first, each in order of mention.

    Contact details are blanked before anything is kept.
    """
    return read(text, on_date=on_date).found


def read(text: str, *, on_date: date) -> ReadText:
    """The same, with the terms that the vocabulary lacks."""
    text = redact(text[:MAX_TEXT])
    said = vocabulary.linker().read(text, this_year=on_date.year)
    certain = {link.skill for link in accepted(said.links)}
    found = [_found(link, text, certain=link.skill in certain, on_date=on_date) for link in said.links]
    return ReadText(
        found=tuple(sorted(found, key=lambda one: (not one.certain, _doubt(one)))),
        unknown=tuple(term.words for term in said.outside),
    )


def collect_unknown(unknown: Iterable[str], *, text: str, on_date: date) -> None:
    """Count the unknown terms of a text that somebody gave us to read, for a steward."""
    terms.collect(unknown, text=text, on_date=on_date)


def record_decisions(
    found: Iterable[FoundSkill], kept: Mapping[str, int], *, on_date: date
) -> tuple[FoundSkill, ...]:
    """Note what was made of each find, once; answers with all of them marked as decided.

    `kept` are the levels of those that were confirmed.
    """
    found = tuple(found)
    deciding.record(
        [
            Decided(
                words=one.words,
                skill=one.skill,
                decision=_decision(one, kept.get(one.skill)),
                probability=one.confidence,
                method=one.method,
            )
            for one in found
            if not one.decided
        ],
        on_date=on_date,
    )
    return tuple(replace(one, decided=True) for one in found)


def _decision(one: FoundSkill, level: int | None) -> deciding.Decision:
    if level is None:
        return deciding.Decision.REJECTED if one.certain else deciding.Decision.PASSED
    return deciding.Decision.CONFIRMED if level == one.level else deciding.Decision.CHANGED


def _doubt(one: FoundSkill) -> float:
    """Among the uncertain the more probable come first; the certain keep the order of the text."""
    return 0.0 if one.certain else -one.confidence


def accepted_levels(found: Iterable[FoundSkill]) -> dict[str, int]:
    """Levels of the certain ones: what may count before a person has confirmed anything."""
    return {one.skill: one.level for one in found if one.certain}


def _found(link: SkillLink, text: str, *, certain: bool, on_date: date) -> FoundSkill:
    start, end = link.span
    return FoundSkill(
        skill=link.skill,
        level=link.level,
        confidence=round(link.confidence, 2),
        certain=certain,
        method=link.method.value,
        label=link.label,
        before=_tidy(text[max(0, start - CONTEXT) : start]).lstrip(),
        words=text[start:end],
        after=_tidy(text[end : end + CONTEXT]).rstrip(),
        reason=link.reason.to_json(),
        section="" if link.section is SectionKind.NONE else link.section.value,
        evidenced_on=_day(link.evidenced_on, on_date=on_date).isoformat(),
    )


def _day(year: int | None, *, on_date: date) -> date:
    if year is None or year >= on_date.year:
        return on_date
    return date(year, 12, 31)


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", text)
