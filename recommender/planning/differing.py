"""Several good plans that really differ: each leaves out a stated share of the courses of all before it.

How many courses a plan may keep of an earlier one is one more limit on what it uses, so each plan is one
search over the same task, with a limit for each plan before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.domain import Problem, Solution, Status
from recommender.planning import exact, offer, ordering, relevance, solving, stating, what_if
from recommender.planning.stating import OutOfReach, Stated
from recommender.planning.stopwatch import StopWatch
from recommender.planning.task import Limit

SHARE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A plan in its order and its cost. `differs` is the smallest share, in whole per cent, of an earlier
    plan's courses that it leaves out (100 for the first). Proven: no cheaper plan differs enough."""

    courses: tuple[str, ...]
    waived: tuple[str, ...]
    cost: int
    differs: int
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """Plans, the best first; `complete` unless time was too short for one that was asked for."""

    found: tuple[Variant, ...]
    complete: bool


def differing(problem: Problem, *, count: int, stop: StopWatch, share: int = SHARE) -> Variants:
    """Up to `count` plans, each the cheapest that leaves out at least `share` per cent of the courses of each
    plan before it, rounded up; fewer where there are no more.

    Raises MalformedInputError as `planning.solve` does.

    >>> from recommender.domain import Catalogue, Course, Profile, Role
    >>> from recommender.planning import Unlimited
    >>> offer = tuple(Course(id=name, hours=hours, price=0, requires={}, teaches={"sql": 2})
    ...               for name, hours in {"a": 5, "b": 7, "c": 9}.items())
    >>> problem = Problem(id="p", catalogue=Catalogue(offer, frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2}))
    >>> [(one.courses, one.cost) for one in differing(problem, count=2, stop=Unlimited()).found]
    [(('a',), 5), (('b',), 7)]
    """
    best = solving.solve(problem, stop=what_if.Turn(stop, turns=count))
    if best.cost is None:
        return Variants(found=(), complete=best.status is Status.INFEASIBLE)
    found, complete = [_first(best, best.cost)], best.status is Status.OPTIMAL
    stated = stating.state(problem)
    while len(found) < count and found[0].courses and not isinstance(stated, OutOfReach):
        answer = _next(problem, stated, found, share, what_if.Turn(stop, turns=count - len(found)))
        if answer.plan is None:
            return Variants(found=tuple(found), complete=complete and answer.impossible)
        found.append(_variant(problem, stated, answer, found))
        complete &= found[-1].is_proven
    return Variants(found=tuple(found), complete=complete)


def _first(solution: Solution, cost: int) -> Variant:
    return Variant(
        courses=what_if.courses(solution),
        waived=solution.waived,
        cost=cost,
        differs=100,
        is_proven=solution.status is Status.OPTIMAL,
    )


def _next(
    problem: Problem, stated: Stated, earlier: Sequence[Variant], share: int, stop: StopWatch
) -> exact.Found:
    """The cheapest plan that keeps few enough courses of each of `earlier`."""
    task, places = stated.task, offer.positions(problem.catalogue)
    limits = list(task.limits)
    for one in earlier:
        kept = np.isin(task.source, [places[course] for course in one.courses]).astype(np.int64)
        # At least one course is another, however small the share.
        most = min((100 - share) * len(one.courses) // 100, len(one.courses) - 1)
        limits.append(Limit(use=kept, most=most))
    search = exact.Search(relevance.reduced(replace(task, limits=tuple(limits))).task, stop)
    search.finish()
    return search.found()


def _variant(problem: Problem, stated: Stated, found: exact.Found, earlier: Sequence[Variant]) -> Variant:
    ids, plan = offer.ids(problem.catalogue), sorted(found.plan or ())
    chosen = [problem.catalogue.by_id[ids[one]] for one in plan if one < stated.courses]
    names = tuple(one.id for one in ordering.ordered(chosen, start=problem.profile.levels))
    return Variant(
        courses=names,
        waived=tuple(sorted(one.skill for one in stated.waived(plan))),
        cost=found.cost,
        differs=min(100 * len(set(one.courses) - set(names)) // len(one.courses) for one in earlier),
        is_proven=found.bound >= found.cost,
    )
