"""What is always before, and what another course stands for: see `loops.pruning`."""

from __future__ import annotations

import numpy as np

from recommender.planning.arrays.estimating import given
from recommender.planning.arrays.rows import WORD, owners
from recommender.planning.task import TRUE, BoolArray, IntArray, Lists


def always_before(lists: Lists) -> IntArray:
    """See `loops.always_before`."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    words = (facts + WORD - 1) // WORD
    own = np.zeros((facts, words), dtype=np.int64)
    number = np.arange(facts)
    own[number, number // WORD] = np.int64(1) << (number % WORD)
    always = np.full((facts, words), -1, dtype=np.int64)
    always[TRUE] = 0
    facts_given, at, giver = given(lists)
    if not size:
        return np.zeros((0, words), dtype=np.int64)
    while True:
        before = np.bitwise_or.reduceat(always[lists.pre], lists.pre_at[:-1], axis=0)
        now = np.bitwise_and.reduceat(before[giver], at, axis=0) | own[facts_given]
        if (now == always[facts_given]).all():
            return before
        always[facts_given] = now


def dominators(lists: Lists, before: IntArray, use: IntArray) -> IntArray:
    """See `loops.dominators`; sets of facts as bits of Python's integers."""
    size = len(lists.pre_at) - 1
    known = [int.from_bytes(row.tobytes(), "little") for row in before]
    gives = _bits(lists.add_at, lists.add)
    needs = [one & ~(1 << TRUE) for one in _bits(lists.pre_at, lists.pre)]
    resources = list(zip(*use.tolist(), strict=True))
    add = np.split(lists.add, lists.add_at[1:-1])
    give = [one.tolist() for one in np.split(lists.give, lists.give_at[1:-1])]
    stand_in = np.full(size, -1, dtype=np.int64)
    for course in range(size):
        needed = gives[course] & ~known[course]
        fresh = [fact for fact in add[course].tolist() if needed >> fact & 1] or add[course].tolist()[:1]
        for other in give[min(fresh, key=lambda fact: len(give[fact]))]:
            if (
                other != course
                and stand_in[other] < 0
                and not needed & ~gives[other]
                and not needs[other] & ~known[course]
                and all(mine >= its for mine, its in zip(resources[course], resources[other], strict=True))
            ):
                stand_in[course] = other
                break
    return stand_in


def _bits(at: IntArray, item: IntArray) -> list[int]:
    return [sum(1 << fact for fact in row.tolist()) for row in np.split(item, at[1:-1])]


def leading(lists: Lists, goals: IntArray, seeds: IntArray) -> tuple[BoolArray, BoolArray]:
    """See `loops.leading`."""
    wanted = np.zeros(len(lists.need_at) - 1, dtype=np.bool_)
    wanted[goals] = True
    useful = np.zeros(len(lists.pre_at) - 1, dtype=np.bool_)
    useful[seeds] = True
    owner = owners(lists.pre_at)
    before = -1
    while len(useful) and (now := int(wanted.sum()) + int(useful.sum())) != before:
        before = now
        useful |= np.logical_or.reduceat(wanted[lists.add], lists.add_at[:-1])
        wanted[lists.pre[useful[owner] & (lists.pre != TRUE)]] = True
    wanted[TRUE] = True
    for course in seeds.tolist():
        wanted[lists.add[lists.add_at[course] : lists.add_at[course + 1]]] = True
    return useful, wanted
