"""Ragged rows: see `loops.rows`."""

from __future__ import annotations

import numpy as np

from recommender.planning.task import BoolArray, IntArray

WORD = 64


def picked(source: IntArray, at: IntArray) -> tuple[IntArray, IntArray]:
    """Owner (place in `source`) and place of every item in the rows `source`."""
    lengths = at[source + 1] - at[source]
    owner = np.repeat(np.arange(len(source)), lengths)
    begins = at[source] - (np.cumsum(lengths) - lengths)
    return owner, np.arange(len(owner)) + begins[owner]


def starts(lengths: IntArray) -> IntArray:
    starts: IntArray = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    return starts


def selected(at: IntArray, item: IntArray, rows: BoolArray, number: IntArray) -> tuple[IntArray, IntArray]:
    """See `loops.selected`."""
    owner, found = owners(at), number[item]
    kept = rows[owner] & (found >= 0)
    return starts(np.bincount(owner[kept], minlength=len(rows))[rows]), found[kept]


def without(at: IntArray, item: IntArray, bits: IntArray, whole: BoolArray) -> tuple[IntArray, IntArray]:
    """See `loops.without`."""
    owner = owners(at)
    kept = (bits[owner, item // WORD] >> (item % WORD) & 1 == 0) | whole[owner]
    return starts(np.bincount(owner[kept], minlength=len(at) - 1)), item[kept]


def lifted(
    at: IntArray, item: IntArray, of_at: IntArray, of: IntArray, allowed: BoolArray
) -> tuple[IntArray, IntArray]:
    """See `loops.lifted`."""
    place, position = picked(item, of_at)
    owner, found = owners(at)[place], of[position]
    owner, found = owner[allowed[found]], found[allowed[found]]
    order = np.lexsort((found, owner))
    return starts(np.bincount(owner, minlength=len(at) - 1)), found[order]


def inverted(at: IntArray, item: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """See `loops.inverted`."""
    return starts(np.bincount(item, minlength=count)), owners(at)[np.argsort(item, kind="stable")]


def owners(at: IntArray) -> IntArray:
    return np.repeat(np.arange(len(at) - 1), np.diff(at))
