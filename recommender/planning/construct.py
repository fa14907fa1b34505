"""First plans, fast: supporters by h_add, the same with what is already chosen for free, and clean-up.

Hoffmann and Nebel's FF heuristic (JAIR 14, 2001) extracts a plan from the supporters of each fact; used on a
delete-free task, that plan is a real one. Reverse-delete then takes out, dearest first, what the rest can do
without.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from recommender.planning import propagate
from recommender.planning.task import IntArray, Task

Plan = list[int]
"""Course indices of a task, in a valid order."""


def supporter_plan(task: Task, cost: IntArray) -> Plan:
    """The courses behind every goal by h_add under `cost` (shape n), before any clean-up."""
    return _extract(task, propagate.h_add(task, cost), task.goals.tolist(), set())


def marginal_plan(task: Task, cost: IntArray) -> Plan:
    """Goal after goal, dearest first, each at its marginal cost: what is already chosen is free."""
    first = propagate.h_add(task, cost)
    chosen: set[int] = set()
    open_goals = sorted(task.goals.tolist(), key=lambda goal: (-int(first.value[goal]), goal))
    holds: set[int] = {0}
    for goal in open_goals:
        if goal in holds:
            continue
        support = propagate.h_add(task, cost, holds=np.array(sorted(holds), dtype=np.int64))
        chosen |= set(_extract(task, support, [goal], holds))
        _, holds = propagate.closure(task, sorted(chosen))
    return sorted(chosen)


def completed(task: Task, courses: Plan, cost: IntArray) -> Plan:
    """`courses` made into a plan: whatever of them can be taken is free, the rest is added by h_add."""
    order, holds = propagate.closure(task, courses)
    support = propagate.h_add(task, cost, holds=np.array(sorted(holds), dtype=np.int64))
    return sorted(set(order) | set(_extract(task, support, task.goals.tolist(), holds)))


def without_waste(task: Task, plan: Plan) -> Plan:
    """Reverse-delete: drop, dearest first, each course the others can do without; in a valid order."""
    wanted = set(task.goals.tolist())
    order, _ = propagate.closure(task, plan)
    for course in sorted(order, key=lambda one: (-int(task.cost[one]), -int(task.hours[one]), -one)):
        rest = [other for other in order if other != course]
        reordered, holds = propagate.closure(task, rest)
        if wanted <= holds:
            order = [other for other in rest if other in set(reordered)]
    return propagate.closure(task, order)[0]


def improved(task: Task, plan: Plan, *, go_on: Callable[[], bool]) -> Plan:
    """Local search: forbid one course of the plan at a time and complete the others; keep what is cheaper.

    `go_on` is asked before each attempt. Ends when no single exchange helps.
    """
    best, best_cost = plan, task.cost_of(plan)
    tried: set[int] = set()
    while True:
        candidates = [course for course in best if course not in tried]
        if not candidates or not go_on():
            return best
        course = max(candidates, key=lambda one: (int(task.cost[one]), -one))
        tried.add(course)
        cost = task.cost.copy()
        cost[course] = propagate.FAR
        attempt = completed(task, [other for other in best if other != course], cost)
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
    return all(goal in holds for goal in task.goals.tolist())


def _extract(task: Task, support: propagate.Support, goals: list[int], holds: set[int]) -> Plan:
    course_of = support.course
    pre = task.pre_lists
    chosen: set[int] = set()
    seen = set(holds)
    stack = list(goals)
    while stack:
        fact = stack.pop()
        if fact in seen:
            continue
        seen.add(fact)
        course = int(course_of[fact])
        if course >= 0 and course not in chosen:
            chosen.add(course)
            stack += pre[course]
    return sorted(chosen)
