"""A plain mixed-integer program by scipy's HiGHS: a course needs a supplier of each prerequisite."""

from __future__ import annotations

import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from benchmarks.planner.grounding import Task
from benchmarks.planner.peers import cutting, running
from benchmarks.planner.peers.answer import IMPOSSIBLE, OUT_OF_TIME, Answer
from recommender.domain import Problem

Row = tuple[dict[int, float], float]
"""Coefficients by action, and what their sum must be at least."""
SOLVED, INFEASIBLE = 0, 2


def solve(problem: Problem, task: Task, seconds: float) -> Answer:
    """Solve, execute, add a landmark for a goal that is missed, solve again."""
    del problem
    end = time.monotonic() + seconds
    rows = _rows(task)
    costs = np.array([action.cost for action in task.actions], dtype=float)
    while (left := end - time.monotonic()) > 0:
        result = milp(
            c=costs,
            integrality=np.ones(len(costs), dtype=np.int8),
            bounds=Bounds(0, 1),
            constraints=_matrix(rows, columns=len(costs)),
            options={"time_limit": left, "mip_rel_gap": 0.0},
        )
        if result.status == INFEASIBLE:
            return IMPOSSIBLE
        if result.x is None:
            return OUT_OF_TIME
        chosen = set(np.flatnonzero(result.x > 0.5).tolist())
        landmark = cutting.missed_landmark(task, chosen)
        if landmark is None:
            courses = tuple(task.courses(running.run(task, chosen)[0]))
            return Answer(courses=courses, proven=result.status == SOLVED)
        rows.append((dict.fromkeys(landmark, 1.0), 1.0))
    return OUT_OF_TIME


def _rows(task: Task) -> list[Row]:
    suppliers = task.suppliers()
    rows: list[Row] = [(dict.fromkeys(suppliers[goal], 1.0), 1.0) for goal in task.goals]
    for number, action in enumerate(task.actions):
        for need in action.needs:
            row = dict.fromkeys(suppliers[need], 1.0)
            row.pop(number, None)
            rows.append((row | {number: -1.0}, 0.0))
    if task.max_price is not None:
        rows.append(({n: -float(a.price) for n, a in enumerate(task.actions)}, -float(task.max_price)))
    if task.max_hours is not None:
        rows.append(({n: -float(a.hours) for n, a in enumerate(task.actions)}, -float(task.max_hours)))
    return rows


def _matrix(rows: list[Row], *, columns: int) -> LinearConstraint:
    starts = np.cumsum([0, *(len(row) for row, _ in rows)])
    places = np.array([place for row, _ in rows for place in row], dtype=np.int32)
    values = np.array([value for row, _ in rows for value in row.values()])
    table = csr_array((values, places, starts.astype(np.int32)), shape=(len(rows), columns))
    return LinearConstraint(table, lb=np.array([least for _, least in rows]), ub=np.inf)
