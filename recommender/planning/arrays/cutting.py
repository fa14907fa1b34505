"""LM-cut: see `loops.cutting`."""

from __future__ import annotations

import numpy as np

from recommender.planning.arrays.estimating import crux, h_max, lowered
from recommender.planning.arrays.rows import owners
from recommender.planning.task import TRUE, IntArray, Lists


def lm_cut(lists: Lists, left: IntArray, goals: IntArray, most: int) -> tuple[IntArray, IntArray, IntArray]:
    """See `loops.lm_cut`."""
    value = h_max(lists, left)
    landmarks: list[IntArray] = []
    shares: list[int] = []
    while len(landmarks) < most:
        still_open = goals[value[goals] > 0]
        if not len(still_open):
            break
        goal = still_open[np.argmax(value[still_open])]
        found = _cut(lists, left, value, int(goal))
        shares.append(int(left[found].min()))
        left[found] -= shares[-1]
        value = lowered(lists, left, value)
        landmarks.append(found)
    at = np.cumsum([0, *map(len, landmarks)])
    return at, np.concatenate([np.zeros(0, dtype=np.int64), *landmarks]), np.array(shares, dtype=np.int64)


def _cut(lists: Lists, left: IntArray, value: IntArray, goal: int) -> IntArray:
    """Courses that lead from the facts before into the zone from which `goal` costs nothing more."""
    crux_of = crux(lists, value)
    owner = owners(lists.add_at)
    zone = np.zeros(len(lists.need_at) - 1, dtype=np.bool_)
    zone[goal] = True
    count = 0
    enters = np.zeros(len(left), dtype=np.bool_)
    while (now := int(zone.sum())) != count:
        count = now
        enters = np.logical_or.reduceat(zone[lists.add], lists.add_at[:-1])
        zone[crux_of[enters & (left == 0)]] = True
    ahead = np.zeros(len(zone), dtype=np.bool_)
    ahead[TRUE] = True
    outside = ~zone[lists.add]
    count = 0
    while (now := int(ahead.sum())) != count:
        count = now
        ahead[lists.add[ahead[crux_of][owner] & outside]] = True
    found: IntArray = np.flatnonzero(ahead[crux_of] & enters)
    return found
