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

from recommender.planning import propagate
from recommender.planning.task import TRUE, BoolArray, IntArray, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class LandmarkBound:
    """The bound and the landmarks (course indices, ascending) that carry it."""

    value: int
    landmarks: tuple[IntArray, ...]


def lm_cut(
    task: Task, cost: IntArray, *, go_on: Callable[[], bool], goals: IntArray | None = None
) -> LandmarkBound:
    """LM-cut under `cost` (shape n) for the facts `goals`, by default those of the task.

    `go_on` is asked before each landmark; stopping early is still sound.
    """
    goals = task.goals if goals is None else goals
    left = cost.copy()
    bound = 0
    landmarks: list[IntArray] = []
    value = propagate.h_max(task, left)
    while go_on():
        goal = int(goals[np.argmax(value[goals])])
        if value[goal] == 0:
            break
        cut = _cut(task, left, crux(task, value), goal)
        share = int(left[cut].min())
        left[cut] -= share
        bound += share
        landmarks.append(cut)
        value = propagate.h_max(task, left, start=value)
    return LandmarkBound(value=bound, landmarks=tuple(landmarks))


def crux(task: Task, value: IntArray) -> IntArray:
    """Per course the prerequisite with the highest `value`; of equals, the first."""
    need = np.maximum.reduceat(value[task.pre.item], task.pre.start)
    place = np.where(
        value[task.pre.item] == need[task.pre.owner], np.arange(len(task.pre.item)), len(task.pre.item)
    )
    first: IntArray = task.pre.item[np.minimum.reduceat(place, task.pre.start)]
    return first


def _cut(task: Task, left: IntArray, crux_of: IntArray, goal: int) -> IntArray:
    """Courses that lead from the facts before into the zone from which the goal costs nothing more."""
    add = task.add
    zone: BoolArray = np.zeros(task.facts, dtype=np.bool_)
    zone[goal] = True
    free = np.flatnonzero(left == 0)
    enters = np.logical_or.reduceat(zone[add.item], add.start)
    while True:
        before = int(zone.sum())
        zone[crux_of[free[enters[free]]]] = True
        if int(zone.sum()) == before:
            break
        enters = np.logical_or.reduceat(zone[add.item], add.start)
    ahead: BoolArray = np.zeros(task.facts, dtype=np.bool_)
    ahead[TRUE] = True
    outside = ~zone[add.item]
    while True:
        before = int(ahead.sum())
        ahead[add.item[ahead[crux_of][add.owner] & outside]] = True
        if int(ahead.sum()) == before:
            break
    cut: IntArray = np.flatnonzero(ahead[crux_of] & enters)
    return cut
