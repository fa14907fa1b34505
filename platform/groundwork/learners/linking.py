"""A CV's text -> what it seems to say about skills, for a person to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from groundwork.frameworks import vocabulary
from recommender.matching.links import SkillLink, accepted
from recommender.text.contacts import redact

CONTEXT = 60
_BLANKS = re.compile(r"\s+")
MAX_TEXT = 100_000
"""Characters of a CV that are read; a longer text is cut and the person is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSkill:
    """One skill found in a text: plain data that fits a session.

    `before`, `words` and `after` are the place it rests on; `reason` is a code with arguments;
    `evidenced_on` is ISO, the last day of the latest year the text dates it to, or today.
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


def find_skills(text: str, *, on_date: date) -> tuple[FoundSkill, ...]:
    """All skills a text names, the certain ones first, each in order of mention.

    Contact details are blanked before anything is kept.
    """
    text = redact(text[:MAX_TEXT])
    links = vocabulary.linker().link(text, this_year=on_date.year)
    certain = {link.skill for link in accepted(links)}
    found = [_found(link, text, certain=link.skill in certain, on_date=on_date) for link in links]
    return tuple(sorted(found, key=lambda one: not one.certain))


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
        before=_tidy(text[max(0, start - CONTEXT) : start]).lstrip(),
        words=text[start:end],
        after=_tidy(text[end : end + CONTEXT]).rstrip(),
        reason=link.reason.to_json(),
        evidenced_on=_day(link.evidenced_on, on_date=on_date).isoformat(),
    )


def _day(year: int | None, *, on_date: date) -> date:
    if year is None or year >= on_date.year:
        return on_date
    return date(year, 12, 31)


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", text)
