"""What of a task can be reached, and how dear it looks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.planning.loops.compiling import FAR, compiled
from recommender.planning.task import TRUE, BoolArray, IntArray, Lists


@compiled
def reached(lists: Lists, allowed: BoolArray) -> BoolArray:
    """Facts that the allowed courses make true in some order."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    holds = np.zeros(facts, dtype=np.bool_)
    holds[TRUE] = True
    missing = np.empty(size, dtype=np.int64)
    for course in range(size):
        missing[course] = lists.pre_at[course + 1] - lists.pre_at[course]
    waiting = np.empty(facts, dtype=np.int64)
    waiting[0] = TRUE
    count = 1
    while count:
        count -= 1
        fact = waiting[count]
        for entry in range(lists.need_at[fact], lists.need_at[fact + 1]):
            course = lists.need[entry]
            missing[course] -= 1
            if missing[course] or not allowed[course]:
                continue
            for place in range(lists.add_at[course], lists.add_at[course + 1]):
                if not holds[lists.add[place]]:
                    holds[lists.add[place]] = True
                    waiting[count] = lists.add[place]
                    count += 1
    return holds


@compiled
def h_max(lists: Lists, cost: IntArray) -> IntArray:
    """h_max of every fact under `cost`."""
    estimate = beginning(lists)
    lower(lists, cost, estimate, np.arange(len(lists.pre_at) - 1))
    return estimate.value


class Estimate(NamedTuple):
    """h_max of every fact (`value`), the course that makes it so (`giver`, -1: none), and the dearest
    prerequisite of every course (`crux`; of equals, the first); `queued` and `queue` are scratch space."""

    value: IntArray
    giver: IntArray
    crux: IntArray
    queued: BoolArray
    queue: IntArray


@compiled
def beginning(lists: Lists) -> Estimate:
    """An estimate that no course has been looked at for."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    value = np.full(facts, FAR, dtype=np.int64)
    value[TRUE] = 0
    return Estimate(
        value,
        np.full(facts, -1, dtype=np.int64),
        np.full(size, TRUE, dtype=np.int64),
        np.zeros(size, dtype=np.bool_),
        np.empty(size, dtype=np.int64),
    )


@compiled
def lower(lists: Lists, cost: IntArray, estimate: Estimate, seeds: IntArray) -> None:
    """Bring `estimate` up to date after `seeds` (courses) became cheaper.

    Following givers and their dearest prerequisites back never runs in a circle: a giver is noted only when
    it makes a fact cheaper than anything did before.
    """
    value, queued, queue = estimate.value, estimate.queued, estimate.queue
    size = len(queue)
    # A circular queue: each course stands in it once at most.
    head, count = 0, len(seeds)
    for place in range(count):
        queue[place] = seeds[place]
        queued[seeds[place]] = True
    while count:
        course = queue[head]
        head = head + 1 if head + 1 < size else 0
        count -= 1
        queued[course] = False
        dearest = lists.pre[lists.pre_at[course]]
        for place in range(lists.pre_at[course] + 1, lists.pre_at[course + 1]):
            if value[lists.pre[place]] > value[dearest]:
                dearest = lists.pre[place]
        estimate.crux[course] = dearest
        total = value[dearest] + cost[course]
        for place in range(lists.add_at[course], lists.add_at[course + 1]):
            fact = lists.add[place]
            if total >= value[fact]:
                continue
            value[fact] = total
            estimate.giver[fact] = course
            for entry in range(lists.need_at[fact], lists.need_at[fact + 1]):
                later = lists.need[entry]
                if not queued[later]:
                    queued[later] = True
                    tail = head + count
                    queue[tail if tail < size else tail - size] = later
                    count += 1


@compiled
def h_add(lists: Lists, cost: IntArray, holds: BoolArray) -> tuple[IntArray, IntArray]:
    """h_add of every fact when `holds` are true, and the course that gives it (-1: none).

    In rounds, as numpy does it: within one round only the values of the round before count, and of equal
    givers the first in order wins.
    """
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    value = np.full(facts, FAR, dtype=np.int64)
    for fact in range(facts):
        if holds[fact]:
            value[fact] = 0
    giver = np.full(facts, -1, dtype=np.int64)
    offered = value.copy()
    candidate = giver.copy()
    total = np.empty(size, dtype=np.int64)
    turn = np.arange(size)
    count = size
    queued = np.zeros(size, dtype=np.bool_)
    changed = np.empty(facts, dtype=np.int64)
    while count:
        for place in range(count):
            total[turn[place]] = _sum(lists, cost, value, turn[place])
        changes = 0
        for place in range(count):
            course = turn[place]
            for entry in range(lists.add_at[course], lists.add_at[course + 1]):
                fact = lists.add[entry]
                if total[course] < offered[fact]:
                    if offered[fact] == value[fact]:
                        changed[changes] = fact
                        changes += 1
                    offered[fact] = total[course]
                    candidate[fact] = course
                elif total[course] == offered[fact] < value[fact]:
                    candidate[fact] = min(candidate[fact], course)
        count = 0
        for place in range(changes):
            fact = changed[place]
            value[fact] = offered[fact]
            giver[fact] = candidate[fact]
            for entry in range(lists.need_at[fact], lists.need_at[fact + 1]):
                if not queued[lists.need[entry]]:
                    queued[lists.need[entry]] = True
                    turn[count] = lists.need[entry]
                    count += 1
        for place in range(count):
            queued[turn[place]] = False
    return value, giver


@compiled
def _sum(lists: Lists, cost: IntArray, value: IntArray, course: int) -> int:
    total = np.int64(0)
    for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
        total += value[lists.pre[place]]
    summed: int = min(min(total, FAR) + cost[course], FAR)
    return summed


@compiled
def until_goal(lists: Lists, goals: IntArray, rest: IntArray) -> IntArray:
    """Per course the least `rest` of courses that lead on from what it gives to a goal (`FAR`: none do)."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    value = np.full(facts, FAR, dtype=np.int64)
    ahead = np.full(size, FAR, dtype=np.int64)
    queued = np.zeros(facts, dtype=np.bool_)
    # A circular queue: each fact stands in it once at most.
    queue = np.empty(facts, dtype=np.int64)
    head, count = 0, 0
    for goal in goals:
        if not queued[goal]:
            value[goal] = 0
            queued[goal] = True
            queue[count] = goal
            count += 1
    while count:
        fact = queue[head]
        head = head + 1 if head + 1 < facts else 0
        count -= 1
        queued[fact] = False
        for entry in range(lists.give_at[fact], lists.give_at[fact + 1]):
            course = lists.give[entry]
            if value[fact] >= ahead[course]:
                continue
            ahead[course] = value[fact]
            total = min(ahead[course] + rest[course], FAR)
            for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
                before = lists.pre[place]
                if total >= value[before]:
                    continue
                value[before] = total
                if not queued[before]:
                    queued[before] = True
                    tail = head + count
                    queue[tail if tail < facts else tail - facts] = before
                    count += 1
    return ahead


@compiled
def crux(lists: Lists, value: IntArray) -> IntArray:
    """Per course the prerequisite with the highest `value`; of equals, the first."""
    size = len(lists.pre_at) - 1
    found = np.empty(size, dtype=np.int64)
    for course in range(size):
        best = lists.pre[lists.pre_at[course]]
        for place in range(lists.pre_at[course] + 1, lists.pre_at[course + 1]):
            if value[lists.pre[place]] > value[best]:
                best = lists.pre[place]
        found[course] = best
    return found
