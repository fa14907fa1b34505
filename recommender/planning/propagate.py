"""What can be reached, and how dear it looks: fixed points over all courses at once.

`h_max` and `h_add` are the estimates of Bonet and Geffner, "Planning as heuristic search" (Artificial
Intelligence 129, 2001): a course costs its own cost plus the maximum (sum) over its prerequisites, a fact the
minimum over the courses that add it. Both are computed as a Bellman-Ford iteration in numpy, one round per
layer of the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.planning.task import TRUE, BoolArray, IntArray, Task

FAR = np.int64(2**52)
"""Value of what cannot be reached; sums are cut off here so that they never overflow."""

NOBODY = np.int64(2**31)


def reached(task: Task, *, allowed: BoolArray | None = None) -> BoolArray:
    """Facts (shape `facts`) that courses (all, or those `allowed`) make true in some order."""
    holds = np.zeros(task.facts, dtype=np.bool_)
    holds[TRUE] = True
    if not task.size:
        return holds
    count = 1
    while True:
        can = np.logical_and.reduceat(holds[task.pre.item], task.pre.start)
        if allowed is not None:
            can &= allowed
        holds[task.add.item[can[task.add.owner]]] = True
        now = int(holds.sum())
        if now == count:
            return holds
        count = now


def closure(task: Task, courses: list[int], *, known: set[int] | None = None) -> tuple[list[int], set[int]]:
    """The subset of `courses` that can be taken, in a valid order, and the facts that hold afterwards.

    Plain sets: the quick way for plan-sized lists. `known` are facts that hold before.
    """
    holds = {TRUE} if known is None else set(known)
    waiting = sorted(courses)
    order: list[int] = []
    pre, add = task.pre_lists, task.add_lists
    while True:
        later = []
        for course in waiting:
            if all(fact in holds for fact in pre[course]):
                order.append(course)
                holds.update(add[course])
            else:
                later.append(course)
        if len(later) == len(waiting):
            return order, holds
        waiting = later


def h_max(task: Task, cost: IntArray, *, start: IntArray | None = None) -> IntArray:
    """h_max of every fact under `cost`; `start` may hold values known to be no smaller than the result."""
    value = _beginning(task) if start is None else start.copy()
    facts, rows = task.suppliers
    while True:
        total = np.maximum.reduceat(value[task.pre.item], task.pre.start) + cost
        best = np.minimum.reduceat(total[rows.item], rows.start)
        old = value[facts]
        if not (best < old).any():
            return value
        value[facts] = np.minimum(best, old)


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """h_add of every fact, and for each the course that gives it (-1: none)."""

    value: IntArray
    course: IntArray


def h_add(task: Task, cost: IntArray, *, holds: IntArray | None = None) -> Support:
    """h_add of every fact when the facts `holds` are true already.

    A supporter is recorded only when it makes a fact strictly cheaper: so following supporters backwards
    never runs in a circle, courses of cost zero included.
    """
    value = _beginning(task)
    if holds is not None:
        value[holds] = 0
    course = np.full(task.facts, -1, dtype=np.int64)
    facts, rows = task.suppliers
    while True:
        need = np.minimum(np.add.reduceat(value[task.pre.item], task.pre.start), FAR)
        total = np.minimum(need + cost, FAR)
        offered = total[rows.item]
        best = np.minimum.reduceat(offered, rows.start)
        better = best < value[facts]
        if not better.any():
            return Support(value=value, course=course)
        candidate = np.where(offered == best[rows.owner], rows.item, NOBODY)
        giver = np.minimum.reduceat(candidate, rows.start)
        value[facts[better]] = best[better]
        course[facts[better]] = giver[better]


def _beginning(task: Task) -> IntArray:
    value = np.full(task.facts, FAR, dtype=np.int64)
    value[TRUE] = 0
    return value
