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
) -> Course:
    return Course(id=name, hours=hours, price=price, requires=requires or {}, teaches=teaches)


def problem(
    *courses: Course,
    goal: Mapping[str, int],
    have: Mapping[str, int] | None = None,
    objective: Objective | None = None,
    **constraints: Any,
) -> Problem:
    skills = {skill for one in courses for skill in (*one.requires, *one.teaches)} | goal.keys()
    return Problem(
        id="case",
        catalogue=Catalogue(courses=courses, skills=frozenset(skills)),
        profile=Profile(levels=have or {}),
        role=Role(id="role", requires=goal),
        objective=objective or Objective(hour=1, price=0),
        constraints=Constraints(**constraints),
    )


def takeable(problem: Problem, courses: tuple[Course, ...]) -> bool:
    """Whether all of `courses` can be taken in some order and then every goal is met."""
    levels = dict(problem.profile.levels)
    waiting = list(courses)
    while waiting:
        ready = next((one for one in waiting if one.can_be_taken(levels)), None)
        if ready is None:
            return False
        levels = after(ready, levels)
        waiting.remove(ready)
    return all(levels.get(skill, 0) >= level for skill, level in problem.role.requires.items())


def cheapest_by_enumeration(problem: Problem) -> int | None:
    """Cost of the cheapest plan by looking at every set of courses; None when there is no plan."""
    limits = problem.constraints
    allowed = [one for one in problem.catalogue.courses if one.id not in limits.exclude]
    best: int | None = None
    for size in range(len(allowed) + 1):
        for chosen in combinations(allowed, size):
            cost = sum(problem.objective.cost(one) for one in chosen)
            too_dear = best is not None and cost >= best
            if too_dear or not limits.include <= {one.id for one in chosen}:
                continue
            if limits.max_hours is not None and sum(one.hours for one in chosen) > limits.max_hours:
                continue
            if limits.max_price is not None and sum(one.price for one in chosen) > limits.max_price:
                continue
            if takeable(problem, chosen):
                best = cost
    return best
