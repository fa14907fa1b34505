"""The hot loops, compiled by numba. `arrays` does the same with numpy; both give the same answers.

Every function takes the rows of a task as `Lists`, or those of an offer as `Offered`, and returns plain
arrays. The machine code is kept on disk beside the sources.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit

from recommender.planning.offer import Offered
from recommender.planning.task import TRUE, BoolArray, IntArray, Lists

FAR = 2**52
WORD = 64

Loop = TypeVar("Loop", bound=Callable[..., Any])


def _compiled(loop: Loop) -> Loop:
    """Machine code, made at the first call for the types of its arguments, and kept on disk."""
    compiler: Any = njit(cache=True, nogil=True)
    made: Loop = compiler(loop)
    return made


@_compiled
def reach(offer: Offered, have: IntArray, banned: BoolArray) -> tuple[IntArray, BoolArray]:
    """Levels (per skill) that the courses not banned lead to from `have`, and which of them can be taken."""
    size = len(offer.pre_at) - 1
    level = have.copy()
    missing = np.zeros(size, dtype=np.int64)
    can = np.zeros(size, dtype=np.bool_)
    ready = np.empty(size, dtype=np.int64)
    count = 0
    for course in range(size):
        if banned[course]:
            continue
        for place in range(offer.pre_at[course], offer.pre_at[course + 1]):
            if level[offer.pre_skill[place]] < offer.pre_level[place]:
                missing[course] += 1
        if missing[course] == 0:
            ready[count] = course
            count += 1
    while count:
        count -= 1
        course = ready[count]
        can[course] = True
        for place in range(offer.add_at[course], offer.add_at[course + 1]):
            skill, reached = offer.add_skill[place], offer.add_level[place]
            before = level[skill]
            if reached <= before:
                continue
            level[skill] = reached
            for entry in range(offer.need_at[skill], offer.need_at[skill + 1]):
                if before < offer.need_level[entry] <= reached:
                    later = offer.need[entry]
                    missing[later] -= 1
                    if missing[later] == 0 and not banned[later]:
                        ready[count] = later
                        count += 1
    return level, can


@_compiled
def relevant(
    offer: Offered,
    have: IntArray,
    can: BoolArray,
    goal_skill: IntArray,
    goal_level: IntArray,
    seeds: IntArray,
) -> tuple[BoolArray, IntArray]:
    """Courses that lead to a goal, and per skill the levels something asks for, as bits (1 << level)."""
    size = len(offer.pre_at) - 1
    useful = np.zeros(size, dtype=np.bool_)
    wanted = np.zeros(len(have), dtype=np.int64)
    waiting = np.empty(6 * len(have) + len(goal_skill), dtype=np.int64)
    count = 0
    for place in range(len(goal_skill)):
        skill, level = goal_skill[place], goal_level[place]
        if level > have[skill] and not wanted[skill] >> level & 1:
            wanted[skill] |= 1 << level
            waiting[count] = 6 * skill + level
            count += 1
    for course in seeds:
        if can[course] and not useful[course]:
            useful[course] = True
            count = _ask(offer, course, have, wanted, waiting, count)
    while count:
        count -= 1
        skill, level = waiting[count] // 6, waiting[count] % 6
        for entry in range(offer.give_at[skill], offer.give_at[skill + 1]):
            course = offer.give[entry]
            if useful[course] or not can[course] or offer.give_level[entry] < level:
                continue
            if offer.give_above[entry] < level:
                useful[course] = True
                count = _ask(offer, course, have, wanted, waiting, count)
    return useful, wanted


@_compiled
def _ask(offer: Offered, course: int, have: IntArray, wanted: IntArray, waiting: IntArray, count: int) -> int:
    for place in range(offer.pre_at[course], offer.pre_at[course + 1]):
        skill, level = offer.pre_skill[place], offer.pre_level[place]
        if level > have[skill] and not wanted[skill] >> level & 1:
            wanted[skill] |= 1 << level
            waiting[count] = 6 * skill + level
            count += 1
    return count


@_compiled
def inverted(at: IntArray, item: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """The rows `item[at[i]:at[i + 1]]` turned round: for each of `count` values the rows that contain it."""
    start = np.zeros(count + 1, dtype=np.int64)
    for value in item:
        start[value + 1] += 1
    for value in range(count):
        start[value + 1] += start[value]
    rows = np.empty(len(item), dtype=np.int64)
    place = start[:-1].copy()
    for row in range(len(at) - 1):
        for entry in range(at[row], at[row + 1]):
            rows[place[item[entry]]] = row
            place[item[entry]] += 1
    return start, rows


@_compiled
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


@_compiled
def h_max(lists: Lists, cost: IntArray, start: IntArray, seeds: IntArray) -> IntArray:
    """h_max of every fact under `cost`, from values `start` that are no smaller; only `seeds` became cheaper
    since those were right."""
    size = len(lists.pre_at) - 1
    value = start.copy()
    queued = np.zeros(size, dtype=np.bool_)
    # A circular queue: each course stands in it once at most.
    queue = np.empty(size, dtype=np.int64)
    head, count = 0, len(seeds)
    for place in range(count):
        queue[place] = seeds[place]
        queued[seeds[place]] = True
    while count:
        course = queue[head]
        head = head + 1 if head + 1 < size else 0
        count -= 1
        queued[course] = False
        total = np.int64(0)
        for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
            total = max(total, value[lists.pre[place]])
        total += cost[course]
        for place in range(lists.add_at[course], lists.add_at[course + 1]):
            fact = lists.add[place]
            if total >= value[fact]:
                continue
            value[fact] = total
            for entry in range(lists.need_at[fact], lists.need_at[fact + 1]):
                later = lists.need[entry]
                if not queued[later]:
                    queued[later] = True
                    tail = head + count
                    queue[tail if tail < size else tail - size] = later
                    count += 1
    return value


@_compiled
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


@_compiled
def _sum(lists: Lists, cost: IntArray, value: IntArray, course: int) -> int:
    total = np.int64(0)
    for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
        total += value[lists.pre[place]]
    summed: int = min(min(total, FAR) + cost[course], FAR)
    return summed


@_compiled
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


@_compiled
def cut(lists: Lists, left: IntArray, value: IntArray, goal: int) -> IntArray:
    """Courses that lead from the facts before into the zone from which `goal` costs nothing more."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    crux_of = crux(lists, value)
    zone = np.zeros(facts, dtype=np.bool_)
    zone[goal] = True
    enters = np.zeros(size, dtype=np.bool_)
    waiting = np.empty(facts, dtype=np.int64)
    waiting[0] = goal
    count = 1
    while count:
        count -= 1
        fact = waiting[count]
        for entry in range(lists.give_at[fact], lists.give_at[fact + 1]):
            course = lists.give[entry]
            enters[course] = True
            if left[course] == 0 and not zone[crux_of[course]]:
                zone[crux_of[course]] = True
                waiting[count] = crux_of[course]
                count += 1
    ahead = np.zeros(facts, dtype=np.bool_)
    ahead[TRUE] = True
    waiting[0] = TRUE
    count = 1
    while count:
        count -= 1
        fact = waiting[count]
        for entry in range(lists.need_at[fact], lists.need_at[fact + 1]):
            course = lists.need[entry]
            if crux_of[course] != fact:
                continue
            for place in range(lists.add_at[course], lists.add_at[course + 1]):
                other = lists.add[place]
                if not zone[other] and not ahead[other]:
                    ahead[other] = True
                    waiting[count] = other
                    count += 1
    found = np.empty(size, dtype=np.int64)
    count = 0
    for course in range(size):
        if enters[course] and ahead[crux_of[course]]:
            found[count] = course
            count += 1
    return found[:count]


