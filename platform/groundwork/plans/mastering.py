"""How far a plan and its goal are: hours done, skills mastered, and skills about to lapse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from groundwork.learners.lapsing import Lapse
from groundwork.plans.models import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastery:
    """Hours done of all; of the skills the goal requires those at their level today, and those of them that
    fall below it within a year."""

    done_hours: int
    hours: int
    mastered: int
    lapsing: int
    required: int


def of(plan: Plan, *, levels: Mapping[str, int], lapses: Iterable[Lapse]) -> Mastery:
    """Of a plan read `with_steps()`, for somebody at `levels` (of today) with these lapses."""
    requires: Mapping[str, int] = plan.problem["role"]["requires"]
    mastered = {skill for skill, level in requires.items() if levels.get(skill, 0) >= level}
    falling = {
        one.skill.slug
        for one in lapses
        if one.skill.slug in mastered and not one.is_past and one.to_level < requires[one.skill.slug]
    }
    return Mastery(
        done_hours=plan.done_hours,
        hours=plan.hours,
        mastered=len(mastered),
        lapsing=len(falling),
        required=len(requires),
    )
