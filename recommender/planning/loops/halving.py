"""Rows halved where they add up to something odd: see `planning.halves`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recommender.planning.loops.compiling import WORD, compiled
from recommender.planning.task import BoolArray, FloatArray, IntArray

WHOLE = 1e-6
"""How far from 0 and 1 a value may lie to count as whole."""


class _Sums(NamedTuple):
    """Sums of rows modulo 2: `bits` are the columns with an odd sum, in the first `words`, then the rows that
    were added up; `is_odd` says so of the limit. Those that are done were added to all others or are of no
    more use."""

    bits: IntArray
    is_odd: BoolArray
    slack: FloatArray
    is_done: BoolArray


class _Best(NamedTuple):
    """The sums of least loss, the lowest first: which rows each adds up (as bits), and what it loses."""

    rows: IntArray
    loss: FloatArray


@compiled
def halves(
    at: IntArray,
    column: IntArray,
    factor: IntArray,
    limit: IntArray,
    value: FloatArray,
    least: float,
    most: int,
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Up to `most` halved sums of rows that `value` (0 to 1) breaks by more than `least`.

    Row i is `factor[at[i]:at[i + 1]]` of the columns `column[at[i]:at[i + 1]]`, at most `limit[i]`; rows of
    the same form come back. Column after column is eliminated modulo 2, the one furthest from whole first,
    with the row of least slack that has it.
    """
    below = 1 - 2 * least
    weight = np.minimum(value, 1 - value)
    order = np.argsort(-weight, kind="mergesort")
    place = np.full(len(value), -1, dtype=np.int64)
    columns = 0
    while columns < len(order) and weight[order[columns]] > WHOLE:
        place[order[columns]] = columns
        columns += 1
    weight = weight[order[:columns]]
    near, slack, is_odd = _near(at, column, factor, limit, value, place, below)
    words = (columns + WORD - 1) // WORD
    sums = _Sums(
        np.zeros((len(near), words + (len(near) + WORD - 1) // WORD), dtype=np.int64),
        is_odd,
        slack,
        np.zeros(len(near), dtype=np.bool_),
    )
    for row in range(len(near)):
        for entry in range(at[near[row]], at[near[row] + 1]):
            odd = place[column[entry]]
            if odd >= 0 and factor[entry] % 2:
                sums.bits[row, odd // WORD] ^= np.int64(1) << np.int64(odd % WORD)
        sums.bits[row, words + row // WORD] |= np.int64(1) << np.int64(row % WORD)
    best = _Best(np.zeros((most, sums.bits.shape[1] - words), dtype=np.int64), np.full(most, np.inf))
    for row in range(len(near)):
        _keep(sums, row, words, weight, below, best)
    for odd in range(columns):
        _eliminate(sums, odd, words, weight, below, best)
    return _halved(at, column, factor, limit, value, near, best, least)


@compiled
def _near(
    at: IntArray,
    column: IntArray,
    factor: IntArray,
    limit: IntArray,
    value: FloatArray,
    place: IntArray,
    below: float,
) -> tuple[IntArray, FloatArray, BoolArray]:
    """Rows with a slack `below` that have an odd factor in a column with a `place`, or an odd limit once each
    value is counted from the whole number nearest to it; their slacks, and whether the limit is odd."""
    rows = len(limit)
    near = np.empty(rows, dtype=np.int64)
    slack = np.empty(rows, dtype=np.float64)
    is_odd = np.zeros(rows, dtype=np.bool_)
    count = 0
    for row in range(rows):
        reached, parity, divided = 0.0, limit[row] % 2, False
        for entry in range(at[row], at[row + 1]):
            reached += factor[entry] * value[column[entry]]
            if factor[entry] % 2:
                parity ^= value[column[entry]] > 0.5
                divided |= place[column[entry]] >= 0
        left = max(0.0, limit[row] - reached)
        if left < below and (divided or parity):
            near[count] = row
            slack[count] = left
            is_odd[count] = parity == 1
            count += 1
    return near[:count], slack[:count], is_odd[:count]


@compiled
def _eliminate(sums: _Sums, odd: int, words: int, weight: FloatArray, below: float, best: _Best) -> None:
    """Add the row of least slack with an odd sum in the column `odd` to all others that have one there."""
    word, bit = odd // WORD, np.int64(odd % WORD)
    pivot = -1
    for row in range(len(sums.slack)):
        if sums.is_done[row] or not sums.bits[row, word] >> bit & 1:
            continue
        if pivot < 0 or sums.slack[row] < sums.slack[pivot]:
            pivot = row
    if pivot < 0:
        return
    sums.is_done[pivot] = True
    for row in range(len(sums.slack)):
        if sums.is_done[row] or not sums.bits[row, word] >> bit & 1:
            continue
        sums.bits[row] ^= sums.bits[pivot]
        sums.is_odd[row] ^= sums.is_odd[pivot]
        sums.slack[row] += sums.slack[pivot]
        if sums.slack[row] < below:
            _keep(sums, row, words, weight, below, best)
        else:
            sums.is_done[row] = True


@compiled
def _keep(sums: _Sums, row: int, words: int, weight: FloatArray, below: float, best: _Best) -> None:
    """Note the sum of `row` among the best ones where it is odd and loses little."""
    if not sums.is_odd[row]:
        return
    loss = sums.slack[row]
    for word in range(words):
        left = sums.bits[row, word]
        if left == 0:
            continue
        for bit in range(min(WORD, len(weight) - word * WORD)):
            if left >> np.int64(bit) & 1:
                loss += weight[word * WORD + bit]
    place = len(best.loss) - 1
    if loss >= below or loss >= best.loss[place]:
        return
    while place > 0 and best.loss[place - 1] > loss:
        best.loss[place] = best.loss[place - 1]
        best.rows[place] = best.rows[place - 1]
        place -= 1
    best.loss[place] = loss
    best.rows[place] = sums.bits[row, words:]


@compiled
def _halved(
    at: IntArray,
    column: IntArray,
    factor: IntArray,
    limit: IntArray,
    value: FloatArray,
    near: IntArray,
    best: _Best,
    least: float,
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """The best sums, with a bound of each variable that has an odd factor added, halved and rounded down."""
    count, size = 0, 0
    while count < len(best.loss) and np.isfinite(best.loss[count]):
        count += 1
    for row in range(len(near)):
        size += count * (at[near[row] + 1] - at[near[row]])
    half_at, half_limit = np.zeros(count + 1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    half_column, half_factor = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    added = np.zeros(len(value), dtype=np.int64)
    rows, used = 0, 0
    for number in range(count):
        added[:] = 0
        total = np.int64(0)
        for row in range(len(near)):
            if best.rows[number, row // WORD] >> np.int64(row % WORD) & 1:
                total += limit[near[row]]
                for entry in range(at[near[row]], at[near[row] + 1]):
                    added[column[entry]] += factor[entry]
        first, reached = used, 0.0
        for one in range(len(added)):
            if added[one] % 2 and value[one] > 0.5:
                added[one] += 1
                total += 1
            half = added[one] // 2
            if half:
                half_column[used] = one
                half_factor[used] = half
                reached += half * value[one]
                used += 1
        if reached - total // 2 <= least:
            used = first
            continue
        half_limit[rows] = total // 2
        rows += 1
        half_at[rows] = used
    return half_at[: rows + 1], half_column[:used], half_factor[:used], half_limit[:rows]