@_compiled
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


@_compiled
def dominators(lists: Lists, before: IntArray, use: IntArray) -> IntArray:
    """Per course one that can stand in for it (-1: none, it stays); `use` has a row per resource."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    stand_in = np.full(size, -1, dtype=np.int64)
    mark = np.full(facts, -1, dtype=np.int64)
    for course in range(size):
        rarest = lists.add[lists.add_at[course]]
        needed = 0
        for place in range(lists.add_at[course], lists.add_at[course + 1]):
            fact = lists.add[place]
            if _holds(before, course, fact):
                continue
            mark[fact] = course
            needed += 1
            givers = lists.give_at[fact + 1] - lists.give_at[fact]
            if needed == 1 or givers < lists.give_at[rarest + 1] - lists.give_at[rarest]:
                rarest = fact
        for entry in range(lists.give_at[rarest], lists.give_at[rarest + 1]):
            other = lists.give[entry]
            if other == course or stand_in[other] >= 0 or not _cheaper(use, other, course):
                continue
            given = 0
            for place in range(lists.add_at[other], lists.add_at[other + 1]):
                given += mark[lists.add[place]] == course
            if given == needed and _can_step_in(lists, before, course, other):
                stand_in[course] = other
                break
    return stand_in


@_compiled
def _holds(before: IntArray, course: int, fact: int) -> bool:
    return bool(before[course, fact // WORD] >> np.int64(fact % WORD) & 1)


@_compiled
def _cheaper(use: IntArray, other: int, course: int) -> bool:
    for resource in range(len(use)):
        if use[resource, other] > use[resource, course]:
            return False
    return True


@_compiled
def _can_step_in(lists: Lists, before: IntArray, course: int, other: int) -> bool:
    for place in range(lists.pre_at[other], lists.pre_at[other + 1]):
        fact = lists.pre[place]
        if fact != TRUE and not _holds(before, course, fact):
            return False
    return True


@_compiled
def extract(lists: Lists, giver: IntArray, goals: IntArray, holds: BoolArray, chosen: BoolArray) -> None:
    """Mark in `chosen` the courses behind `goals` by `giver`, beyond what `holds`."""
    facts = len(lists.need_at) - 1
    seen = holds.copy()
    waiting = np.empty(facts + len(goals), dtype=np.int64)
    count = 0
    for goal in goals:
        if not seen[goal]:
            seen[goal] = True
            waiting[count] = goal
            count += 1
    while count:
        count -= 1
        course = giver[waiting[count]]
        if course < 0 or chosen[course]:
            continue
        chosen[course] = True
        for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
            fact = lists.pre[place]
            if not seen[fact]:
                seen[fact] = True
                waiting[count] = fact
                count += 1


@_compiled
def closure(lists: Lists, plan: IntArray, holds: BoolArray) -> IntArray:
    """The courses of `plan` (ascending) that can be taken, in a valid order; `holds` is kept up to date."""
    order = np.empty(len(plan), dtype=np.int64)
    taken = np.zeros(len(plan), dtype=np.bool_)
    count = 0
    progress = True
    while progress:
        progress = False
        for place in range(len(plan)):
            if taken[place] or not _is_ready(lists, plan[place], holds):
                continue
            taken[place] = True
            progress = True
            order[count] = plan[place]
            count += 1
            for entry in range(lists.add_at[plan[place]], lists.add_at[plan[place] + 1]):
                holds[lists.add[entry]] = True
    return order[:count]


@_compiled
def _is_ready(lists: Lists, course: int, holds: BoolArray) -> bool:
    for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
        if not holds[lists.pre[place]]:
            return False
    return True


@_compiled
def without_waste(lists: Lists, cost: IntArray, goals: IntArray, plan: IntArray) -> IntArray:
    """Reverse-delete: drop, dearest first, each course the others can do without; in a valid order."""
    facts = len(lists.need_at) - 1
    holds = np.zeros(facts, dtype=np.bool_)
    holds[TRUE] = True
    kept = np.sort(closure(lists, np.sort(plan), holds))
    tried = np.zeros(len(kept), dtype=np.bool_)
    names = kept.copy()
    for _ in range(len(names)):
        dearest = -1
        for place in range(len(names)):
            if not tried[place] and (dearest < 0 or cost[names[place]] >= cost[names[dearest]]):
                dearest = place
        tried[dearest] = True
        holds[:] = False
        holds[TRUE] = True
        rest = closure(lists, kept[kept != names[dearest]], holds)
        if _all_hold(goals, holds):
            kept = np.sort(rest)
    holds[:] = False
    holds[TRUE] = True
    order: IntArray = closure(lists, kept, holds)
    return order


@_compiled
def _all_hold(goals: IntArray, holds: BoolArray) -> bool:
    for goal in goals:
        if not holds[goal]:
            return False
    return True


@_compiled
def completed(lists: Lists, goals: IntArray, courses: IntArray, cost: IntArray) -> IntArray:
    """`courses` made into a plan: whatever of them can be taken is free, the rest is added by h_add."""
    facts, size = len(lists.need_at) - 1, len(lists.pre_at) - 1
    holds = np.zeros(facts, dtype=np.bool_)
    holds[TRUE] = True
    order = closure(lists, np.sort(courses), holds)
    _, giver = h_add(lists, cost, holds)
    chosen = np.zeros(size, dtype=np.bool_)
    extract(lists, giver, goals, holds, chosen)
    for course in order:
        chosen[course] = True
    return np.flatnonzero(chosen)


@_compiled
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


@_compiled
def _want(lists: Lists, course: int, wanted: BoolArray, waiting: IntArray, count: int) -> int:
    for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
        need = lists.pre[place]
        if not wanted[need]:
            wanted[need] = True
            waiting[count] = need
            count += 1
    return count
