"""What every what-if needs: the problem with other limits, the figures of a plan, and a share of the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from recommender.domain import Objective, Problem, Solution
from recommender.planning.stopwatch import StopWatch

HOURS = Objective(hour=1, price=0)
PRICE = Objective(hour=0, price=1)
THEORY = Objective(hour=0, price=0, theory=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Hours, price in whole units of the currency, and hours of practice of some courses together."""

    hours: int
    price: int
    practice: int

    @property
    def hands_on(self) -> int:
        """The share of practice in the hours, in whole per cent, rounded down; 100 without any hours.

        >>> Figures(hours=3, price=0, practice=2).hands_on
        66
        """
        return 100 * self.practice // self.hours if self.hours else 100


class Turn:
    """One of `turns` that share the time `stop` has left: it ends after its part, or when `stop` does.

    >>> from recommender.planning.stopwatch import Unlimited
    >>> Turn(Unlimited(), turns=3).remaining()
    inf
    """

    def __init__(self, stop: StopWatch, *, turns: float) -> None:
        left = stop.remaining()
        self._stop = stop
        self._reserve = left - left / turns if 0 < left < float("inf") else 0.0

    def remaining(self) -> float:
        """Seconds left of this turn."""
        return self._stop.remaining() - self._reserve


def constrained(problem: Problem, **changes: Any) -> Problem:
    """`problem` with fields of its constraints replaced."""
    return replace(problem, constraints=replace(problem.constraints, **changes))


def courses(solution: Solution) -> tuple[str, ...]:
    """The ids of the courses of a plan, in its order."""
    return tuple(step.course for step in solution.steps)


def figures(problem: Problem, names: Iterable[str]) -> Figures:
    """The figures of the courses called `names`. Raises KeyError for an unknown one."""
    chosen = [problem.catalogue.by_id[name] for name in names]
    return Figures(
        hours=sum(course.hours for course in chosen),
        price=sum(course.price for course in chosen),
        practice=sum(course.hands_on for course in chosen),
    )


def cost(problem: Problem, names: Iterable[str]) -> int:
    """What the courses called `names` cost under the objective of `problem`, waivers aside."""
    return sum(problem.objective.cost(problem.catalogue.by_id[name]) for name in names)


def priced(problem: Problem, objective: Objective) -> Problem:
    """`problem` under another objective, to which waivers cost nothing."""
    waivers = dict.fromkeys(problem.constraints.waivers, 0)
    return constrained(replace(problem, objective=objective), waivers=waivers)
