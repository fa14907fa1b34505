"""What a course of a plan was chosen over: the best plan without it, and what that takes more."""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.plans import solutions
from groundwork.plans.planning import Planned
from recommender.domain import Status
from recommender.planning import counterfactuals, what_if

SECONDS = 2.0
"""How long the plan without a course is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """The best plan without `course`: how many hours and whole CNY it takes more (less: negative).

    `courses` are those that it takes and the plan does not; of them `rival` gives most of what the course
    gives (None: none does any of it). `needed`: there is no plan without the course. `known`: a plan without
    it was found; `proven`: it is the best there is.
    """

    course: str
    needed: bool
    known: bool
    proven: bool
    hours: int
    price: int
    courses: tuple[str, ...]
    rival: str | None


def of(planned: Planned, course: str) -> Instead:
    """What `planned` takes `course` over. Raises KeyError where it does not take it."""
    if course not in {step.course for step in planned.steps}:
        raise KeyError(course)
    problem = planned.problem
    other = solutions.solve(counterfactuals.without(problem, course), seconds=SECONDS)
    worth = counterfactuals.worth_of_step(problem, planned.solution, course, other=other)
    figures = what_if.figures(problem, worth.courses)
    known = worth.cost is not None
    return Instead(
        course=course,
        needed=worth.status is Status.INFEASIBLE,
        known=known,
        proven=worth.status is Status.OPTIMAL and planned.solution.status is Status.OPTIMAL,
        hours=figures.hours - planned.hours if known else 0,
        price=figures.price - planned.price if known else 0,
        courses=worth.instead,
        rival=worth.rival,
    )
