"""The level somebody may well have above the careful one that plans read, and how likely that is."""

from __future__ import annotations

import math

from recommender.domain import MAX_LEVEL


def upper_level(mean: float, *, variance: float) -> int:
    """The whole level nearest to one standard deviation above `mean` (about one in six is beyond), 0..5.

    >>> upper_level(3.0, variance=0.81), upper_level(3.0, variance=0.1), upper_level(4.8, variance=1.0)
    (4, 3, 5)
    """
    return min(max(math.floor(mean + math.sqrt(variance) + 0.5), 0), MAX_LEVEL)


def chance_of(level: int, *, mean: float, variance: float) -> float:
    """The probability, 0..1, that N(mean, variance) rounds to `level` or more.

    >>> round(chance_of(4, mean=3.0, variance=0.81), 2), chance_of(3, mean=3.0, variance=0.0)
    (0.29, 1.0)
    """
    distance = level - 0.5 - mean
    if variance <= 0:
        return 1.0 if distance <= 0 else 0.0
    return 0.5 * math.erfc(distance / math.sqrt(2 * variance))
