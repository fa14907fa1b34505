"""Plans: see `loops.completing`."""

from __future__ import annotations

import numpy as np

from recommender.planning.arrays.estimating import h_add
from recommender.planning.task import TRUE, BoolArray, IntArray, Lists


def extract(lists: Lists, giver: IntArray, goals: IntArray, holds: BoolArray, chosen: BoolArray) -> None:
    """See `loops.extract`."""
    seen = holds.copy()
    waiting = goals.tolist()
    while waiting:
        fact = waiting.pop()
        if seen[fact]:
            continue
        seen[fact] = True
        course = int(giver[fact])
        if course >= 0 and not chosen[course]:
            chosen[course] = True
            waiting += lists.pre[lists.pre_at[course] : lists.pre_at[course + 1]].tolist()


def closure(lists: Lists, plan: IntArray, holds: BoolArray) -> IntArray:
    """See `loops.closure`."""
    waiting = plan.tolist()
    order: list[int] = []
    while True:
        later = []
        for course in waiting:
            if holds[lists.pre[lists.pre_at[course] : lists.pre_at[course + 1]]].all():
                order.append(course)
                holds[lists.add[lists.add_at[course] : lists.add_at[course + 1]]] = True
            else:
                later.append(course)
        if len(later) == len(waiting):
            return np.array(order, dtype=np.int64)
        waiting = later


def without_waste(lists: Lists, cost: IntArray, goals: IntArray, plan: IntArray) -> IntArray:
    """See `loops.without_waste`."""
    kept = np.sort(closure(lists, np.sort(plan), _beginning(lists)))
    for course in sorted(kept.tolist(), key=lambda one: (-int(cost[one]), -one)):
        holds = _beginning(lists)
        rest = closure(lists, kept[kept != course], holds)
        if holds[goals].all():
            kept = np.sort(rest)
    return closure(lists, kept, _beginning(lists))


def completed(lists: Lists, goals: IntArray, courses: IntArray, cost: IntArray) -> IntArray:
    """See `loops.completed`."""
    holds = _beginning(lists)
    order = closure(lists, np.sort(courses), holds)
    chosen = np.zeros(len(cost), dtype=np.bool_)
    extract(lists, h_add(lists, cost, holds)[1], goals, holds, chosen)
    chosen[order] = True
    return np.flatnonzero(chosen)


def _beginning(lists: Lists) -> BoolArray:
    holds = np.zeros(len(lists.need_at) - 1, dtype=np.bool_)
    holds[TRUE] = True
    return holds
