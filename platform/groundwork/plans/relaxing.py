"""What to give way on when wishes leave no plan: the smallest changes after which there is one.

The engine tries each limit, wish and requirement; here its answers are kept by the content of the problem,
and put in the order in which they cost a person least.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from groundwork.plans import solutions
from groundwork.plans.clock import countdown
from recommender import domain
from recommender.planning import relaxing, what_if
from recommender.planning.levers import Change, Kind
from recommender.planning.relaxing import Relaxation

SECONDS = 2.0
"""How long ways out are looked for where somebody waits for nothing else."""
GLANCE = 0.1
"""How long they are looked for while a page waits to be shown."""


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
    smallest of its kind; otherwise the `seconds` given were too few."""

    found: tuple[WayOut, ...]
    complete: bool
    seconds: float = 0


def ways_out(problem: domain.Problem, *, seconds: float = SECONDS) -> WaysOut:
    """The ways out of a `problem` without a plan, found within `seconds`; none where there is one."""
    # The number changes with the fields: a cache may outlive a release.
    key = f"ways-out-2:{solutions.digest(problem)}"
    known: WaysOut | None = cache.get(key)
    if known is not None and (known.complete or known.seconds >= seconds):
        return known
    answer = relaxing.relaxations(problem, stop=countdown(seconds))
    ordered = sorted(answer.found, key=_by_what_it_costs)
    found = WaysOut(found=tuple(_way_out(one) for one in ordered), complete=answer.complete, seconds=seconds)
    cache.set(key, found, solutions.KEPT_SECONDS if found.complete else solutions.UNPROVEN_SECONDS)
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
