"""What prerequisites read from a text mean in levels of skills, for the engine."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from recommender import domain

if TYPE_CHECKING:
    from groundwork.catalogue.models import Course, PrerequisiteNeed

COURSE = "course"


def as_levels(course: Course) -> tuple[dict[str, int], tuple[domain.Choice, ...]]:
    """What must be met, and choices of which one alternative must be met.

    A course that is asked for stands for what it teaches. What cannot be said in levels is left out here and
    shown to people: permissions, standing, words, and courses of which nobody knows what they teach. So a
    group may lose alternatives; one that loses all of them asks for nothing here. A corequisite must be met
    before the course starts, as the engine knows no "at the same time"; two courses that are corequisites of
    each other do not wait for each other.
    """
    requires: dict[str, int] = {}
    choices: list[domain.Choice] = []
    for ways in grouped(course.needs.all()):
        known = [levels for way in ways if (levels := _levels(course, way))]
        if len(known) == 1:
            _raise(requires, known[0])
        elif known:
            choices.append(tuple(known))
    return requires, tuple(choices)


def grouped(needs: Iterable[PrerequisiteNeed]) -> list[list[list[PrerequisiteNeed]]]:
    """Groups of alternatives of needs."""
    rows = sorted(needs, key=lambda need: (need.group, need.alternative, need.position))
    return [
        [list(way) for _alternative, way in groupby(group, key=lambda need: need.alternative)]
        for _group, group in groupby(rows, key=lambda need: need.group)
    ]


def _levels(course: Course, way: Iterable[PrerequisiteNeed]) -> dict[str, int]:
    """The levels one alternative asks for; none where they are not known."""
    levels: dict[str, int] = {}
    for need in way:
        if need.kind != COURSE or _is_mutual(course, need):
            continue
        taught = {row.skill.slug: row.level for row in need.target.outcomes.all()} if need.target else {}
        if not taught or need.target_id == course.pk:
            return {}
        _raise(levels, taught)
    return levels


def _is_mutual(course: Course, need: PrerequisiteNeed) -> bool:
    if not need.together or need.target is None:
        return False
    return any(other.together and other.target_id == course.pk for other in need.target.needs.all())


def _raise(levels: dict[str, int], others: domain.Levels) -> None:
    for skill, level in others.items():
        levels[skill] = max(levels.get(skill, 0), level)
