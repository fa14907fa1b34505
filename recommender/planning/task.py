"""A planning problem as integers: courses and facts are indices, levels are spelled out as facts.

A fact is "the learner stands at level l or above in skill s"; a course that teaches level 3 adds the facts of
levels 1, 2 and 3. Facts that hold at the start are left out, fact 0 (`TRUE`) always holds, and each course
that must be taken adds one fact of its own, which is a goal. Nothing is ever unlearned, so the cheapest plan
is the delete-relaxation optimum h+ of classical planning.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]

TRUE = 0
"""The fact that holds from the start; courses without an open prerequisite need only this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Ragged rows in one array: row i is `item[start[i]:start[i + 1]]`; `owner` is the row of each item.

    No row is empty: the sums and minima over rows (numpy's reduceat) rely on it.
    """

    start: IntArray
    item: IntArray
    owner: IntArray

    @classmethod
    def of(cls, lengths: IntArray, item: IntArray) -> Rows:
        """Rows of the given `lengths` (each >= 1), whose items lie one after the other in `item`."""
        start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)[:-1]])
        owner = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        return cls(start=start if len(lengths) else item[:0], item=item, owner=owner)

    def select(self, *, rows: BoolArray, items: BoolArray) -> Rows:
        """The chosen rows, without items whose value is not in `items`; every kept row keeps one item."""
        kept = rows[self.owner] & items[self.item]
        lengths = np.bincount(self.owner[kept], minlength=len(rows))[rows]
        return Rows.of(lengths.astype(np.int64), self.item[kept])


@dataclass(frozen=True, kw_only=True)
class Task:
    """One learner, one role: n courses (rows of `pre` and `add`) over `facts` facts.

    `source` is the position of each course in the catalogue; `cost`, `hours` and `price` are per course.
    `pre` are the open prerequisites (or `TRUE` alone), `add` what the course newly gives. `max_hours` and
    `max_price` are None without a limit.
    """

    source: IntArray
    cost: IntArray
    hours: IntArray
    price: IntArray
    pre: Rows
    add: Rows
    facts: int
    goals: IntArray
    max_hours: int | None = None
    max_price: int | None = None

    @property
    def size(self) -> int:
        """Number of courses."""
        return len(self.source)

    @property
    def is_limited(self) -> bool:
        """Whether the hours or the price of the whole plan are limited."""
        return self.max_hours is not None or self.max_price is not None

    @cached_property
    def suppliers(self) -> tuple[IntArray, Rows]:
        """The facts some course adds, ascending, and for each the courses that add it, ascending."""
        order = np.lexsort((self.add.owner, self.add.item))
        facts, lengths = np.unique(self.add.item, return_counts=True)
        return facts, Rows.of(lengths.astype(np.int64), self.add.owner[order])

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

    def restricted(self, *, courses: BoolArray, facts: BoolArray) -> Task:
        """The task with only the chosen courses, and adding only the chosen facts; facts are renumbered.

        Every chosen course must keep a fact it adds, and every prerequisite of it must be among `facts`.
        """
        number = np.cumsum(facts, dtype=np.int64) - 1
        pre = self.pre.select(rows=courses, items=facts)
        add = self.add.select(rows=courses, items=facts)
        return Task(
            source=self.source[courses],
            cost=self.cost[courses],
            hours=self.hours[courses],
            price=self.price[courses],
            pre=Rows(start=pre.start, item=number[pre.item], owner=pre.owner),
            add=Rows(start=add.start, item=number[add.item], owner=add.owner),
            facts=int(facts.sum()),
            goals=number[self.goals],
            max_hours=self.max_hours,
            max_price=self.max_price,
        )

    def fits(self, plan: list[int]) -> bool:
        """Whether the hours and the price of `plan` (course indices) stay within the limits."""
        hours, price = int(self.hours[plan].sum()), int(self.price[plan].sum())
        return (self.max_hours is None or hours <= self.max_hours) and (
            self.max_price is None or price <= self.max_price
        )

    def cost_of(self, plan: list[int]) -> int:
        """Cost of the courses of `plan`."""
        return int(self.cost[plan].sum())
