"""Does a probability rank well? The area under the ROC curve."""

from __future__ import annotations

import numpy as np
import scipy  # its statistics are loaded at their first use
from numpy.typing import NDArray


def auc(predicted: NDArray[np.float64], outcomes: NDArray[np.float64]) -> float:
    """P(a success is ranked above a failure), ties counting half (Hanley & McNeil 1982); nan on one class.

    >>> auc(np.array([0.1, 0.4, 0.4, 0.9]), np.array([0.0, 0.0, 1.0, 1.0]))
    0.875
    """
    good = int(outcomes.sum())
    bad = len(outcomes) - good
    if not good or not bad:
        return float("nan")
    ranks = scipy.stats.rankdata(predicted)
    return float((ranks[outcomes == 1].sum() - good * (good + 1) / 2) / (good * bad))
