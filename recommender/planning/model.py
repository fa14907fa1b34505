"""The 0/1 model of a task and its linear relaxation, on scipy's HiGHS; large models also on CP-SAT (`sat`).

A variable x per course (taken or not) and y per fact (made true or not):

    minimise cost . x
    y_fact   <= sum of x over the courses that add the fact
    x_course <= y_fact                   for each prerequisite
    y_goal    = 1
    sum of x over a landmark of a fact, and of y over its gates  >= y_fact    (of the goals: >= 1)
    use . x <= most                      for each limit

The first two lines let courses supply each other in a circle; landmark rows, added where needed, forbid it
(Imai and Fukunaga, JAIR 54, 2015, use such rows beside the relaxation). Gates are facts that hold before
givers of the fact can be taken: with them rows say of a fact what its givers have in common. Costs are
divided by their greatest common divisor; answers come back as floats and are only ever used after rounding
and executing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import scipy  # its parts are loaded at their first use

from recommender.planning import halves, highs, sat
from recommender.planning.highs import Outcome
from recommender.planning.program import Program, Rows
from recommender.planning.task import TRUE, BoolArray, FloatArray, IntArray, Limit, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """Every plan that makes `fact` true takes one of the courses or makes one of the facts `gates` true; fact
    None: every plan."""

    fact: int | None
    courses: IntArray
    gates: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """Answer of the linear relaxation: `x` per course, `y` per fact, reduced cost per course.

    `objective` and `reduced` are costs divided by `unit`.
    """

    outcome: Outcome
    objective: float
    x: FloatArray
    y: FloatArray
    reduced: FloatArray
    unit: int = 1


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
        self._linear: highs.Linear | None = None
        self._of_landmarks: list[Rows] = []
        self._stated = 0  # how many landmarks those are of
        self._told = 0  # how many of them the linear program has
        self._halves: list[Rows] = []

    def relax(
        self,
        *,
        seconds: float,
        below: float = math.inf,
        taken: Sequence[int] = (),
        left_out: Sequence[int] = (),
    ) -> Relaxed:
        """Solve the linear relaxation, with some courses surely `taken` and others `left_out`.

        It is infeasible, too, where no plan costs less than `below`.
        """
        size = self.task.size
        low, high = self._bounds()
        low[list(taken)] = 1.0
        high[list(left_out)] = 0.0
        answer = self._kept(low, high).run(seconds=seconds, most=self.most(below))
        return Relaxed(
            outcome=answer.outcome,
            objective=answer.objective,
            x=answer.values[:size],
            y=answer.values[size:],
            reduced=answer.reduced[:size],
            unit=self.unit,
        )

    def most(self, below: float) -> float:
        """The objective that the relaxation of a plan cheaper than `below` has at most."""
        most = (below - 1) // self.unit
        return most + allowance(most) if math.isfinite(below) else math.inf

    def _kept(self, low: FloatArray, high: FloatArray) -> highs.Linear:
        """The linear program as it was left, with the landmarks found since then."""
        if self._linear is None:
            self._linear = highs.Linear(self._program(low, high))
        else:
            for new in self._stated_landmarks()[self._told :]:
                self._linear.add(new)
            self._linear.within(low, high)
        self._told = len(self._of_landmarks)
        return self._linear

    def _stated_landmarks(self) -> list[Rows]:
        """The rows of all landmarks, those found since the last call at the end."""
        if new := self.landmarks[self._stated :]:
            self._of_landmarks.append(landmark_rows(new, size=self.task.size))
            self._stated = len(self.landmarks)
        return self._of_landmarks

    def halve(self, answer: Relaxed) -> bool:
        """Cut `answer`, the last one of the relaxation, off from the whole ones; returns whether that can be.

        The rows hold from then on in the relaxation.
        """
        known = Rows.joined([self._structure, *self._stated_landmarks(), *self._halves])
        found = halves.cuts(known, np.concatenate([answer.x, answer.y]))
        if found is None or self._linear is None:
            return False
        self._halves.append(found)
        self._linear.add(found)
        return True

    def choose(self, *, seconds: float) -> Chosen:
        """Solve the 0/1 model over the allowed courses."""
        size = self.task.size
        answer = highs.choose(self._program(*self._bounds()), whole=size, seconds=seconds)
        courses = np.flatnonzero(answer.values[:size] > 0.5).tolist() if len(answer.values) else None
        return Chosen(outcome=answer.outcome, courses=courses, bound=answer.bound)

    def search(
        self,
        *,
        below: float,
        seconds: float,
        effort: float,
        see: Callable[[list[int]], object],
    ) -> Chosen:
        """The same by CP-SAT, for answers that cost less than `below`; `see` is shown every improvement."""
        task = self.task
        program = self._program(*self._bounds())
        if np.isfinite(below):
            row = scipy.sparse.csr_array(program.cost.astype(np.float64).reshape(1, -1))
            matrix = scipy.sparse.csr_array(scipy.sparse.vstack([program.matrix, row], format="csr"))
            limits = np.append(program.limits, (below - 1) // self.unit)
            program = replace(program, matrix=matrix, limits=limits)
        answer = sat.minimise(
            program,
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

    def _program(self, low: FloatArray, high: FloatArray) -> Program:
        cost = np.concatenate([self.task.cost // self.unit, np.zeros(self.task.facts, dtype=np.int64)])
        rows = Rows.joined([self._base, *self._stated_landmarks()])
        return Program(cost=cost, matrix=rows.matrix(len(cost)), limits=rows.limits, low=low, high=high)

    def _bounds(self) -> tuple[FloatArray, FloatArray]:
        low = np.zeros(self.task.size + self.task.facts)
        low[self.task.size + self.task.goals] = 1.0
        high = np.concatenate([self.allowed.astype(np.float64), np.ones(self.task.facts)])
        return low, high

    @cached_property
    def _structure(self) -> Rows:
        """Supply and prerequisites."""
        return structure(self.task)

    @cached_property
    def _base(self) -> Rows:
        """The rows that do not change."""
        return Rows.joined([self._structure, *map(_limited, self.task.limits)])


def allowance(objective: float) -> float:
    """How far a solver's `objective` may lie on the wrong side of an integer."""
    return 1e-4 + 1e-8 * abs(objective)


