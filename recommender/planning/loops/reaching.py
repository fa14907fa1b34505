"""What can be reached on an offer and what leads to a goal; rows turned round."""

from __future__ import annotations

import numpy as np

from recommender.planning.loops.compiling import compiled
from recommender.planning.offer import Offered
from recommender.planning.task import BoolArray, IntArray


@compiled
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


@compiled
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


@compiled
def _ask(offer: Offered, course: int, have: IntArray, wanted: IntArray, waiting: IntArray, count: int) -> int:
    for place in range(offer.pre_at[course], offer.pre_at[course + 1]):
        skill, level = offer.pre_skill[place], offer.pre_level[place]
        if level > have[skill] and not wanted[skill] >> level & 1:
            wanted[skill] |= 1 << level
            waiting[count] = 6 * skill + level
            count += 1
    return count


@compiled
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
