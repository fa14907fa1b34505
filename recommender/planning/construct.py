"""First plans, fast: supporters by h_add, the same with what is already chosen for free, and clean-up.

Hoffmann and Nebel's FF heuristic (JAIR 14, 2001) extracts a plan from the supporters of each fact; used on a
delete-free task, that plan is a real one. Reverse-delete then takes out, dearest first, what the rest can do
without.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recommender.planning import backend, propagate
from recommender.planning.task import BoolArray, IntArray, Task

Plan = list[int]
"""Course indices of a task, in a valid order."""


def supporter_plan(task: Task, cost: IntArray) -> Plan:
    """The courses behind every goal by h_add under `cost` (shape n), before any clean-up."""
    chosen = np.zeros(task.size, dtype=np.bool_)
    _extract(task, propagate.h_add(task, cost), task.goals, _nothing(task), chosen)
    return np.flatnonzero(chosen).tolist()


def marginal_plan(task: Task, cost: IntArray) -> Plan:
    """Goal after goal, dearest first, each at its marginal cost: what is already chosen is free."""
    first = propagate.h_add(task, cost)
    chosen = np.zeros(task.size, dtype=np.bool_)
    holds = _nothing(task)
    for goal in sorted(task.goals.tolist(), key=lambda goal: (-int(first.value[goal]), goal)):
        if holds[goal]:
            continue
        support = propagate.h_add(task, cost, holds=holds)
        _extract(task, support, np.array([goal], dtype=np.int64), holds, chosen)
        _, holds = propagate.closure(task, np.flatnonzero(chosen).tolist())
    return np.flatnonzero(chosen).tolist()


def completed(task: Task, courses: Plan, cost: IntArray) -> Plan:
    """`courses` made into a plan: whatever of them can be taken is free, the rest is added by h_add."""
    chosen = backend.loops().completed(task.lists, task.goals, np.array(courses, dtype=np.int64), cost)
    found: Plan = chosen.tolist()
    return found


def without_waste(task: Task, plan: Plan) -> Plan:
    """Reverse-delete: drop, dearest first, each course the others can do without; in a valid order."""
    array = np.array(plan, dtype=np.int64)
    kept: Plan = backend.loops().without_waste(task.lists, task.cost, task.goals, array).tolist()
    return kept


def improved(task: Task, plan: Plan, *, go_on: Callable[[], bool]) -> Plan:
    """Local search: forbid one course of the plan at a time and complete the others; keep what is cheaper.

    `go_on` is asked before each attempt. Ends when no single exchange helps.
    """
    best, best_cost = plan, task.cost_of(plan)
    tried: set[int] = set()
    cost = task.cost.copy()
    while True:
        candidates = [course for course in best if course not in tried]
        if not candidates or not go_on():
            return best
        course = max(candidates, key=lambda one: (int(task.cost[one]), -one))
        tried.add(course)
        cost[course] = propagate.FAR
        attempt = completed(task, [other for other in best if other != course], cost)
        cost[course] = task.cost[course]
        if course in attempt or not reaches_goals(task, attempt):
            continue
        attempt = without_waste(task, attempt)
        attempt_cost = task.cost_of(attempt)
        if attempt_cost < best_cost and task.fits(attempt):
            best, best_cost = attempt, attempt_cost
            tried.clear()


def reaches_goals(task: Task, plan: Plan) -> bool:
    """Whether the courses of `plan`, taken in some order, meet every goal."""
    _, holds = propagate.closure(task, plan)
    return bool(holds[task.goals].all())


def _extract(
    task: Task, support: propagate.Support, goals: IntArray, holds: BoolArray, chosen: BoolArray
) -> None:
    backend.loops().extract(task.lists, support.course, goals, holds, chosen)


def _nothing(task: Task) -> BoolArray:
    holds = np.zeros(task.facts, dtype=np.bool_)
    holds[0] = True
    return holds
