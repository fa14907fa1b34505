"""What can be reached on an offer, what leads to a goal, and the rows of a task made of it."""

from __future__ import annotations

import numpy as np

from recommender.planning.loops.compiling import compiled
from recommender.planning.offer import Offered
from recommender.planning.task import TRUE, BoolArray, IntArray


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
def grounded(
    offer: Offered, source: IntArray, have: IntArray, wanted: IntArray, number: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Rows of the courses `source`: what of their prerequisites is open (`TRUE`: nothing), and what they give
    of the levels `wanted` (bits per skill), by the `number` of each skill and level."""
    pre_at = np.zeros(len(source) + 1, dtype=np.int64)
    add_at = np.zeros(len(source) + 1, dtype=np.int64)
    pres, adds = 0, 0
    for course in source:
        pres += offer.pre_at[course + 1] - offer.pre_at[course] + 1
        for place in range(offer.add_at[course], offer.add_at[course + 1]):
            adds += max(0, offer.add_level[place] - offer.add_above[place])
    pre, add = np.empty(pres, dtype=np.int64), np.empty(adds, dtype=np.int64)
    pres, adds = 0, 0
    for row, course in enumerate(source):
        for place in range(offer.pre_at[course], offer.pre_at[course + 1]):
            skill, level = offer.pre_skill[place], offer.pre_level[place]
            if level > have[skill]:
                pre[pres] = number[skill, level]
                pres += 1
        if pres == pre_at[row]:
            pre[pres] = TRUE
            pres += 1
        pre_at[row + 1] = pres
        for place in range(offer.add_at[course], offer.add_at[course + 1]):
            skill = offer.add_skill[place]
            for level in range(max(have[skill], offer.add_above[place]) + 1, offer.add_level[place] + 1):
                if wanted[skill] >> level & 1:
                    add[adds] = number[skill, level]
                    adds += 1
        add_at[row + 1] = adds
    return pre_at, pre[:pres], add_at, add[:adds]
