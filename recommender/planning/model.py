"""The 0/1 model of a task and its linear relaxation, on scipy's HiGHS; large models also on CP-SAT (`sat`).

A variable x per course (taken or not) and y per fact (made true or not):

    minimise cost . x
    y_fact   <= sum of x over the courses that add the fact
    x_course <= y_fact                   for each prerequisite
    y_goal    = 1
    sum of x over a landmark of a fact  >= y_fact    (of the goals: >= 1)
    use . x <= most                      for each limit

The first two lines let courses supply each other in a circle; landmark rows, added where needed, forbid it
(Imai and Fukunaga, JAIR 54, 2015, use such rows beside the relaxation). Costs are divided by their greatest
common divisor; answers come back as floats and are only ever used after rounding and executing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import scipy  # its parts are loaded at their first use

from recommender.planning import sat
from recommender.planning.task import TRUE, BoolArray, FloatArray, IntArray, Task

HIGHS = f"HiGHS of scipy {scipy.__version__}"

MAX_SECONDS = 1e7
"""Stands for "no time limit": the solver wants a finite number."""

SIMPLE = 2000
"""Courses up to which the linear relaxation is solved sooner as it is than simplified first."""


class Outcome(Enum):
    """How a run of the solver ended."""

    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """Courses of which every plan that makes `fact` true takes at least one; fact None: every plan."""

    fact: int | None
    courses: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """Answer of the linear relaxation: `x` per course, `y` per fact, reduced cost per course.

    `objective` and `reduced` are in units of the cost divided by `Model.unit`.
    """

    outcome: Outcome
    objective: float
    x: FloatArray
    y: FloatArray
    reduced: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Answer of the 0/1 model: the courses taken (None: no answer yet) and the bound on the objective."""

    outcome: Outcome
    courses: list[int] | None
    bound: float


