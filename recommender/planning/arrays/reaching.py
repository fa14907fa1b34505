"""What can be reached on an offer: see `loops.reaching`."""

from __future__ import annotations

import numpy as np

from recommender.planning.arrays.rows import owners, picked, starts
from recommender.planning.offer import Offered
from recommender.planning.task import TRUE, BoolArray, IntArray


def reach(offer: Offered, have: IntArray, banned: BoolArray) -> tuple[IntArray, BoolArray]:
    """See `loops.reach`."""
    level = have.copy()
    can = np.zeros(len(banned), dtype=np.bool_)
    owner = owners(offer.add_at)
    while True:
        met = level[offer.pre_skill] >= offer.pre_level
        now = np.logical_and.reduceat(met, offer.pre_at[:-1]) & ~banned if len(banned) else can
        if (now == can).all():
            return level, can
        given = (now & ~can)[owner]
        np.maximum.at(level, offer.add_skill[given], offer.add_level[given])
        can = now


def relevant(
    offer: Offered,
    have: IntArray,
    can: BoolArray,
    goal_skill: IntArray,
    goal_level: IntArray,
    seeds: IntArray,
) -> tuple[BoolArray, IntArray]:
    """See `loops.relevant`."""
    wanted = np.zeros(len(have), dtype=np.int64)
    is_open = goal_level > have[goal_skill]
    np.bitwise_or.at(wanted, goal_skill[is_open], 1 << goal_level[is_open])
    useful = np.zeros(len(can), dtype=np.bool_)
    useful[seeds] = can[seeds]
    pre_owner, add_owner = owners(offer.pre_at), owners(offer.add_at)
    asks = offer.pre_level > have[offer.pre_skill]
    inside = np.maximum((2 << offer.add_level) - (2 << offer.add_above), 0)
    before = -1
    while (count := int(useful.sum()) + int(np.bitwise_count(wanted).sum())) != before:
        before = count
        asked = asks & useful[pre_owner]
        np.bitwise_or.at(wanted, offer.pre_skill[asked], 1 << offer.pre_level[asked])
        helps = (wanted[offer.add_skill] & inside) != 0
        useful[add_owner[helps]] = True
        useful &= can
    return useful, wanted


def grounded(
    offer: Offered, source: IntArray, have: IntArray, wanted: IntArray, number: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """See `loops.grounded`."""
    owner, place = picked(source, offer.pre_at)
    skill, level = offer.pre_skill[place], offer.pre_level[place]
    is_open = level > have[skill]
    counts = np.bincount(owner[is_open], minlength=len(source))
    filled = np.maximum(counts, 1)
    pre = np.full(int(filled.sum()), TRUE, dtype=np.int64)
    pre[np.repeat(counts > 0, filled)] = number[skill[is_open], level[is_open]]
    owner, place = picked(source, offer.add_at)
    skill = offer.add_skill[place]
    above, up_to = np.maximum(have[skill], offer.add_above[place]), offer.add_level[place]
    levels = np.arange(number.shape[1])
    is_wanted = wanted[skill][:, None] >> levels & 1 == 1
    row, column = np.nonzero(is_wanted & (levels > above[:, None]) & (levels <= up_to[:, None]))
    adds = np.bincount(owner[row], minlength=len(source))
    return starts(filled), pre, starts(adds), number[skill[row], column]
