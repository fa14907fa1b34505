"""LM-cut: landmark after landmark, until no goal costs anything more."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.planning.loops.compiling import compiled
from recommender.planning.loops.estimating import Estimate, beginning, lower
from recommender.planning.task import TRUE, IntArray, Lists


class _Notes(NamedTuple):
    """Scratch space; `zone`, `ahead` (per fact) and `seen` (per course) hold the number of the cut for which
    an entry is true."""

    zone: IntArray
    ahead: IntArray
    waiting: IntArray
    seen: IntArray
    entering: IntArray


@compiled
def lm_cut(lists: Lists, left: IntArray, goals: IntArray, most: int) -> tuple[IntArray, IntArray, IntArray]:
    """Up to `most` landmarks: where each begins and ends among the courses, the courses, the shares.

    The shares are taken off `left`. The dearest goal is next.
    """
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    estimate = beginning(lists)
    lower(lists, left, estimate, np.arange(size))
    notes = _Notes(
        np.full(facts, -1, dtype=np.int64),
        np.full(facts, -1, dtype=np.int64),
        np.empty(facts, dtype=np.int64),
        np.full(size, -1, dtype=np.int64),
        np.empty(size, dtype=np.int64),
    )
    at, shares = np.zeros(most + 1, dtype=np.int64), np.zeros(most, dtype=np.int64)
    courses = np.empty(max(size, 1), dtype=np.int64)
    count = 0
    while count < most:
        goal = _dearest(estimate.value, goals)
        if goal < 0:
            break
        found = _cut(lists, left, estimate, goal, count, notes)
        begin, end = at[count], at[count] + len(found)
        if end > len(courses):
            more = np.empty(2 * end, dtype=np.int64)
            more[:begin] = courses[:begin]
            courses = more
        share = left[found[0]]
        for course in found:
            share = min(share, left[course])
        for place in range(len(found)):
            courses[begin + place] = found[place]
            left[found[place]] -= share
        lower(lists, left, estimate, found)
        shares[count] = share
        count += 1
        at[count] = end
    return at[: count + 1], courses[: at[count]], shares[:count]


@compiled
def _dearest(value: IntArray, goals: IntArray) -> int:
    dearest = -1
    for goal in goals:
        if value[goal] > 0 and (dearest < 0 or value[goal] > value[dearest]):
            dearest = goal
    return dearest


@compiled
def _cut(lists: Lists, left: IntArray, estimate: Estimate, goal: int, turn: int, notes: _Notes) -> IntArray:
    """Courses (ascending) that lead from the facts before into the zone from which `goal` costs nothing
    more."""
    entering = _enter(lists, left, estimate.crux, goal, turn, notes)
    notes.ahead[TRUE] = turn
    found = np.empty(entering, dtype=np.int64)
    kept = 0
    swept = False
    for place in range(entering):
        course = notes.entering[place]
        dearest = estimate.crux[course]
        if notes.zone[dearest] == turn:
            continue
        if notes.ahead[dearest] != turn and not swept:
            swept = not _follows_givers(estimate, dearest, turn, notes)
            if swept:
                _sweep(lists, estimate.crux, turn, notes)
        if notes.ahead[dearest] == turn:
            found[kept] = course
            kept += 1
    return np.sort(found[:kept])


@compiled
def _enter(lists: Lists, left: IntArray, crux: IntArray, goal: int, turn: int, notes: _Notes) -> int:
    """Mark the zone, and note the courses that give something in it; returns how many these are."""
    notes.zone[goal] = turn
    notes.waiting[0] = goal
    count, entering = 1, 0
    while count:
        count -= 1
        fact = notes.waiting[count]
        for entry in range(lists.give_at[fact], lists.give_at[fact + 1]):
            course = lists.give[entry]
            if notes.seen[course] == turn:
                continue
            notes.seen[course] = turn
            notes.entering[entering] = course
            entering += 1
            if left[course] == 0 and notes.zone[crux[course]] != turn:
                notes.zone[crux[course]] = turn
                notes.waiting[count] = crux[course]
                count += 1
    return entering


@compiled
def _follows_givers(estimate: Estimate, start: int, turn: int, notes: _Notes) -> bool:
    """Whether what makes `start` as cheap as it is leads back to the beginning outside the zone; if so, all
    on that way is ahead. No is no answer: there may be another way."""
    fact, length = start, 0
    while notes.ahead[fact] != turn:
        notes.waiting[length] = fact
        length += 1
        fact = estimate.crux[estimate.giver[fact]]
        if notes.zone[fact] == turn:
            return False
    for place in range(length):
        notes.ahead[notes.waiting[place]] = turn
    return True


@compiled
def _sweep(lists: Lists, crux: IntArray, turn: int, notes: _Notes) -> None:
    """Find all that is ahead: from the beginning forward, outside the zone."""
    count = 0
    for fact in range(len(notes.ahead)):
        if notes.ahead[fact] == turn:
            notes.waiting[count] = fact
            count += 1
    while count:
        count -= 1
        fact = notes.waiting[count]
        for entry in range(lists.need_at[fact], lists.need_at[fact + 1]):
            course = lists.need[entry]
            if crux[course] != fact:
                continue
            for place in range(lists.add_at[course], lists.add_at[course + 1]):
                other = lists.add[place]
                if notes.zone[other] != turn and notes.ahead[other] != turn:
                    notes.ahead[other] = turn
                    notes.waiting[count] = other
                    count += 1
