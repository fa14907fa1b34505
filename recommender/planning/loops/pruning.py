"""Courses that a task can do without."""

from __future__ import annotations

import numpy as np

from recommender.planning.loops.compiling import WORD, compiled
from recommender.planning.task import TRUE, BoolArray, IntArray, Lists


@compiled
def always_before(lists: Lists) -> IntArray:
    """Per course the facts that hold whenever it can be taken, as bits: shape (n, words of 64)."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    words = (facts + WORD - 1) // WORD
    always = np.full((facts, words), -1, dtype=np.int64)
    always[TRUE] = 0
    before = np.zeros((size, words), dtype=np.int64)
    known = np.zeros(facts, dtype=np.bool_)
    known[TRUE] = True
    missing = np.empty(size, dtype=np.int64)
    queued = np.zeros(size, dtype=np.bool_)
    queue = np.empty(size, dtype=np.int64)
    head, count = 0, 0
    for course in range(size):
        missing[course] = lists.pre_at[course + 1] - lists.pre_at[course]
    for entry in range(lists.need_at[TRUE], lists.need_at[TRUE + 1]):
        course = lists.need[entry]
        missing[course] -= 1
        if missing[course] == 0:
            queued[course] = True
            queue[count] = course
            count += 1
    row = np.empty(words, dtype=np.int64)
    while count:
        course = queue[head]
        head = head + 1 if head + 1 < size else 0
        count -= 1
        queued[course] = False
        row[:] = 0
        for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
            for word in range(words):
                row[word] |= always[lists.pre[place], word]
        before[course] = row
        for place in range(lists.add_at[course], lists.add_at[course + 1]):
            fact = lists.add[place]
            fresh = not known[fact]
            changed = fresh
            for word in range(words):
                now = always[fact, word] & row[word]
                if word == fact // WORD:
                    now |= np.int64(1) << np.int64(fact % WORD)
                if now != always[fact, word]:
                    always[fact, word] = now
                    changed = True
            known[fact] = True
            if not changed:
                continue
            for entry in range(lists.need_at[fact], lists.need_at[fact + 1]):
                later = lists.need[entry]
                if fresh:
                    missing[later] -= 1
                if missing[later] == 0 and not queued[later]:
                    queued[later] = True
                    tail = head + count
                    queue[tail if tail < size else tail - size] = later
                    count += 1
    return before


@compiled
def dominators(lists: Lists, before: IntArray, use: IntArray) -> IntArray:
    """Per course one that can stand in for it (-1: none, it stays); `use` has a row per resource."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    stand_in = np.full(size, -1, dtype=np.int64)
    mark = np.full(facts, -1, dtype=np.int64)
    # A bit for each fact given, of which several share one: most courses are told apart at one look.
    sketch = np.zeros(size, dtype=np.int64)
    for course in range(size):
        for place in range(lists.add_at[course], lists.add_at[course + 1]):
            sketch[course] |= np.int64(1) << np.int64(lists.add[place] % WORD)
    for course in range(size):
        rarest = lists.add[lists.add_at[course]]
        needed, sketched = 0, np.int64(0)
        for place in range(lists.add_at[course], lists.add_at[course + 1]):
            fact = lists.add[place]
            if _holds(before, course, fact):
                continue
            mark[fact] = course
            sketched |= np.int64(1) << np.int64(fact % WORD)
            needed += 1
            givers = lists.give_at[fact + 1] - lists.give_at[fact]
            if needed == 1 or givers < lists.give_at[rarest + 1] - lists.give_at[rarest]:
                rarest = fact
        for entry in range(lists.give_at[rarest], lists.give_at[rarest + 1]):
            other = lists.give[entry]
            if sketched & ~sketch[other] or other == course or stand_in[other] >= 0:
                continue
            if not _cheaper(use, other, course):
                continue
            given = 0
            for place in range(lists.add_at[other], lists.add_at[other + 1]):
                given += mark[lists.add[place]] == course
            if given == needed and _can_step_in(lists, before, course, other):
                stand_in[course] = other
                break
    return stand_in


@compiled
def _holds(before: IntArray, course: int, fact: int) -> bool:
    return bool(before[course, fact // WORD] >> np.int64(fact % WORD) & 1)


@compiled
def _cheaper(use: IntArray, other: int, course: int) -> bool:
    for resource in range(len(use)):
        if use[resource, other] > use[resource, course]:
            return False
    return True


@compiled
def _can_step_in(lists: Lists, before: IntArray, course: int, other: int) -> bool:
    for place in range(lists.pre_at[other], lists.pre_at[other + 1]):
        fact = lists.pre[place]
        if fact != TRUE and not _holds(before, course, fact):
            return False
    return True


@compiled
def leading(lists: Lists, goals: IntArray, seeds: IntArray) -> tuple[BoolArray, BoolArray]:
    """Courses from which a goal can be reached, walking back, and the facts that something asks for; `seeds`
    are wanted for themselves."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    useful = np.zeros(size, dtype=np.bool_)
    wanted = np.zeros(facts, dtype=np.bool_)
    wanted[TRUE] = True
    waiting = np.empty(facts, dtype=np.int64)
    count = 0
    for goal in goals:
        if not wanted[goal]:
            wanted[goal] = True
            waiting[count] = goal
            count += 1
    for course in seeds:
        useful[course] = True
        count = _want(lists, course, wanted, waiting, count)
    while count:
        count -= 1
        fact = waiting[count]
        for entry in range(lists.give_at[fact], lists.give_at[fact + 1]):
            course = lists.give[entry]
            if not useful[course]:
                useful[course] = True
                count = _want(lists, course, wanted, waiting, count)
    for course in seeds:
        for place in range(lists.add_at[course], lists.add_at[course + 1]):
            wanted[lists.add[place]] = True
    return useful, wanted


@compiled
def _want(lists: Lists, course: int, wanted: BoolArray, waiting: IntArray, count: int) -> int:
    for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
        need = lists.pre[place]
        if not wanted[need]:
            wanted[need] = True
            waiting[count] = need
            count += 1
    return count
