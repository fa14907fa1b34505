"""Prices taken apart: see `loops.charging`."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from recommender.planning.arrays.estimating import reached
from recommender.planning.arrays.rows import owners, starts
from recommender.planning.task import NOBODY as EVERYBODY
from recommender.planning.task import TRUE, Asking, FloatArray, IntArray, Lists

NOTHING = 1e-6


def charges(
    lists: Lists,
    asking: Asking,
    price: FloatArray,
    need: FloatArray,
    crux: IntArray,
    left: IntArray,
    goals: IntArray,
) -> tuple[IntArray, IntArray, IntArray]:
    """See `loops.charges`; trees as sets, in the same order."""
    trees = _Trees(lists, asking, price, need, crux, left)
    net, rows = trees.of_facts(), np.flatnonzero(asking.fact == EVERYBODY).tolist()
    demands: list[tuple[int | None, int | None, float]] = [(row, None, float(price[row])) for row in rows]
    demands += [(None, goal, float(net[goal])) for goal in goals.tolist()]
    found: list[tuple[list[int], int]] = []
    for row, goal, wanted in demands:
        demand = wanted
        while demand > NOTHING:
            amount = trees.grow(row, goal)
            if amount <= NOTHING:
                break
            amount = min(amount, demand)
            demand -= amount
            courses = trees.pay(amount)
            share = min([int(np.ceil(amount - NOTHING)), *left[courses].tolist()])
            if courses and share > 0:
                left[courses] -= share
                found.append((courses, share))
    at = starts(np.array([len(courses) for courses, _ in found], dtype=np.int64))
    items = np.array([one for courses, _ in found for one in courses], dtype=np.int64)
    return at, items, np.array([share for _, share in found], dtype=np.int64)


class _Trees:
    """How facts are kept from coming true, one tree after the other, with what is left of all prices."""

    def __init__(
        self,
        lists: Lists,
        asking: Asking,
        price: FloatArray,
        need: FloatArray,
        crux: IntArray,
        left: IntArray,
    ) -> None:
        self.lists, self.asking, self.crux = lists, asking, crux
        self.price, self.need, self.own = price.copy(), need.copy(), left.astype(np.float64)
        self.rows: dict[int, list[int]] = {}
        self.supply: dict[int, int] = {}
        for row, fact in enumerate(asking.fact.tolist()):
            if fact >= 0:
                self.supply.setdefault(fact, row)
                if price[row] > NOTHING:
                    self.rows.setdefault(fact, []).append(row)

    def of_facts(self) -> FloatArray:
        """What of the price of each fact's rows no other row or course asks for."""
        net = np.zeros(len(self.lists.need_at) - 1)
        for row, price in enumerate(self.price):
            if self.asking.fact[row] >= 0:
                net[self.asking.fact[row]] += price
            for fact in self.asking.gate[self.asking.gate_at[row] : self.asking.gate_at[row + 1]]:
                net[fact] -= price
        for fact, price in zip(self.lists.pre, self.need, strict=True):
            net[fact] -= price
        return net

    def grow(self, row: int | None, goal: int | None) -> float:
        """A new tree, and how much of it can be paid for."""
        self.facts: set[int] = set()
        self.courses: set[int] = set()
        self.waiting: list[int] = []
        self.used: tuple[list[int], list[int], list[int]] = [], [], []
        least = float("inf")
        if row is not None:
            self.used[0].append(row)
            least = self._take(row, float(self.price[row]))
        elif goal is not None:
            self._wait(goal)
        while self.waiting and least > NOTHING:
            fact = self.waiting.pop()
            open_rows = [one for one in self.rows.get(fact, []) if self.price[one] > NOTHING]
            if open_rows:
                dearest = max(open_rows, key=lambda one: self.price[one])
                self.used[0].append(dearest)
                least = self._take(dearest, min(least, float(self.price[dearest])))
            elif fact in self.supply:
                least = self._take(self.supply[fact], least)
        return least

    def _wait(self, fact: int) -> None:
        if fact not in self.facts:
            self.facts.add(fact)
            self.waiting.append(fact)

    def _take(self, row: int, least: float) -> float:
        asking, lists = self.asking, self.lists
        for fact in asking.gate[asking.gate_at[row] : asking.gate_at[row + 1]].tolist():
            self._wait(fact)
        for course in asking.course[asking.at[row] : asking.at[row + 1]].tolist():
            if course in self.courses:
                continue
            self.courses.add(course)
            entries = range(lists.pre_at[course], lists.pre_at[course + 1])
            if self.facts & set(lists.pre[entries.start : entries.stop].tolist()):
                continue
            dearest, most = None, float(self.own[course])
            for entry in entries:
                if self.need[entry] > most:
                    dearest, most = entry, float(self.need[entry])
            if most <= NOTHING and self.crux[course] != TRUE:
                self._wait(int(self.crux[course]))
                continue
            least = min(least, most)
            if dearest is None:
                self.used[2].append(course)
            else:
                self.used[1].append(dearest)
                self._wait(int(lists.pre[dearest]))
        return least

    def pay(self, amount: float) -> list[int]:
        """Take `amount` off all that the tree uses; returns the courses that pay themselves."""
        for prices, used in zip((self.price, self.need, self.own), self.used, strict=True):
            prices[used] -= amount
        pre_at, pre = self.lists.pre_at, self.lists.pre
        return sorted(
            one for one in self.used[2] if not self.facts & set(pre[pre_at[one] : pre_at[one + 1]].tolist())
        )


def needed(lists: Lists, at: IntArray, item: IntArray, goals: IntArray) -> tuple[IntArray, IntArray]:
    """See `loops.needed`."""
    kept = np.zeros(len(item), dtype=np.bool_)
    for begin, end in pairwise(at.tolist()):
        allowed = np.ones(len(lists.pre_at) - 1, dtype=np.bool_)
        allowed[item[begin:end]] = False
        holds = reached(lists, allowed)
        takeable = np.logical_and.reduceat(holds[lists.pre], lists.pre_at[:-1])
        kept[begin:end] = takeable[item[begin:end]] & (not holds[goals].all())
    return starts(np.bincount(owners(at)[kept], minlength=len(at) - 1)), item[kept]
