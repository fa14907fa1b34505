"""Intervals by the bootstrap, drawing whole groups (people, employers) where rows belong together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def rounded(self, digits: int = 4) -> dict[str, float]:
        """For JSON.

        >>> Interval(value=0.12345, low=0.1, high=0.15).rounded(3)
        {'value': 0.123, 'low': 0.1, 'high': 0.15}
        """
        return {name: round(getattr(self, name), digits) for name in ("value", "low", "high")}


def interval(
    statistic: Callable[[NDArray[np.intp]], float],
    *,
    groups: Sequence[object],
    seed: int,
    draws: int = DRAWS,
) -> Interval:
    """The percentile bootstrap of `statistic`, a function of row numbers (Efron & Tibshirani 1993, ch. 13).

    `groups` names each row's group; groups are drawn with replacement, with all their rows. A draw for which
    the statistic is not a number (one class only) is left out.

    >>> values = np.arange(100.0)
    >>> found = interval(lambda rows: float(values[rows].mean()), groups=range(100), seed=1)
    >>> found.value, found.low < 49.5 < found.high
    (49.5, True)
    """
    if not len(groups):
        raise ValueError("there are no rows to draw from")
    numbers: dict[object, int] = {}
    codes = np.array([numbers.setdefault(group, len(numbers)) for group in groups])
    by_group = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    starts = np.cumsum(sizes) - sizes
    rng = np.random.default_rng(seed)
    alone = len(sizes) == len(codes)
    drawn = []
    for _ in range(draws):
        pick = rng.integers(len(sizes), size=len(sizes))
        rows = by_group[pick] if alone else by_group[_ranges(starts[pick], sizes[pick])]
        drawn.append(statistic(rows))
    finite = np.array([value for value in drawn if np.isfinite(value)])
    value = statistic(np.arange(len(codes)))
    if not len(finite):
        return Interval(value=value, low=value, high=value)
    low, high = np.quantile(finite, [0.025, 0.975])
    return Interval(value=value, low=float(low), high=float(high))


def _ranges(starts: NDArray[np.intp], sizes: NDArray[np.intp]) -> NDArray[np.intp]:
    """The numbers from each start on, as many as its size, one range after another."""
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(int(sizes.sum()))
