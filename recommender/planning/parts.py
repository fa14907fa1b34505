"""Parts of a task searched by themselves: the courses that cost least beyond the relaxation, and what goes
with some of the best plan.

Both are small tasks, decided in some hundredths of a second. What they find brings the upper bound of the
whole task close to its optimum, and the reduced costs then leave few courses.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recommender.planning import branching, relevance
from recommender.planning.task import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from recommender.planning.exact import Search

CHEAPEST = 150
"""Courses, by lowest reduced cost, of the part that is searched first."""
AROUND = 1000
"""Courses, by lowest reduced cost, that may go with what is kept of the best plan."""
TRIALS = 60
"""Parts of the best plan that are kept, one after the other."""
IDLE = 10
"""Trials in vain after which that ends."""
KEPT = 0.4, 0.8
"""Least and largest share of the best plan that a trial keeps."""
NODES = 30
"""Nodes of the tree in such a trial."""


def search_cheapest(search: Search) -> None:
    """Search the courses that cost least beyond the relaxation; that may move both bounds.

    A plan with any other course costs at least the relaxation and that course's reduced cost together.
    """
    if not _is_worthwhile(search) or (answer := search.current()) is None:
        return
    extra = _beyond(search, answer.reduced)
    among = _lowest(extra, CHEAPEST)
    outside = answer.objective + float(extra[~among].min(initial=math.inf))
    among[search.places()] = True
    if among.sum() >= search.model.allowed.sum():
        return  # no part
    smaller = relevance.reduced(search.task, allowed=among)
    lowest = min(search.best_cost, search.rounded_up(outside))
    if smaller.is_possible:
        inner = search.of_part(smaller.task)
        inner.best, inner.best_cost = search.best, search.best_cost
        inner.finish()
        search.best, search.best_cost = inner.best, inner.best_cost
        lowest = min(lowest, math.inf if inner.impossible else inner.bound)
    search.raise_bound(int(min(lowest, search.best_cost)))
    if search.is_open():
        search.fix(answer)


def search_around(search: Search) -> None:
    """Keep some of the best plan and search anew what goes with it, again and again.

    Where something is limited this does nothing: what is kept uses up an unknown part of the limit.
    """
    if search.task.limits or not _is_worthwhile(search) or (answer := search.current()) is None:
        return
    among = _lowest(_beyond(search, answer.reduced), AROUND)
    # A seed, so that the same search takes the same way.
    rng = np.random.default_rng(len(search.model.landmarks))
    idle = 0
    for _ in range(TRIALS):
        cost, places = search.best_cost, search.places()
        if idle == IDLE or not places or not search.is_open():
            break
        kept = int(rng.uniform(*KEPT) * len(places))
        _search_with(search, rng.choice(places, size=kept, replace=False), among=among)
        idle = 0 if search.best_cost < cost else idle + 1
    if search.is_open():
        search.fix(answer)


def _search_with(search: Search, kept: IntArray, *, among: BoolArray) -> None:
    """Look for a cheaper plan of courses `among` and those `kept`, which cost nothing meanwhile."""
    task, among = search.task, among.copy()
    cost = task.cost.copy()
    cost[kept] = 0
    among[search.places()] = True
    smaller = relevance.reduced(replace(task, cost=cost), allowed=among)
    if not smaller.is_possible:
        return
    inner = search.of_part(smaller.task)
    inner.best_cost = search.best_cost - task.cost_of(kept.tolist())
    inner.start()
    inner.start_solver()
    if inner.is_open():
        branching.branch(inner, nodes=NODES)
    if inner.best is not None:
        found = np.flatnonzero(np.isin(task.source, inner.best)).tolist()
        search.offer(sorted({*found, *kept.tolist()}))


def _is_worthwhile(search: Search) -> bool:
    return search.is_open() and int(search.model.allowed.sum()) > 2 * CHEAPEST


def _beyond(search: Search, reduced: FloatArray) -> FloatArray:
    """What each course costs beyond the relaxation; infinite for those left out already."""
    beyond: FloatArray = np.where(search.model.allowed, np.maximum(reduced, 0), math.inf)
    return beyond


def _lowest(extra: FloatArray, count: int) -> BoolArray:
    """Mask of the so many lowest; of equals, the first."""
    lowest: BoolArray = np.zeros(len(extra), dtype=np.bool_)
    lowest[np.argsort(extra, kind="stable")[:count]] = True
    return lowest & np.isfinite(extra)
