"""What can be reached, and how dear it looks.

`h_max` and `h_add` are the estimates of Bonet and Geffner, "Planning as heuristic search" (Artificial
Intelligence 129, 2001): a course costs its own cost plus the maximum (sum) over its prerequisites, a fact the
minimum over the courses that add it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.planning import backend
from recommender.planning.task import TRUE, BoolArray, IntArray, Task

FAR = np.int64(2**52)
"""Value of what cannot be reached; sums are cut off here so that they never overflow."""


def reached(task: Task, *, allowed: BoolArray | None = None) -> BoolArray:
    """Facts (shape `facts`) that courses (all, or those `allowed`) make true in some order."""
    if allowed is None:
        allowed = np.ones(task.size, dtype=np.bool_)
    holds: BoolArray = backend.loops().reached(task.lists, allowed)
    return holds


def closure(task: Task, courses: list[int]) -> tuple[list[int], BoolArray]:
    """The subset of `courses` that can be taken, in a valid order, and the facts that hold afterwards."""
    holds = np.zeros(task.facts, dtype=np.bool_)
    holds[TRUE] = True
    plan = np.array(sorted(courses), dtype=np.int64)
    order = backend.loops().closure(task.lists, plan, holds)
    return order.tolist(), holds


def h_max(task: Task, cost: IntArray) -> IntArray:
    """h_max of every fact under `cost`."""
    found: IntArray = backend.loops().h_max(task.lists, cost)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """h_add of every fact, and for each the course that gives it (-1: none)."""

    value: IntArray
    course: IntArray


def h_add(task: Task, cost: IntArray, *, holds: BoolArray | None = None) -> Support:
    """h_add of every fact when the facts `holds` are true already."""
    if holds is None:
        holds = np.zeros(task.facts, dtype=np.bool_)
        holds[TRUE] = True
    value, course = backend.loops().h_add(task.lists, cost, holds)
    return Support(value=value, course=course)


def detours(task: Task, rest: IntArray) -> IntArray:
    """Per course, what a plan without waste pays in `rest` (shape n, none negative) for others because of it.

    Such a plan takes, before the course, whatever its prerequisites ask for: their h_max. And it needs
    the course: for a goal, or for a later course that is needed itself, and so on; the cheapest chain of
    courses up to a goal. The ones before and those after are never the same, so both are paid.

    Where a course may be taken for what it gives to a limit, nothing need come after it.
    """
    before = np.maximum.reduceat(h_max(task, rest)[task.pre.item], task.pre.start)
    if any((limit.use < 0).any() for limit in task.limits):
        return before
    found: IntArray = np.minimum(before, FAR) + backend.loops().until_goal(task.lists, task.goals, rest)
    return found