def unit(task: Task) -> int:
    """The greatest number of which the cost of every plan is a multiple."""
    return max(1, int(np.gcd.reduce(task.cost))) if task.size else 1


def structure(task: Task) -> Rows:
    """Supply of each fact that some course gives, then prerequisites, in the order of the task's rows."""
    return Rows.joined([_supply(task), _prerequisites(task)])


def landmark_rows(landmarks: Sequence[Landmark], *, size: int) -> Rows:
    """A row for each landmark of a task with `size` courses."""
    parts: list[IntArray] = []
    for one in landmarks:
        fact = [] if one.fact is None else [size + one.fact]
        parts += [one.courses, size + one.gates, np.array(fact, dtype=np.int64)]
    of_parts = np.array([len(part) for part in parts], dtype=np.int64).reshape(-1, 3)
    lengths, has_fact = of_parts.sum(axis=1), of_parts[:, 2] == 1
    values = np.full(int(lengths.sum()), -1.0)
    values[np.cumsum(lengths)[has_fact] - 1] = 1.0
    return Rows(lengths, np.concatenate(parts), values, np.where(has_fact, 0.0, -1.0))


def _limited(limit: Limit) -> Rows:
    used = np.flatnonzero(limit.use)
    lengths, most = np.array([len(used)], dtype=np.int64), np.array([float(limit.most)])
    return Rows(lengths, used, limit.use[used].astype(np.float64), most)


def _supply(task: Task) -> Rows:
    facts, rows = task.suppliers
    lengths = rows.lengths + 1
    values = np.full(int(lengths.sum()), -1.0)
    values[np.cumsum(lengths) - lengths] = 1.0
    return Rows(lengths, np.insert(rows.item, rows.start, task.size + facts), values, np.zeros(len(facts)))


def _prerequisites(task: Task) -> Rows:
    needs = task.pre.item != TRUE
    count = int(needs.sum())
    columns = np.column_stack([task.pre.owner[needs], task.size + task.pre.item[needs]]).ravel()
    return Rows(np.full(count, 2), columns, np.tile([1.0, -1.0], count), np.zeros(count))
