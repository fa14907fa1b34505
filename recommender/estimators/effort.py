"""How many hours a course really takes: declared hours times a log-normal factor, and trying again.

log(actual / declared) = provider effect + course effect + noise, the provider's shrunk to the overall one by
m / (m + k) (empirical Bayes, Efron & Morris 1975), the course's to its provider's, and a learner's own pace
likewise. Where all data are of one course, all levels learn from it: five attempts then count about half
(1 - (20 / 25)**3), not a fifth. Without data the factor's median is 1: an assumption, as are its spread and
the bounds.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

FACTOR_BOUNDS = (0.5, 2.5)
ASSUMED_SPREAD = 0.4
"""Standard deviation of the log factor while there are no data."""
SHRINK = 20.0
LEAST_COMPLETION = 0.2
REDONE = 0.5
"""The share of a course that is done again after giving up once: an assumption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A finished course with the hours it took, both above zero; an empty name stands for none."""

    provider: str
    learner: str
    declared: float
    actual: float
    course: str = ""

    def __post_init__(self) -> None:
        if not (0 < self.declared < math.inf and 0 < self.actual < math.inf):
            raise ValueError(f"hours must be above zero, got {self.declared} and {self.actual}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours that half (P50) and four fifths (P80) of people stay within, and the mean; bounded."""

    p50: float
    p80: float
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Log factors: overall, by provider, by course within it, by learner; and their spread."""

    overall: float = 0.0
    providers: Mapping[str, float] | None = None
    courses: Mapping[str, float] | None = None
    learners: Mapping[str, float] | None = None
    spread: float = ASSUMED_SPREAD

    def centre(self, *, provider: str = "", course: str = "", learner: str = "") -> float:
        """The log of the median factor, not bounded yet."""
        effects = (self.providers, provider), (self.courses, course), (self.learners, learner)
        return self.overall + sum((known or {}).get(name, 0.0) for known, name in effects)

    def pace(self, done: Sequence[Done], *, shrink: float = SHRINK) -> float:
        """The log factor of one person who did `done`, beyond what their providers and courses explain.

        >>> Effort().pace([])
        0.0
        """
        left = [
            math.log(one.actual / one.declared) - self.centre(provider=one.provider, course=one.course)
            for one in done
        ]
        return math.fsum(left) / (len(left) + shrink)

    def hours(self, declared: float, *, provider: str = "", course: str = "", learner: str = "") -> Hours:
        """Hours for a course of `declared` hours; P50 and P80 within 0.5 to 2.5 times them.

        >>> Effort().hours(10)
        Hours(p50=10.0, p80=14.002, mean=10.819)
        """
        centre = self.centre(provider=provider, course=course, learner=learner)
        return Hours(
            p50=round(declared * _bounded(math.exp(centre)), 3),
            p80=round(declared * _bounded(math.exp(centre + self.spread * _EIGHTY)), 3),
            mean=round(declared * _truncated_mean(centre, self.spread), 3),
        )


_NORMAL = statistics.NormalDist()
_EIGHTY = _NORMAL.inv_cdf(0.8)


def fit(done: Sequence[Done], *, shrink: float = SHRINK, spread: float = ASSUMED_SPREAD) -> Effort:
    """Learn the factors; each effect counts m / (m + shrink) of what its m courses show.

    `spread` is the assumed one, which counts as `shrink` courses.

    >>> many = [Done(provider="p", learner=str(n), declared=10, actual=20) for n in range(80)]
    >>> fit([]).hours(10).p50, 15 < fit(many).hours(10, provider="p").p50 < 20
    (10.0, True)
    """
    ordered = sorted(done, key=lambda one: (one.provider, one.course, one.learner, one.declared, one.actual))
    if not ordered:
        return Effort(spread=spread)
    logs = np.array([math.log(one.actual / one.declared) for one in ordered])
    # The factor 1 counts as `shrink` courses, so a handful cannot turn the whole catalogue.
    overall = float(logs.sum() / (len(logs) + shrink))
    left = logs - overall
    found = []
    for names in (
        [one.provider for one in ordered],
        [one.course for one in ordered],
        [one.learner for one in ordered],
    ):
        effects = _effects(names, left, shrink)
        left = left - np.array([effects.get(name, 0.0) for name in names])
        found.append(effects)
    providers, courses, learners = found
    variance = (shrink * spread**2 + float(left @ left)) / (shrink + len(logs))
    return Effort(
        overall=overall, providers=providers, courses=courses, learners=learners, spread=math.sqrt(variance)
    )


def _effects(
    names: Sequence[str], logs: np.ndarray[tuple[int], np.dtype[np.float64]], shrink: float
) -> dict[str, float]:
    sums: dict[str, float] = {}
    counts: dict[str, int] = {}
    for name, log in zip(names, logs.tolist(), strict=True):
        if not name:
            continue
        sums[name] = sums.get(name, 0.0) + log
        counts[name] = counts.get(name, 0) + 1
    return {name: sums[name] / (counts[name] + shrink) for name in sums}


def with_retry(hours: float, *, completion: float, redone: float = REDONE) -> float:
    """Expected hours until the course is completed: hours * (1 + (1 - p) / p * redone), p at least 0.2.

    So at most hours * (1 + 4 * redone).

    >>> with_retry(10, completion=1), with_retry(10, completion=0.5), with_retry(10, completion=0)
    (10.0, 15.0, 30.0)
    """
    if not 0 <= completion <= 1 or not 0 <= redone <= 1:
        raise ValueError(f"expected a probability and a share, got {completion} and {redone}")
    p = max(completion, LEAST_COMPLETION)
    return hours * (1 + (1 - p) / p * redone)


def _bounded(factor: float) -> float:
    return min(max(factor, FACTOR_BOUNDS[0]), FACTOR_BOUNDS[1])


def _truncated_mean(centre: float, spread: float) -> float:
    """E[min(max(X, low), high)] of a log-normal X: what the bounds leave of its mean."""
    low, high = FACTOR_BOUNDS
    a, b = ((math.log(bound) - centre) / spread for bound in FACTOR_BOUNDS)
    inside = math.exp(centre + spread**2 / 2) * (_NORMAL.cdf(b - spread) - _NORMAL.cdf(a - spread))
    return low * _NORMAL.cdf(a) + inside + high * _NORMAL.cdf(-b)
