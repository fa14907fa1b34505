"""A lower bound without a solver: LM-cut with integer cost shares.

Helmert and Domshlak, "Landmarks, critical paths and abstractions" (ICAPS 2009). Each round finds a set of
courses of which every plan takes at least one (a landmark), charges its cheapest remaining cost and takes
that share off the cost of each of its courses. The shares add up to a bound on the cost of every plan, and
each landmark is a row for the exact model. Integers all along.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from recommender.planning import backend
from recommender.planning.task import IntArray, Rows, Task

AT_A_TIME = 64
"""Landmarks found between two looks at the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkBound:
    """The bound; the landmarks that carry it (rows of course indices, ascending) and the share each charges;
    and what no landmark has charged of each course's cost (shape n)."""

    value: int
    landmarks: Rows
    shares: IntArray
    left: IntArray


def nothing(task: Task) -> LandmarkBound:
    """The bound 0, which needs no landmarks."""
    empty = np.zeros(0, dtype=np.int64)
    return LandmarkBound(value=0, landmarks=Rows.of(empty, empty), shares=empty, left=task.cost)


def lm_cut(
    task: Task,
    cost: IntArray,
    *,
    go_on: Callable[[], bool],
    goals: IntArray | None = None,
) -> LandmarkBound:
    """LM-cut under `cost` (shape n) for the facts `goals`, by default those of the task.

    `go_on` is asked every `AT_A_TIME` landmarks; stopping early is still sound.
    """
    goals = task.goals if goals is None else goals
    left = cost.copy()
    nobody = np.zeros(0, dtype=np.int64)
    lengths, courses, shares = [nobody], [nobody], [nobody]
    while go_on():
        at, found, charged = backend.loops().lm_cut(task.lists, left, goals, AT_A_TIME)
        lengths.append(np.diff(at))
        courses.append(found)
        shares.append(charged)
        if len(charged) < AT_A_TIME:
            break
    charges = np.concatenate(shares)
    return LandmarkBound(
        value=int(charges.sum()),
        landmarks=Rows.of(np.concatenate(lengths), np.concatenate(courses)),
        shares=charges,
        left=left,
    )


def crux(task: Task, value: IntArray) -> IntArray:
    """Per course the prerequisite with the highest `value`; of equals, the first."""
    found: IntArray = backend.loops().crux(task.lists, value)
    return found
