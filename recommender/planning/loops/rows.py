"""Ragged rows, `item[at[i]:at[i + 1]]`, turned round and thinned out."""

from __future__ import annotations

import numpy as np

from recommender.planning.loops.compiling import WORD, compiled
from recommender.planning.task import BoolArray, IntArray


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


@compiled
def selected(at: IntArray, item: IntArray, rows: BoolArray, number: IntArray) -> tuple[IntArray, IntArray]:
    """The chosen `rows`, with `number[item]` for each item, without those of which that is negative."""
    count = 0
    for row in range(len(rows)):
        count += rows[row]
    start = np.zeros(count + 1, dtype=np.int64)
    found = np.empty(len(item), dtype=np.int64)
    count, used = 0, 0
    for row in range(len(rows)):
        if not rows[row]:
            continue
        for entry in range(at[row], at[row + 1]):
            if number[item[entry]] >= 0:
                found[used] = number[item[entry]]
                used += 1
        count += 1
        start[count] = used
    return start, found[:used]


@compiled
def without(at: IntArray, item: IntArray, bits: IntArray, whole: BoolArray) -> tuple[IntArray, IntArray]:
    """The rows without the items whose bit is set in their row of `bits`; those in `whole` stay as they
    are."""
    start = np.zeros(len(at), dtype=np.int64)
    found = np.empty(len(item), dtype=np.int64)
    used = 0
    for row in range(len(at) - 1):
        for entry in range(at[row], at[row + 1]):
            value = item[entry]
            if whole[row] or not bits[row, value // WORD] >> np.int64(value % WORD) & 1:
                found[used] = value
                used += 1
        start[row + 1] = used
    return start, found[:used]


@compiled
def lifted(
    at: IntArray, item: IntArray, of_at: IntArray, of: IntArray, allowed: BoolArray
) -> tuple[IntArray, IntArray]:
    """The rows with each item replaced by those `allowed` of its row in `of`, ascending."""
    count = 0
    for entry in range(len(item)):
        count += of_at[item[entry] + 1] - of_at[item[entry]]
    start = np.zeros(len(at), dtype=np.int64)
    found = np.empty(count, dtype=np.int64)
    used = 0
    for row in range(len(at) - 1):
        for entry in range(at[row], at[row + 1]):
            for place in range(of_at[item[entry]], of_at[item[entry] + 1]):
                if allowed[of[place]]:
                    found[used] = of[place]
                    used += 1
        start[row + 1] = used
        found[start[row] : used] = np.sort(found[start[row] : used])
    return start, found[:used]
