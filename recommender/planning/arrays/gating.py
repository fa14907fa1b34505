"""Gates: see `loops.gating`."""

from __future__ import annotations

import numpy as np

from recommender.planning.task import TRUE, FloatArray, IntArray, Lists


def gates(
    lists: Lists, before: IntArray, x: FloatArray, y: FloatArray, least: float
) -> tuple[IntArray, IntArray, IntArray]:
    """See `loops.gates`; sums in the order of the givers, as there."""
    facts = len(lists.need_at) - 1
    found, rows = [], []
    for fact in (np.flatnonzero(y[TRUE + 1 :] > least) + TRUE + 1).tolist():
        givers = lists.give[lists.give_at[fact] : lists.give_at[fact + 1]]
        givers = givers[x[givers] > 0]
        stands = np.unpackbits(before[givers].view(np.uint8), axis=1, bitorder="little")[:, :facts]
        open_x, chosen = x[givers].copy(), []
        value = sum(open_x.tolist())
        while True:
            behind = np.zeros(facts)
            for row, share in zip(stands, open_x, strict=True):
                behind += row * share
            gain = behind - y
            gain[[TRUE, fact]] = 0.0
            best = int(gain.argmax())
            if gain[best] <= least:
                break
            value -= gain[best]
            chosen.append(best)
            open_x[stands[:, best] == 1] = 0.0
        if chosen and value < y[fact] - least:
            found.append(fact)
            rows.append(chosen)
    at = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    gate = np.array([one for row in rows for one in row], dtype=np.int64)
    return np.array(found, dtype=np.int64), at, gate
