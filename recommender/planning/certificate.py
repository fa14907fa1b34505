"""The part of a proof that anybody can replay: landmarks with shares, in rounds (`domain.Certificate`).

Landmarks are found on a reduced task (by LM-cut, then as the relaxation prices them, `charging`) and lifted
back: a course that was left out for another one joins the landmarks of that one, and since it is no cheaper,
it can bear the same shares. What a round leaves of a course's cost, beyond its bound, a plan with that course
costs at least; the next round does without the courses that are too dear by that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.planning import relevance
from recommender.planning.bound import LandmarkBound
from recommender.planning.task import NOBODY, BoolArray, IntArray, Rows, Task

WORTHWHILE_SHRINKING = 0.95
"""Share of the courses that a round must have left at most for the next one to do without the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Landmarks: rows of course indices of the task, and what each charges its courses."""

    landmarks: Rows
    shares: IntArray


class Certifier:
    """A certificate as it grows: the `rounds`, and the `bound` they prove for a plan of the cost that was
    last named; `smaller` is the reduction of what is left of `task`.

    `task` must have every course that can be taken and leads to a goal. Only sources below `courses` are left
    out of later rounds; waivers and helpers stay.
    """

    def __init__(self, task: Task, *, courses: int) -> None:
        self.task = task
        self.smaller = relevance.reduced(task)
        self.rounds: list[Round] = []
        self.bound = 0
        self._always: BoolArray = task.source >= courses
        self._allowed: BoolArray = np.ones(task.size, dtype=np.bool_)
        self._least: IntArray = np.zeros(task.size, dtype=np.int64)

    def add(self, cut: LandmarkBound, *, cost: int = 0) -> None:
        """A round with the landmarks `cut` of the reduced task, unless it is not the first and says nothing
        new of a plan of that `cost`."""
        left = self.task.cost.copy()
        landmarks = self.smaller.lifted(cut.landmarks, allowed=self._allowed)
        np.subtract.at(left, landmarks.item, np.repeat(cut.shares, landmarks.lengths))
        least = np.maximum(self._least, cut.value + left)
        if self.rounds and cut.value <= self.bound and not self._are_fewer(self._below(cost, least)):
            return
        self.rounds.append(Round(landmarks=landmarks, shares=cut.shares))
        self.bound = max(self.bound, cut.value)
        self._least = least

    def left_by(self, cost: int) -> int:
        """About how many courses `narrow` leaves: those of the reduced task that it would."""
        return int(self._below(cost, self._least)[self._places()].sum())

    def narrow(self, *, cost: int) -> None:
        """Go on without the courses that are in no plan cheaper than `cost`, if they are worth it."""
        allowed = self._below(cost, self._least)
        if not self._are_fewer(allowed):
            return
        self._allowed = allowed
        self.smaller = relevance.reduced(self.task, allowed=allowed)
        if not self.smaller.is_possible:
            self.rounds.append(_without_way_out(cost))
            self.bound = cost

    @property
    def landmarks(self) -> Rows:
        """Those of the last round, as rows of courses of the reduced task."""
        last, places = self.rounds[-1].landmarks, self._places()
        number = np.full(self.task.size, NOBODY)
        number[places] = np.arange(len(places))
        return last.select(rows=np.ones(len(last.lengths), dtype=np.bool_), number=number)

    def _places(self) -> IntArray:
        """The courses of the reduced task, as indices of the task."""
        return np.searchsorted(self.task.source, self.smaller.task.source)

    def _below(self, cost: int, least: IntArray) -> BoolArray:
        """Courses that may be in a plan cheaper than `cost`."""
        return self._allowed & (self._always | (least < cost))

    def _are_fewer(self, allowed: BoolArray) -> bool:
        return bool(allowed.sum() < WORTHWHILE_SHRINKING * self._allowed.sum())


def _without_way_out(cost: int) -> Round:
    """That the courses left do not reach the goals: a landmark without courses."""
    empty = np.zeros(0, dtype=np.int64)
    return Round(landmarks=Rows.of(np.zeros(1, dtype=np.int64), empty), shares=np.array([cost]))
