"""Small problems of our own, and the slow, obvious answer to any of them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

from recommender.domain import (
    Catalogue,
    Constraints,
    Course,
    Objective,
    Problem,
    Profile,
    Role,
    after,
)


class Watch:
    """A stop-watch that never moves."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.seconds = seconds

    def remaining(self) -> float:
        return self.seconds


def course(
    name: str,
    teaches: Mapping[str, int],
    *,
    requires: Mapping[str, int] | None = None,
    hours: int = 10,
    price: int = 0,
    **more: Any,
) -> Course:
    return Course(id=name, hours=hours, price=price, requires=requires or {}, teaches=teaches, **more)


def problem(
    *courses: Course,
    goal: Mapping[str, int],
    have: Mapping[str, int] | None = None,
    objective: Objective | None = None,
    taken: frozenset[str] = frozenset(),
    **constraints: Any,
) -> Problem:
    skills = {skill for one in courses for skill in (*one.requires, *one.teaches)} | goal.keys()
    skills |= {skill for one in courses for choice in one.one_of for levels in choice for skill in levels}
    return Problem(
        id="case",
        catalogue=Catalogue(courses=courses, skills=frozenset(skills)),
        profile=Profile(levels=have or {}, taken=taken),
        role=Role(id="role", requires=goal),
        objective=objective or Objective(hour=1, price=0),
        constraints=Constraints(**constraints),
    )


def takeable(problem: Problem, courses: tuple[Course, ...], *, waived: frozenset[str]) -> bool:
    """Whether all of `courses` can be taken in some order and then every goal is met."""
    levels = dict(problem.profile.levels)
    waiting = list(courses)
    while waiting:
        ready = next((one for one in waiting if one.can_be_taken(levels)), None)
        if ready is None:
            return False
        levels = after(ready, levels)
        waiting.remove(ready)
    return all(
        levels.get(skill, 0) >= level or skill in waived for skill, level in problem.role.requires.items()
    )


def within_limits(problem: Problem, courses: tuple[Course, ...]) -> bool:
    """Whether a plan may consist of just these courses, whatever they lead to."""
    limits = problem.constraints
    hours, price = sum(one.hours for one in courses), sum(one.price for one in courses)
    names = problem.profile.taken.union(one.id for one in courses)
    return (
        (limits.max_hours is None or hours <= limits.max_hours)
        and (limits.max_price is None or price <= limits.max_price)
        and 100 * sum(one.hands_on for one in courses) >= limits.min_hands_on * hours
        and limits.include <= names
        and all(names & choice for choice in limits.one_of)
    )


def leading(problem: Problem) -> set[str]:
    """Takeable courses that must be taken or teach a level asked for by the role or another such course."""
    have = problem.profile.levels
    names = set[str]().union(*problem.constraints.must_take)
    reach, takeable_ones = dict(have), list[Course]()
    waiting = [
        one
        for one in problem.catalogue.courses
        if problem.constraints.allows(one) and one.id not in problem.profile.taken
    ]
    while ready := [one for one in waiting if one.can_be_taken(reach)]:
        for one in ready:
            reach = after(one, reach)
            takeable_ones.append(one)
            waiting.remove(one)
    found = [one for one in takeable_ones if one.id in names]
    while True:
        asked = [dict(problem.role.requires)] + [dict(one.requires) for one in found]
        asked += [
            dict(levels)
            for one in found
            for choice in one.one_of
            for levels in choice
            if all(reach.get(skill, 0) >= level for skill, level in levels.items())
        ]
        more = [
            one
            for one in takeable_ones
            if one not in found
            and any(
                max(have.get(skill, 0), one.requires.get(skill, 0)) < level <= one.teaches.get(skill, 0)
                for levels in asked
                for skill, level in levels.items()
            )
        ]
        if not more:
            return {one.id for one in found}
        found += more


def cheapest_by_enumeration(problem: Problem) -> int | None:
    """Cost of the cheapest plan by looking at every set of courses; None when there is no plan."""
    limits = problem.constraints
    allowed = [
        one
        for one in problem.catalogue.courses
        if limits.allows(one)
        and one.id not in problem.profile.taken
        and (not limits.min_hands_on or one.id in leading(problem))
    ]
    waivable = sorted(limits.waivers.keys() & problem.role.requires.keys())
    best: int | None = None
    for waived in (
        frozenset(some) for count in range(len(waivable) + 1) for some in combinations(waivable, count)
    ):
        penalty = sum(limits.waivers[skill] for skill in waived)
        for size in range(len(allowed) + 1):
            for chosen in combinations(allowed, size):
                cost = penalty + sum(problem.objective.cost(one) for one in chosen)
                if best is not None and cost >= best:
                    continue
                if within_limits(problem, chosen) and takeable(problem, chosen, waived=waived):
                    best = cost
    return best
