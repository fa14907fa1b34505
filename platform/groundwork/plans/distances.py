"""How far goals are, in hours: a proven lower bound for each at once, the exact figure where it is asked for.

Both are kept in the cache by the content of the problem, the catalogue's included.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from django.core.cache import cache

from groundwork.plans import solutions
from groundwork.plans.clock import countdown
from recommender import domain, planning
from recommender.planning import Deadline, solving
from recommender.planning.stopwatch import StopWatch, Unlimited

SECONDS_PER_ROLE = 1.0
SECONDS_PER_BOUND = 30.0
"""A bound takes about 10 ms; only the first one ever may have to wait for loops to be compiled."""
OUT_OF_REACH = -1
HOURS = domain.Objective(hour=1, price=0)
UNLIMITED = Unlimited()

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far a goal is: status of the quick solve, hours and courses of its plan, price in whole CNY.

    `taken` are the ids of those courses in their order."""

    status: domain.Status
    hours: int
    price: int
    courses: int
    unreachable: tuple[str, ...]
    taken: tuple[str, ...] = ()

    @property
    def has_route(self) -> bool:
        """Whether a plan was found."""
        return self.status in (domain.Status.OPTIMAL, domain.Status.FEASIBLE)

    @property
    def is_proven(self) -> bool:
        """Whether the plan is proven to be the cheapest."""
        return self.status is domain.Status.OPTIMAL


def measure(problem: domain.Problem) -> Distance:
    """The cheapest plan's hours, price and length."""
    found = _recalled(problem)
    if found is None:
        found = _solved(problem)
        cache.set(_key(problem), found, solutions.kept_seconds(found.status))
    return found


def least_hours(problems: Sequence[domain.Problem]) -> list[int | None]:
    """For each problem the hours that no plan falls short of; None: no plan reaches the goal.

    LM-cut with hours for costs and nothing else: every plan, the cheapest one too, takes at least as many
    hours as the one with the fewest, so a bound on those is one on its hours. One that was cut short by the
    clock is as sound, but low, and is not kept.
    """
    keys = [f"least-hours:{solutions.digest(problem)}" for problem in problems]
    known = cache.get_many(keys)
    fresh, whole = {}, {}
    for key, problem in zip(keys, problems, strict=True):
        if key not in known:
            stop = countdown(SECONDS_PER_BOUND)
            fresh[key] = _bound(problem, stop=stop)
            if stop.remaining() > 0:
                whole[key] = fresh[key]
    if whole:
        cache.set_many(whole, solutions.KEPT_SECONDS)
    found = [int({**known, **fresh}[key]) for key in keys]
    return [None if one == OUT_OF_REACH else one for one in found]


def nearest(
    problems: Sequence[domain.Problem],
    *,
    least: Sequence[int | None],
    count: int,
    stop: StopWatch = UNLIMITED,
) -> dict[int, Distance]:
    """The places in `problems` that were measured: the `count` nearest surely, unless `stop` ran out.

    What is known already is taken even then.

    They are measured in the order of `least`. Once `count` plans are known that take no more hours than the
    next bound, none of the rest can be nearer: the threshold algorithm of Fagin, Lotem & Naor (2003).
    """
    order = sorted((bound, place) for place, bound in enumerate(least) if bound is not None)
    measured: dict[int, Distance] = {}
    for bound, place in order:
        hours = sorted(one.hours for one in measured.values() if one.has_route)
        if len(hours) >= count and (count == 0 or hours[count - 1] < bound):
            break
        known = _recalled(problems[place])
        if known is None and stop.remaining() <= 0:
            break
        measured[place] = known or measure(problems[place])
    return measured


def kept(key: str, *, of: Sequence[object], make: Callable[[], T]) -> T:
    """What `make` gives, kept for a day for this state `of` whatever it depends on."""
    full = f"{key}:{hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()}"
    found: T | None = cache.get(full)
    if found is None:
        found = make()
        cache.set(full, found, solutions.KEPT_SECONDS)
    return found


def _key(problem: domain.Problem) -> str:
    # The number changes with the fields: a cache may outlive a release.
    return f"distance-2:{solutions.digest(problem)}"


def _recalled(problem: domain.Problem) -> Distance | None:
    found: Distance | None = cache.get(_key(problem))
    return found


def _bound(problem: domain.Problem, *, stop: Deadline) -> int:
    found = solving.bounds(replace(problem, objective=HOURS), stop=stop)
    return OUT_OF_REACH if found is None else found.lower


def _solved(problem: domain.Problem) -> Distance:
    solution = solutions.known(problem) or planning.solve(problem, stop=countdown(SECONDS_PER_ROLE))
    courses = [problem.catalogue.by_id[step.course] for step in solution.steps]
    return Distance(
        status=solution.status,
        hours=sum(course.hours for course in courses),
        price=sum(course.price for course in courses),
        courses=len(courses),
        unreachable=solution.unreachable,
        taken=tuple(course.id for course in courses),
    )