class Model:
    """The model of one task; `allowed` courses can be narrowed and landmarks added between runs."""

    def __init__(self, task: Task, landmarks: list[Landmark]) -> None:
        self.task = task
        self.unit = unit(task)
        self.allowed: BoolArray = np.ones(task.size, dtype=np.bool_)
        self.landmarks = landmarks
        self._base, self._limits = _structure(task)

    def relax(self, *, seconds: float) -> Relaxed:
        """Solve the linear relaxation."""
        task = self.task
        matrix, limits = self._rows()
        # The stubs know dense matrices only; HiGHS takes sparse ones.
        linprog: Any = scipy.optimize.linprog
        answer: Any = linprog(
            self._objective(),
            A_ub=matrix,
            b_ub=limits,
            bounds=np.column_stack(self._bounds(self.allowed)),
            method="highs-ds",
            options={"time_limit": _clamped(seconds), "presolve": task.size > SIMPLE},
        )
        if answer.status != 0:
            nothing = np.zeros(0)
            outcome = Outcome.INFEASIBLE if answer.status == 2 else Outcome.STOPPED
            return Relaxed(outcome=outcome, objective=0.0, x=nothing, y=nothing, reduced=nothing)
        return Relaxed(
            outcome=Outcome.SOLVED,
            objective=float(answer.fun),
            x=answer.x[: task.size],
            y=answer.x[task.size :],
            reduced=answer.lower.marginals[: task.size],
        )

    def choose(self, *, seconds: float) -> Chosen:
        """Solve the 0/1 model over the allowed courses."""
        task = self.task
        matrix, limits = self._rows()
        answer: Any = scipy.optimize.milp(
            self._objective(),
            integrality=np.concatenate([np.ones(task.size), np.zeros(task.facts)]),
            bounds=scipy.optimize.Bounds(*self._bounds(self.allowed)),
            constraints=scipy.optimize.LinearConstraint(matrix, -np.inf, limits),
            options={"time_limit": _clamped(seconds), "mip_rel_gap": 0.0},
        )
        if answer.status == 2:
            return Chosen(outcome=Outcome.INFEASIBLE, courses=None, bound=np.inf)
        outcome = Outcome.SOLVED if answer.status == 0 else Outcome.STOPPED
        courses = None if answer.x is None else np.flatnonzero(answer.x[: task.size] > 0.5).tolist()
        bound = answer.mip_dual_bound
        return Chosen(outcome=outcome, courses=courses, bound=-np.inf if bound is None else float(bound))

    def search(
        self,
        *,
        below: float,
        seconds: float,
        effort: float,
        see: Callable[[list[int]], None],
        keep: Sequence[int] = (),
    ) -> Chosen:
        """The same by CP-SAT, for answers that take all of `keep` and cost less than `below`.

        `see` is shown every improvement.
        """
        task = self.task
        matrix, limits = self._rows()
        low, high = self._bounds(self.allowed)
        low[list(keep)] = high[list(keep)] = 1.0
        cost = np.concatenate([task.cost // self.unit, np.zeros(task.facts, dtype=np.int64)])
        if np.isfinite(below):
            row = scipy.sparse.csr_array(cost.astype(np.float64).reshape(1, -1))
            matrix = scipy.sparse.csr_array(scipy.sparse.vstack([matrix, row], format="csr"))
            limits = np.append(limits, (below - 1) // self.unit)
        answer = sat.minimise(
            sat.Program(cost=cost, matrix=matrix, limits=limits, low=low, high=high),
            seconds=seconds,
            effort=effort,
            see=lambda values: see(np.flatnonzero(values[: task.size]).tolist()),
        )
        if answer.values is None:
            outcome = Outcome.INFEASIBLE if answer.final else Outcome.STOPPED
            return Chosen(outcome=outcome, courses=None, bound=answer.bound)
        courses = np.flatnonzero(answer.values[: task.size]).tolist()
        outcome = Outcome.SOLVED if answer.final else Outcome.STOPPED
        return Chosen(outcome=outcome, courses=courses, bound=answer.bound)

    def _objective(self) -> FloatArray:
        return np.concatenate([self.task.cost // self.unit, np.zeros(self.task.facts)]).astype(np.float64)

    def _bounds(self, allowed: BoolArray) -> tuple[FloatArray, FloatArray]:
        low = np.zeros(self.task.size + self.task.facts)
        low[self.task.size + self.task.goals] = 1.0
        high = np.concatenate([allowed.astype(np.float64), np.ones(self.task.facts)])
        return low, high

    def _rows(self) -> tuple[scipy.sparse.csr_array, FloatArray]:
        """All rows as `matrix @ (x, y) <= limits`."""
        if not self.landmarks:
            return self._base, self._limits
        size, width = self.task.size, self.task.size + self.task.facts
        row = np.repeat(np.arange(len(self.landmarks)), [len(one.courses) for one in self.landmarks])
        column = np.concatenate([one.courses for one in self.landmarks])
        value = -np.ones(len(column))
        tied = [(at, size + one.fact) for at, one in enumerate(self.landmarks) if one.fact is not None]
        if tied:
            extra = np.array(tied, dtype=np.int64)
            row, column = np.concatenate([row, extra[:, 0]]), np.concatenate([column, extra[:, 1]])
            value = np.concatenate([value, np.ones(len(tied))])
        cuts = scipy.sparse.csr_array((value, (row, column)), shape=(len(self.landmarks), width))
        limits = np.array([-1.0 if one.fact is None else 0.0 for one in self.landmarks])
        return (
            scipy.sparse.csr_array(scipy.sparse.vstack([self._base, cuts], format="csr")),
            np.concatenate([self._limits, limits]),
        )


def unit(task: Task) -> int:
    """The greatest number of which the cost of every plan is a multiple."""
    return max(1, int(np.gcd.reduce(task.cost))) if task.size else 1


def _clamped(seconds: float) -> float:
    """Time may have run out just now; the solver takes positive, finite numbers only."""
    return min(max(seconds, 1e-3), MAX_SECONDS)


def _structure(task: Task) -> tuple[scipy.sparse.csr_array, FloatArray]:
    """The rows that do not change: supply, prerequisites and limits."""
    size, width = task.size, task.size + task.facts
    facts, rows = task.suppliers
    supply = scipy.sparse.csr_array(
        (
            np.concatenate([np.ones(len(facts)), -np.ones(len(rows.item))]),
            (
                np.concatenate([np.arange(len(facts)), rows.owner]),
                np.concatenate([size + facts, rows.item]),
            ),
        ),
        shape=(len(facts), width),
    )
    needs = task.pre.item != TRUE
    count = int(needs.sum())
    prerequisites = scipy.sparse.csr_array(
        (
            np.concatenate([np.ones(count), -np.ones(count)]),
            (
                np.tile(np.arange(count), 2),
                np.concatenate([task.pre.owner[needs], size + task.pre.item[needs]]),
            ),
        ),
        shape=(count, width),
    )
    blocks, limits = [supply, prerequisites], [np.zeros(len(facts) + count)]
    for limit in task.limits:
        padded = np.concatenate([limit.use, np.zeros(task.facts, dtype=np.int64)])
        blocks.append(scipy.sparse.csr_array(padded.astype(np.float64).reshape(1, -1)))
        limits.append(np.array([float(limit.most)]))
    return scipy.sparse.csr_array(scipy.sparse.vstack(blocks, format="csr")), np.concatenate(limits)
