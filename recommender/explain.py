"""Reasons as data: why each course stands in a plan. The sentences are written where people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.domain import Course, Levels, Problem, after

MAX_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """A skill the course lifts; `needed` is the level the role asks, None when it asks none above."""

    skill: str
    before: int
    after: int
    needed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A later course of the plan that needs what this one gives."""

    course: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReasons:
    """What one step gains and opens, whether no plan can do without it, and other courses that give the same.

    `alternatives` are at most three allowed courses outside the plan, the cheapest first, each of which
    alone gives every level this course newly gives.
    """

    course: str
    gains: tuple[Gain, ...]
    opens: tuple[Opening, ...]
    on_every_route: bool
    alternatives: tuple[str, ...]


def explain(problem: Problem, courses: Sequence[str]) -> tuple[StepReasons, ...]:
    """Reasons for each of `courses`, which must be a valid plan in its order."""
    plan = [problem.catalogue.by_id[course] for course in courses]
    allowed = [c for c in problem.catalogue.courses if c.id not in problem.constraints.exclude]
    levels: Levels = problem.profile.levels
    reasons = []
    for place, course in enumerate(plan):
        reached = after(course, levels)
        reasons.append(
            StepReasons(
                course=course.id,
                gains=_gains(problem, course, levels, reached),
                opens=_opens(course, levels, plan[place + 1 :]),
                on_every_route=not _reaches_role(problem, [c for c in allowed if c.id != course.id]),
                alternatives=_alternatives(problem, course, levels, allowed, taken=set(courses)),
            )
        )
        levels = reached
    return tuple(reasons)


def _gains(problem: Problem, course: Course, before: Levels, reached: Levels) -> tuple[Gain, ...]:
    return tuple(
        Gain(skill=skill, before=have, after=reached[skill], needed=_needed(problem, skill, above=have))
        for skill in sorted(course.teaches)
        if reached[skill] > (have := before.get(skill, 0))
    )


def _needed(problem: Problem, skill: str, *, above: int) -> int | None:
    needed = problem.role.requires.get(skill, 0)
    return needed if needed > above else None


def _opens(course: Course, levels: Levels, later: Sequence[Course]) -> tuple[Opening, ...]:
    found = []
    for other in later:
        skills = tuple(
            skill
            for skill, needed in sorted(other.requires.items())
            if levels.get(skill, 0) < needed <= course.teaches.get(skill, 0)
        )
        if skills:
            found.append(Opening(course=other.id, skills=skills))
    return tuple(found)


def _alternatives(
    problem: Problem, course: Course, levels: Levels, allowed: Sequence[Course], *, taken: set[str]
) -> tuple[str, ...]:
    given = {s: level for s, level in course.teaches.items() if level > levels.get(s, 0)}
    same = [
        other
        for other in allowed
        if other.id not in taken and all(other.teaches.get(s, 0) >= level for s, level in given.items())
    ]
    same.sort(key=lambda other: (problem.objective.cost(other), other.id))
    return tuple(other.id for other in same[:MAX_ALTERNATIVES])


def _reaches_role(problem: Problem, courses: Sequence[Course]) -> bool:
    levels = dict(problem.profile.levels)
    waiting = list(courses)
    while waiting:
        closed = []
        for course in waiting:
            if not course.can_be_taken(levels):
                closed.append(course)
                continue
            for skill, level in course.teaches.items():
                levels[skill] = max(level, levels.get(skill, 0))
        if len(closed) == len(waiting):
            break
        waiting = closed
    return all(levels.get(skill, 0) >= need for skill, need in problem.role.requires.items())
