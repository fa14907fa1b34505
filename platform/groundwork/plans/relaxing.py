"""What to give way on when wishes leave no plan: the smallest changes after which there is one.

The engine tries each limit, wish and requirement; here its answers are kept by the content of the problem,
and put in the order in which they cost a person least.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from groundwork.plans import distances
from groundwork.plans.clock import countdown
from recommender import domain
from recommender.planning import relaxing, what_if
from recommender.planning.levers import Change, Kind
from recommender.planning.relaxing import Relaxation

SECONDS = 2.0
"""How long ways out are looked for inside a request; what was found by then is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """Changes that together leave a plan, and its hours, price (whole CNY) and number of courses."""

    changes: tuple[Change, ...]
    hours: int
    price: int
    courses: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysOut:
    """Ways out, those that keep the goal first, of these the least effort first.

    `complete`: all single changes that help are there, or where none does all pairs, and each is the
    smallest of its kind; otherwise time was too short."""

    found: tuple[WayOut, ...]
    complete: bool


def ways_out(problem: domain.Problem, *, seconds: float = SECONDS) -> WaysOut:
    """The ways out of a `problem` without a plan; none where there is one."""
    key = f"ways-out:{distances.digest(problem)}"
    known: WaysOut | None = cache.get(key)
    if known is not None:
        return known
    answer = relaxing.relaxations(problem, stop=countdown(seconds))
    ordered = sorted(answer.found, key=_by_what_it_costs)
    found = WaysOut(found=tuple(_way_out(one) for one in ordered), complete=answer.complete)
    cache.set(key, found, distances.KEPT_SECONDS if found.complete else distances.UNPROVEN_SECONDS)
    return found


def _by_what_it_costs(one: Relaxation) -> tuple[int, int, int]:
    """A lower goal always takes less effort, so it is no measure of a goal given up."""
    given_up = [change for change in one.changes if change.kind is Kind.REQUIREMENT]
    levels = sum((change.before or 0) - (change.after or 0) for change in given_up)
    return levels, len(one.changes), one.solution.cost or 0


def _way_out(one: Relaxation) -> WayOut:
    courses = what_if.courses(one.solution)
    figures = what_if.figures(one.problem, courses)
    return WayOut(changes=one.changes, hours=figures.hours, price=figures.price, courses=len(courses))
