"""The page of skills to confirm: rows with the words they came from, in groups, as last filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from groundwork.core import searching
from groundwork.frameworks.models import Skill
from groundwork.learners.linking import FoundSkill
from groundwork.web import wording
from groundwork.web.visiting import Held, Rating

CANDIDATES = 12
"""Skills offered for a name that none is called by."""

Names = Mapping[str, Skill]
Draft = Mapping[str, Rating]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows under one heading."""

    name: str
    rows: list[dict[str, Any]]


def parts(found: Iterable[FoundSkill], *, names: Names, draft: Draft) -> dict[str, Any]:
    """The rows that are certain, suggested and left out, each list also in groups."""
    rows = [_row(one, names[one.skill], draft=draft) for one in found if one.skill in names]
    lists = {
        "certain": [row for row in rows if row["found"].certain],
        "suggested": [row for row in rows if not row["found"].certain and not row["found"].decided],
        "left_out": [row for row in rows if not row["found"].certain and row["found"].decided],
    }
    return {**lists, **{f"{name}_groups": groups(some) for name, some in lists.items()}}


def _row(one: FoundSkill, skill: Skill, *, draft: Draft) -> dict[str, Any]:
    rating = draft.get(one.skill, Rating(ticked=one.certain, level=one.level))
    return {
        "found": one,
        "skill": skill,
        "ticked": rating.ticked,
        "level": rating.level,
        "reason": wording.level_reason(one.reason),
        "source": wording.link_source(one),
        "day": date.fromisoformat(one.evidenced_on),
    }


def groups(rows: list[dict[str, Any]]) -> list[Group]:
    """By the sections of the CV they came from, or by the kind of skill where that tells nothing apart."""
    by_section = _grouped(rows, by=lambda row: row["found"].section, names=wording.GROUP_NAMES)
    if len(by_section) > 1:
        return by_section
    return _grouped(rows, by=lambda row: row["skill"].kind, names=dict(Skill.Kind.choices))


def _grouped(rows: list[dict[str, Any]], *, by: Any, names: Mapping[str, Any]) -> list[Group]:
    found = (
        Group(name=str(name), rows=[row for row in rows if by(row) == key]) for key, name in names.items()
    )
    return [group for group in found if group.rows]


def candidates(said: str, skills: Iterable[Skill]) -> list[Skill]:
    """The skills found by what somebody typed, in order of name; none for nothing."""
    if not searching.asked(said):
        return []
    found = [
        one for one in skills if searching.found_in(said, text=one.search_text, pinyin=one.search_pinyin)
    ]
    found.sort(key=lambda one: searching.order_of(one.name, pinyin=one.search_pinyin))
    return found[:CANDIDATES]


def held_rows(
    held: Mapping[str, Held], *, names: Names, draft: Draft, hidden: set[str]
) -> list[dict[str, Any]]:
    """What was confirmed before, by name."""
    rows = []
    for slug, one in held.items():
        if slug in names and slug not in hidden:
            rating = draft.get(slug, Rating(ticked=True, level=one.level))
            row = {"skill": names[slug], "as_of": one.as_of, "ticked": rating.ticked, "level": rating.level}
            rows.append(row)
    return sorted(rows, key=lambda row: str(row["skill"].name).casefold())
