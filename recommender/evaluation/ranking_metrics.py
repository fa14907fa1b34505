"""Metrics of a ranking against gold labels, and their bootstrap intervals by group."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

METRICS = ("rp@1", "rp@5", "r@10", "mrr")
_RESAMPLES = 2000
_LEVEL = 95.0


def r_precision_at(ranking: Sequence[str], gold: Collection[str], *, k: int) -> float:
    """Hits in the top k / min(k, number of gold labels).

    >>> r_precision_at(["a", "b", "c"], {"b", "d"}, k=2)
    0.5
    """
    return len(set(ranking[:k]) & set(gold)) / min(k, len(gold))


def recall_at(ranking: Sequence[str], gold: Collection[str], *, k: int) -> float:
    """Hits in the top k / number of gold labels."""
    return len(set(ranking[:k]) & set(gold)) / len(gold)


def reciprocal_rank(ranking: Sequence[str], gold: Collection[str]) -> float:
    """1 / rank of the first hit; 0 without one."""
    return next((1 / rank for rank, one in enumerate(ranking, start=1) if one in gold), 0.0)


def measure(ranking: Sequence[str], gold: Collection[str]) -> dict[str, float]:
    """All metrics of one query with at least one gold label, 0..1."""
    return {
        "rp@1": r_precision_at(ranking, gold, k=1),
        "rp@5": r_precision_at(ranking, gold, k=5),
        "r@10": recall_at(ranking, gold, k=10),
        "mrr": reciprocal_rank(ranking, gold),
    }


def per_cent(values: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Mean of each metric over queries, in per cent."""
    return {name: round(100 * float(np.mean([one[name] for one in values])), 2) for name in METRICS}


def interval(values: Sequence[float], groups: Sequence[str], *, seed: int) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean, whole groups drawn with replacement."""
    low, high = np.percentile(_resampled(values, groups, seed=seed), [50 - _LEVEL / 2, 50 + _LEVEL / 2])
    return float(low), float(high)


def interval_of_average(
    parts: Sequence[tuple[Sequence[float], Sequence[str]]], *, seed: int
) -> tuple[float, float]:
    """The same of the unweighted mean over files, each (values, groups) drawn by itself."""
    draws = [_resampled(values, groups, seed=seed + n) for n, (values, groups) in enumerate(parts)]
    low, high = np.percentile(np.mean(draws, axis=0), [50 - _LEVEL / 2, 50 + _LEVEL / 2])
    return float(low), float(high)


def _resampled(values: Sequence[float], groups: Sequence[str], *, seed: int) -> NDArray[np.float64]:
    _, owner = np.unique(np.array(groups), return_inverse=True)
    sums = np.bincount(owner, weights=np.asarray(values, float))
    sizes = np.bincount(owner)
    drawn = np.random.default_rng(seed).integers(len(sums), size=(_RESAMPLES, len(sums)))
    return np.asarray(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1))


def calibration_error(chances: Sequence[float], hits: Sequence[bool], *, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins (Naeini et al. 2015), 0..1; 0 for nothing."""
    if not chances:
        return 0.0
    predicted, true = np.asarray(chances, float), np.asarray(hits, float)
    place = np.minimum((predicted * bins).astype(int), bins - 1)
    gaps = np.abs(np.bincount(place, predicted - true, minlength=bins))
    return float(gaps.sum() / len(predicted))
