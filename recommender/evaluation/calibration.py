"""Is a probability what it says? Brier score and expected calibration error."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 10


def brier(predicted: NDArray[np.float64], outcomes: NDArray[np.float64]) -> float:
    """The mean squared difference from what came true (Brier 1950).

    >>> brier(np.array([0.5, 1.0]), np.array([1.0, 1.0]))
    0.125
    """
    return float(((predicted - outcomes) ** 2).mean())


def calibration_error(
    predicted: NDArray[np.float64], outcomes: NDArray[np.float64], *, bins: int = BINS
) -> float:
    """|mean prediction - share that came true|, averaged over equally wide bins by their rows (ECE).

    >>> round(calibration_error(np.array([0.2, 0.2, 0.9, 0.9]), np.array([0.0, 1.0, 1.0, 1.0])), 3)
    0.2
    """
    places = np.minimum((predicted * bins).astype(np.intp), bins - 1)
    off = np.bincount(places, weights=predicted - outcomes, minlength=bins)
    return float(np.abs(off).sum() / len(predicted))
