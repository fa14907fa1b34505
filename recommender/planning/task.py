"""A planning problem as integers: courses and facts are indices, levels are spelled out as facts.

A fact is "the learner stands at level l or above in skill s"; a course that teaches level 3 adds the facts of
levels 1, 2 and 3 that something asks for. Facts that hold at the start are left out, and fact 0 (`TRUE`)
always holds. Nothing is ever unlearned, so the cheapest plan is the delete-relaxation optimum h+ of classical
planning.

Beside the courses there are helpers without effort: an alternative of an either/or prerequisite, a
requirement met, a requirement waived at its penalty.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recommender.planning import backend

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

NOBODY = -1
"""In place of a course's number: there is none."""
TRUE = 0
"""The fact that holds from the start; courses without an open prerequisite need only this one."""


@dataclass(frozen=True)
class Rows:
    """Ragged rows in one array: row i is `item[at[i]:at[i + 1]]`.

    No row is empty: the sums and minima over rows (numpy's reduceat) rely on it.
    """

    at: IntArray
    item: IntArray

    @classmethod
    def of(cls, lengths: IntArray, item: IntArray) -> Rows:
        """Rows of the given `lengths`, whose items lie one after the other in `item`."""
        return cls(at=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)]), item=item)

    @cached_property
    def owner(self) -> IntArray:
        """The row of each item."""
        return np.repeat(np.arange(len(self.at) - 1, dtype=np.int64), self.lengths)

    @property
    def start(self) -> IntArray:
        """Where each row begins."""
        return self.at[:-1]

    @property
    def lengths(self) -> IntArray:
        """How many items each row has."""
        return np.diff(self.at)

    def then(self, others: Rows) -> Rows:
        """These rows and then the `others`."""
        at = np.concatenate([self.at, self.at[-1] + others.at[1:]])
        return Rows(at=at, item=np.concatenate([self.item, others.item]))

    def split(self) -> list[IntArray]:
        """Each row by itself."""
        return [self.item[begin:end] for begin, end in pairwise(self.at.tolist())]

    def select(self, *, rows: BoolArray, number: IntArray) -> Rows:
        """The chosen rows, with `number[item]` for each item, without those of which that is negative."""
        at, item = backend.loops().selected(self.at, self.item, rows, number)
        return Rows(at=at, item=item)

    def inverted(self, count: int) -> Rows:
        """For each of `count` item values the rows that contain it, ascending; rows may be empty."""
        at, item = backend.loops().inverted(self.at, self.item, count)
        return Rows(at=at, item=item)


def numbered(chosen: BoolArray) -> IntArray:
    """For each place of the mask `chosen` its number among the chosen ones (`NOBODY`: not chosen)."""
    return np.where(chosen, np.cumsum(chosen, dtype=np.int64) - 1, NOBODY)


class Lists(NamedTuple):
    """The rows of a task as compiled loops take them.

    Prerequisites and additions per course, and the courses that need (give) each fact, `TRUE` included.
    """

    pre_at: IntArray
    pre: IntArray
    add_at: IntArray
    add: IntArray
    need_at: IntArray
    need: IntArray
    give_at: IntArray
    give: IntArray


class Asking(NamedTuple):
    """Rows of the model: whoever makes `fact` true (`NOBODY`: whoever reaches the goals) takes one of the
    courses or makes one of the gates true; ragged rows, as in `Rows`."""

    fact: IntArray
    at: IntArray
    course: IntArray
    gate_at: IntArray
    gate: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What each course uses of something (shape n, negative where it gives), and how much a plan may use."""

    use: IntArray
    most: int


@dataclass(frozen=True, kw_only=True)
class Task:
    """One learner, one role: n courses (rows of `pre` and `add`) over `facts` facts.

    `source` says what stands behind each course: its position in the catalogue, or a number beyond it for a
    helper. `pre` are the open prerequisites (or `TRUE` alone), `add` what the course newly gives.
    """

    source: IntArray
    cost: IntArray
    pre: Rows
    add: Rows
    facts: int
    goals: IntArray
    limits: tuple[Limit, ...] = ()

    @property
    def size(self) -> int:
        """Number of courses."""
        return len(self.source)

    @cached_property
    def suppliers(self) -> tuple[IntArray, Rows]:
        """The facts some course adds, ascending, and for each the courses that add it, ascending."""
        givers = self.add.inverted(self.facts)
        facts = np.flatnonzero(givers.lengths)
        return facts, Rows.of(givers.lengths[facts], givers.item)

    @cached_property
    def lists(self) -> Lists:
        """All rows in both directions."""
        need, give = self.pre.inverted(self.facts), self.add.inverted(self.facts)
        return Lists(
            *(self.pre.at, self.pre.item, self.add.at, self.add.item),
            *(need.at, need.item, give.at, give.item),
        )

    @cached_property
    def always_before(self) -> IntArray:
        """Per course the facts that hold whenever it can be taken, as bits: shape (n, words of 64)."""
        before: IntArray = backend.loops().always_before(self.lists)
        return before

    @cached_property
    def pre_lists(self) -> list[list[int]]:
        """Open prerequisites per course, without `TRUE`."""
        lists: list[list[int]] = [[] for _ in range(self.size)]
        for course, fact in zip(self.pre.owner.tolist(), self.pre.item.tolist(), strict=True):
            if fact != TRUE:
                lists[course].append(fact)
        return lists

    @cached_property
    def add_lists(self) -> list[list[int]]:
        """Facts each course adds."""
        lists: list[list[int]] = [[] for _ in range(self.size)]
        for course, fact in zip(self.add.owner.tolist(), self.add.item.tolist(), strict=True):
            lists[course].append(fact)
        return lists

    @cached_property
    def needed_by(self) -> list[list[int]]:
        """Courses per fact that need it."""
        lists: list[list[int]] = [[] for _ in range(self.facts)]
        for course, needs in enumerate(self.pre_lists):
            for fact in needs:
                lists[fact].append(course)
        return lists

    def restricted(self, *, courses: BoolArray, facts: BoolArray | None = None) -> Task:
        """The task with only the chosen courses, and adding only the chosen facts; facts are renumbered.

        Every chosen course must keep a fact it adds, and every prerequisite of it must be among `facts`.
        """
        if facts is None:
            facts = np.ones(self.facts, dtype=np.bool_)
        number = numbered(facts)
        return Task(
            source=self.source[courses],
            cost=self.cost[courses],
            pre=self.pre.select(rows=courses, number=number),
            add=self.add.select(rows=courses, number=number),
            facts=int(facts.sum()),
            goals=number[self.goals],
            limits=tuple(Limit(use=limit.use[courses], most=limit.most) for limit in self.limits),
        )

    def fits(self, plan: list[int]) -> bool:
        """Whether `plan` (course indices) stays within every limit."""
        return all(int(limit.use[plan].sum()) <= limit.most for limit in self.limits)

    def cost_of(self, plan: list[int]) -> int:
        """Cost of the courses of `plan`."""
        return int(self.cost[plan].sum())
