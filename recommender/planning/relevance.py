"""Leave out what no cheapest plan needs: unreachable, irrelevant, duplicate and dominated courses.

Course b dominates course a when b needs nothing that does not hold anyway whenever a can be taken, gives all
that a gives, and is no dearer, in cost and in every limited resource. Then b can stand in for a at a's place
in any plan, so a can go; of two that dominate each other the later one goes. A course that must be taken
adds a fact of its own, so nothing dominates it. Nor does anything stand in for a course that gives something
to a limit (practice, where a share of it is asked for): a plan may need both. What holds whenever a course
can be taken is the greatest solution of the equations of Keyder, Richter and Helmert, "Sound and complete
landmarks for And/Or graphs" (ECAI 2010).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from recommender.planning import backend, propagate
from recommender.planning.task import NOBODY, BoolArray, IntArray, Rows, Task, numbered


@dataclass(frozen=True, kw_only=True)
class Reduced:
    """A smaller task, and for each course of the larger one the course that stands for it (-1: none needed).

    None for the task: a goal cannot be reached.
    """

    task: Task
    stands_for: IntArray
    is_possible: bool = True

    def lifted(self, courses: Rows, *, allowed: BoolArray) -> Rows:
        """For each row of courses of the smaller task those `allowed` of the larger one that they stand for,
        ascending; rows may be empty.
        """
        of = self._represented
        at, item = backend.loops().lifted(courses.at, courses.item, of.at, of.item, allowed)
        return Rows(at=at, item=item)

    @cached_property
    def _represented(self) -> Rows:
        """For each course of the smaller task those of the larger one that it stands for, ascending."""
        stood_for = np.flatnonzero(self.stands_for != NOBODY)
        by_place = Rows.of(np.ones(len(stood_for), dtype=np.int64), self.stands_for[stood_for])
        found = by_place.inverted(self.task.size)
        return Rows(at=found.at, item=stood_for[found.item])

    def standing_for(self, courses: IntArray) -> IntArray:
        """Courses of the smaller task that stand for `courses` of the larger one: a plan for a plan."""
        found = np.unique(self.stands_for[courses])
        standing: IntArray = found[found != NOBODY]
        return standing


def reduced(task: Task, *, allowed: BoolArray | None = None) -> Reduced:
    """A task with the same cheapest cost, usually far smaller: some cheapest plan of `task` is among its
    plans. With `allowed`, of the task with only those courses."""
    everything = np.arange(task.size)
    if allowed is not None:
        holds = propagate.reached(task, allowed=allowed)
        if not holds[task.goals].all():
            nothing = np.zeros(task.size, dtype=np.bool_)
            return Reduced(
                task=task.restricted(courses=nothing),
                stands_for=np.full(task.size, NOBODY),
                is_possible=False,
            )
        can = allowed & np.logical_and.reduceat(holds[task.pre.item], task.pre.start)
        task, stands_for = _only(task, everything, courses=can, facts=holds)
        task, stands_for = _relevant(task, stands_for)
    else:
        stands_for = everything
    if not task.size:
        return Reduced(task=task, stands_for=stands_for)
    task, before, stands_for = _first_givers(task, task.always_before, stands_for)
    stand_in = backend.loops().dominators(task.lists, before, _resources(task))
    stand_in[_givers(task)] = NOBODY
    task, stands_for = _without_dominated(task, stand_in, stands_for)
    task, stands_for = _relevant(task, stands_for)
    return Reduced(task=task, stands_for=stands_for)


def _relevant(task: Task, stands_for: IntArray) -> tuple[Task, IntArray]:
    """Courses and facts from which a goal can be reached."""
    useful, wanted = backend.loops().leading(task.lists, task.goals, np.flatnonzero(_givers(task)))
    return _only(task, stands_for, courses=useful, facts=wanted)


def _only(task: Task, stands_for: IntArray, *, courses: BoolArray, facts: BoolArray) -> tuple[Task, IntArray]:
    if courses.all() and facts.all():
        return task, stands_for
    number = np.append(numbered(courses), NOBODY)
    return task.restricted(courses=courses, facts=facts), number[stands_for]


def _first_givers(task: Task, before: IntArray, stands_for: IntArray) -> tuple[Task, IntArray, IntArray]:
    """Drop from each course what surely holds before it: it can never be the first to give that."""
    at, item = backend.loops().without(task.add.at, task.add.item, before, _givers(task))
    if len(item) == len(task.add.item):
        return task, before, stands_for
    trimmed = replace(task, add=Rows(at=at, item=item))
    kept = trimmed.add.lengths > 0
    if kept.all():
        return trimmed, before, stands_for
    number = np.append(numbered(kept), NOBODY)
    return trimmed.restricted(courses=kept), before[kept], number[stands_for]


def _without_dominated(task: Task, stand_in: IntArray, stands_for: IntArray) -> tuple[Task, IntArray]:
    kept = stand_in < 0
    if kept.all():
        return task, stands_for
    # One that stands in for another may itself have a stand-in.
    last = np.where(kept, np.arange(task.size), stand_in)
    while (last[last] != last).any():
        last = last[last]
    final = np.append(numbered(kept)[last], NOBODY)
    return task.restricted(courses=kept), final[stands_for]


def _givers(task: Task) -> BoolArray:
    """Mask of the courses that give something to a limit."""
    gives = np.zeros(task.size, dtype=np.bool_)
    for limit in task.limits:
        gives |= limit.use < 0
    return gives


def _resources(task: Task) -> IntArray:
    """What a course uses up, a row per resource: its cost and each limited one."""
    return np.vstack([task.cost, *(limit.use for limit in task.limits)])
