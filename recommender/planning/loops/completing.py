"""Plans taken from supporters, executed, completed and cleaned up."""

from __future__ import annotations

import numpy as np

from recommender.planning.loops.compiling import compiled
from recommender.planning.loops.estimating import h_add
from recommender.planning.task import TRUE, BoolArray, IntArray, Lists


@compiled
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


@compiled
def closure(lists: Lists, plan: IntArray, holds: BoolArray) -> IntArray:
    """The courses of `plan` that can be taken, in a valid order; `holds` is kept up to date."""
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


@compiled
def _is_ready(lists: Lists, course: int, holds: BoolArray) -> bool:
    for place in range(lists.pre_at[course], lists.pre_at[course + 1]):
        if not holds[lists.pre[place]]:
            return False
    return True


@compiled
def without_waste(lists: Lists, cost: IntArray, goals: IntArray, plan: IntArray) -> IntArray:
    """Reverse-delete: drop, dearest first, each course the others can do without; in a valid order."""
    facts = len(lists.need_at) - 1
    holds = np.zeros(facts, dtype=np.bool_)
    holds[TRUE] = True
    # In a valid order, so that most are ready when their turn comes.
    kept = closure(lists, np.sort(plan), holds)
    names = np.sort(kept)
    tried = np.zeros(len(names), dtype=np.bool_)
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
            kept = rest
    holds[:] = False
    holds[TRUE] = True
    order: IntArray = closure(lists, np.sort(kept), holds)
    return order


@compiled
def _all_hold(goals: IntArray, holds: BoolArray) -> bool:
    for goal in goals:
        if not holds[goal]:
            return False
    return True


@compiled
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
