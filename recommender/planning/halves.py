"""Zero-half cuts: rows that hold for whole answers only, found where rows add up to something odd.

Rows with whole coefficients are added up, each variable with an odd sum gets its lower or upper bound added,
and all is halved: where the limit was odd, rounding it down cuts off answers that lie half between. Caprara
and Fischetti, "{0, 1/2}-Chvatal-Gomory cuts" (Mathematical Programming 74, 1996). Which rows to add is found
by elimination modulo 2, as by Koster, Zymolka and Kutschka, "Algorithms to separate {0, 1/2}-Chvatal-Gomory
cuts" (Algorithmica 55, 2009).
"""

from __future__ import annotations

import numpy as np

from recommender.planning import backend
from recommender.planning.program import Rows
from recommender.planning.task import FloatArray

BROKEN = 0.02
"""By how much an answer must break a cut for that to be added."""
MOST = 20
"""Cuts at a time: of those found the ones that lose least by halving."""


def cuts(rows: Rows, answer: FloatArray) -> Rows | None:
    """Rows that every whole answer to `rows` keeps and `answer` (a value from 0 to 1 per variable) breaks;
    None: none were found. All coefficients and limits of `rows` must be whole."""
    at, columns, values, limits = backend.loops().halves(
        np.concatenate([[0], np.cumsum(rows.lengths)]),
        rows.columns,
        np.rint(rows.values).astype(np.int64),
        np.rint(rows.limits).astype(np.int64),
        answer,
        BROKEN,
        MOST,
    )
    if not len(limits):
        return None
    return Rows(np.diff(at), columns, values.astype(np.float64), limits.astype(np.float64))
