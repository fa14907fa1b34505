"""Halved rows: see `loops.halving`."""

from __future__ import annotations

import numpy as np

from recommender.planning.arrays.rows import owners, starts
from recommender.planning.task import BoolArray, FloatArray, IntArray

WHOLE = 1e-6
HALF = 0.5


def halves(
    at: IntArray,
    column: IntArray,
    factor: IntArray,
    limit: IntArray,
    value: FloatArray,
    least: float,
    most: int,
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """See `loops.halves`; sums in the order of the entries, as there."""
    below = 1 - 2 * least
    rows = np.zeros((len(limit), len(value)), dtype=np.int64)
    rows[owners(at), column] = factor
    weight = np.minimum(value, 1 - value)
    order = np.argsort(-weight, kind="stable")
    order = order[weight[order] > WHOLE]
    weight, odd = weight[order], rows[:, order] % 2 == 1
    reached = np.bincount(owners(at), weights=factor * value[column], minlength=len(limit))
    slack = np.maximum(0.0, limit - reached)
    is_odd = (limit + rows[:, value > HALF].sum(axis=1)) % 2 == 1
    near = np.flatnonzero((slack < below) & (odd.any(axis=1) | is_odd))
    rows, limit, odd, slack, is_odd = rows[near], limit[near], odd[near], slack[near], is_odd[near]
    added, is_done = np.eye(len(near), dtype=np.bool_), np.zeros(len(near), dtype=np.bool_)
    best: list[tuple[float, BoolArray]] = []

    def keep(row: int) -> None:
        loss = sum(weight[odd[row]].tolist(), float(slack[row]))
        if is_odd[row] and loss < below and (len(best) < most or loss < best[-1][0]):
            best.append((loss, added[row].copy()))
            best.sort(key=lambda one: one[0])
            del best[most:]

    for row in range(len(near)):
        keep(row)
    for column_now in range(len(order)):
        having = np.flatnonzero(odd[:, column_now] & ~is_done)
        if not len(having):
            continue
        pivot = having[np.argmin(slack[having])]
        is_done[pivot] = True
        for row in having[having != pivot].tolist():
            odd[row] ^= odd[pivot]
            added[row] ^= added[pivot]
            is_odd[row] ^= is_odd[pivot]
            slack[row] += slack[pivot]
            is_done[row] = slack[row] >= below
            if not is_done[row]:
                keep(row)
    found: list[tuple[IntArray, int]] = []
    for _, chosen in best:
        total = rows[chosen].sum(axis=0)
        raised = (total % 2 == 1) & (value > HALF)
        half, most_of_it = (total + raised) // 2, (int(limit[chosen].sum()) + int(raised.sum())) // 2
        if sum((half * value)[half != 0].tolist(), 0.0) - most_of_it > least:
            found.append((half, most_of_it))
    ends = starts(np.array([int((half != 0).sum()) for half, _ in found], dtype=np.int64))
    columns = [np.zeros(0, dtype=np.int64), *(np.flatnonzero(half) for half, _ in found)]
    factors = [np.zeros(0, dtype=np.int64), *(half[half != 0] for half, _ in found)]
    limits = np.array([one for _, one in found], dtype=np.int64)
    return ends, np.concatenate(columns), np.concatenate(factors), limits
