"""Estimates: see `loops.estimating`."""

from __future__ import annotations

import numpy as np

from recommender.planning.arrays.rows import owners
from recommender.planning.task import TRUE, BoolArray, IntArray, Lists

FAR = np.int64(2**52)
NOBODY = np.int64(2**31)


def reached(lists: Lists, allowed: BoolArray) -> BoolArray:
    """See `loops.reached`."""
    holds = np.zeros(len(lists.need_at) - 1, dtype=np.bool_)
    holds[TRUE] = True
    owner = owners(lists.add_at)
    count = 0
    while len(owner) and (now := int(holds.sum())) != count:
        count = now
        can = np.logical_and.reduceat(holds[lists.pre], lists.pre_at[:-1]) & allowed
        holds[lists.add[can[owner]]] = True
    return holds


def h_max(lists: Lists, cost: IntArray) -> IntArray:
    """See `loops.h_max`."""
    start = np.full(len(lists.need_at) - 1, FAR)
    start[TRUE] = 0
    return lowered(lists, cost, start)


def lowered(lists: Lists, cost: IntArray, start: IntArray) -> IntArray:
    """h_max from values `start` that are no smaller."""
    value = start.copy()
    facts, at, giver = given(lists)
    while len(giver):
        total = np.maximum.reduceat(value[lists.pre], lists.pre_at[:-1]) + cost
        best = np.minimum.reduceat(total[giver], at)
        old = value[facts]
        if not (best < old).any():
            break
        value[facts] = np.minimum(best, old)
    return value


def h_add(lists: Lists, cost: IntArray, holds: BoolArray) -> tuple[IntArray, IntArray]:
    """See `loops.h_add`. A giver is recorded only when it makes a fact strictly cheaper, so following givers
    backwards never runs in a circle, courses of cost zero included."""
    value = np.where(holds, 0, FAR)
    course = np.full(len(value), -1, dtype=np.int64)
    facts, at, giver = given(lists)
    owner = np.repeat(np.arange(len(facts)), np.diff(np.append(at, len(giver))))
    while len(giver):
        need = np.minimum(np.add.reduceat(value[lists.pre], lists.pre_at[:-1]), FAR)
        offered = np.minimum(need + cost, FAR)[giver]
        best = np.minimum.reduceat(offered, at)
        better = best < value[facts]
        if not better.any():
            break
        candidate = np.where(offered == best[owner], giver, NOBODY)
        first = np.minimum.reduceat(candidate, at)
        value[facts[better]] = best[better]
        course[facts[better]] = first[better]
    return value, course


def given(lists: Lists) -> tuple[IntArray, IntArray, IntArray]:
    """The facts that some course gives, where their givers begin, and all givers."""
    facts = np.flatnonzero(np.diff(lists.give_at))
    return facts, lists.give_at[facts], lists.give


def until_goal(lists: Lists, goals: IntArray, rest: IntArray) -> IntArray:
    """See `loops.until_goal`."""
    value = np.full(len(lists.need_at) - 1, FAR)
    value[goals] = 0
    owner = owners(lists.pre_at)
    while True:
        ahead: IntArray = np.minimum.reduceat(value[lists.add], lists.add_at[:-1])
        nearer = value.copy()
        np.minimum.at(nearer, lists.pre, np.minimum(ahead + rest, FAR)[owner])
        if (nearer == value).all():
            return ahead
        value = nearer


def crux(lists: Lists, value: IntArray) -> IntArray:
    """See `loops.crux`."""
    need = np.maximum.reduceat(value[lists.pre], lists.pre_at[:-1])
    is_highest = value[lists.pre] == need[owners(lists.pre_at)]
    place = np.where(is_highest, np.arange(len(lists.pre)), len(lists.pre))
    first: IntArray = lists.pre[np.minimum.reduceat(place, lists.pre_at[:-1])]
    return first
