"""How likely somebody is to complete a course: labelled assumptions, then counts, then a logistic model.

1. Before anybody has finished, a Beta prior per length, price, level and provider: a labelled assumption.
2. Each finished or abandoned attempt updates it: Beta-binomial.
3. Once `ENOUGH` attempts are finished, a logistic model that knows the attempt's circumstances may take over,
   only if it beats the prior on the latest cohort (`promotion`). Protected attributes are refused.

Every probability is bounded to `BOUNDS`. A model is JSON; its version is the head of its SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Self

import numpy as np
import scipy  # its statistics are loaded at their first use
from numpy.typing import NDArray

from recommender.errors import InvalidValueError, MalformedInputError
from recommender.estimators import resampling
from recommender.estimators.resampling import Interval

Floats = NDArray[np.float64]

BOUNDS = (0.05, 0.95)
ENOUGH = 200
PROTECTED = frozenset(
    {
        *("age", "age_band", "birth_date", "country", "deprivation", "disability", "ethnicity", "gender"),
        *("imd_band", "marital_status", "nationality", "race", "region", "religion", "sex"),
    }
)


# --- the prior, and counts ---


class Length(StrEnum):
    """Bands of declared hours."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


SHORT_HOURS, MEDIUM_HOURS = 10, 40


def length_of(hours: int) -> Length:
    """Short up to 10 declared hours, medium up to 40, long above.

    >>> [length_of(hours).value for hours in (10, 11, 41)]
    ['short', 'medium', 'long']
    """
    if hours <= SHORT_HOURS:
        return Length.SHORT
    return Length.MEDIUM if hours <= MEDIUM_HOURS else Length.LONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Beta:
    """A Beta distribution of a share: `good` successes, `bad` failures, real or imagined, both above zero."""

    good: float
    bad: float

    def __post_init__(self) -> None:
        if not (0 < self.good < math.inf and 0 < self.bad < math.inf):
            raise ValueError(f"both counts must be above zero, got {self.good} and {self.bad}")

    @property
    def mean(self) -> float:
        """The expected share.

        >>> Beta(good=3, bad=1).mean
        0.75
        """
        return self.good / (self.good + self.bad)

    def after(self, *, good: float, bad: float) -> Beta:
        """The distribution after so many more successes and failures.

        >>> Beta(good=1, bad=1).after(good=5, bad=2)
        Beta(good=6, bad=3)
        """
        return Beta(good=self.good + good, bad=self.bad + bad)

    def interval(self, *, within: float = 0.95) -> tuple[float, float]:
        """The central interval that holds the share with probability `within`.

        >>> low, high = Beta(good=1, bad=1).interval()
        >>> round(low, 3), round(high, 3)
        (0.025, 0.975)
        """
        low, high = scipy.stats.beta.interval(within, self.good, self.bad)
        return float(low), float(high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is assumed of a course nobody has finished yet. No data set stands behind these figures.

    They only follow the direction that is reported everywhere: long courses are left more often than short
    ones, free ones more often than paid ones (e.g. Jordan 2015 on open courses). Shares of people completing
    per (length, paid); `per_level` is added on the log-odds scale for each level above 2 that the course
    leads to, `providers` for a provider; `strength` is the weight in attempts.
    """

    shares: Mapping[tuple[Length, bool], float] = field(
        default_factory=lambda: {
            (Length.SHORT, False): 0.6,
            (Length.MEDIUM, False): 0.45,
            (Length.LONG, False): 0.35,
            (Length.SHORT, True): 0.8,
            (Length.MEDIUM, True): 0.7,
            (Length.LONG, True): 0.6,
        }
    )
    per_level: float = -0.15
    providers: Mapping[str, float] = field(default_factory=dict)
    strength: float = 10.0

    def prior(self, *, provider: str, hours: int, paid: bool, level: int) -> Beta:
        """The prior of one course.

        >>> Assumptions().prior(provider="any", hours=20, paid=True, level=2)
        Beta(good=7.0, bad=3.0)
        """
        log_odds = _logit(self.shares[length_of(hours), paid])
        log_odds += self.per_level * (level - 2) + self.providers.get(provider, 0.0)
        share = min(max(round(_expit(log_odds), 6), BOUNDS[0]), BOUNDS[1])
        return Beta(good=round(self.strength * share, 6), bad=round(self.strength * (1 - share), 6))


ASSUMPTIONS = Assumptions()


class Basis(StrEnum):
    """What a probability rests on."""

    ASSUMPTION = "assumption"
    COUNTS = "counts"
    MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A bounded probability, the 95 % interval of the course's own share, and what it rests on.

    `version` names the model, "" without one.
    """

    probability: float
    low: float
    high: float
    basis: Basis
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One person's attempt at a course, as known at enrolment. `completed` is None while it goes on."""

    learner: str
    course: str
    features: Mapping[str, float]
    completed: bool | None = None


def share(prior: Beta, *, finished: int, abandoned: int) -> float:
    """The bounded probability by counts alone.

    >>> share(Beta(good=7, bad=3), finished=1, abandoned=9)
    0.4
    """
    return _bounded(prior.after(good=finished, bad=abandoned).mean)


def expected(
    prior: Beta,
    *,
    finished: int,
    abandoned: int,
    attempt: Attempt | None = None,
    model: CompletionModel | None = None,
) -> Completion:
    """The probability of completing; without a model (the switch is off, or none is promoted) by counts.

    >>> expected(Beta(good=7, bad=3), finished=0, abandoned=0).basis.value
    'assumption'
    >>> expected(Beta(good=7, bad=3), finished=1, abandoned=9).probability
    0.4
    """
    counted = prior.after(good=finished, bad=abandoned)
    low, high = counted.interval()
    found = Completion(
        probability=share(prior, finished=finished, abandoned=abandoned),
        low=low,
        high=high,
        basis=Basis.COUNTS if finished + abandoned else Basis.ASSUMPTION,
    )
    # On a course it never saw, the model did worse than a base rate (docs/evaluation/estimators.md).
    if model is None or attempt is None or attempt.course not in model.courses_:
        return found
    probability = float(model.predict([attempt])[0])
    return replace(found, probability=probability, basis=Basis.MODEL, version=model.version)


# --- the model ---


class CompletionModel:
    """Ridge-penalised logistic regression with a shrunk intercept per course, calibrated on unseen folds.

    `features` are names of numbers known at enrolment; missing ones count as the training mean. Raises
    InvalidValueError for a protected attribute. The course intercepts are a penalised deviation from the
    common one, so an unknown course gets the common one. Calibration is Platt's (1999) logistic curve over
    predictions for people the fold did not see.
    """

    def __init__(
        self,
        *,
        features: Sequence[str],
        penalty: float = 10.0,
        course_penalty: float = 10.0,
        folds: int = 5,
        seed: int = 0,
    ) -> None:
        refused = sorted(PROTECTED & {name.lower() for name in features})
        if refused:
            raise InvalidValueError(f"protected attributes may not be features: {', '.join(refused)}")
        self.features = tuple(features)
        self.penalty = penalty
        self.course_penalty = course_penalty
        self.folds = folds
        self.seed = seed
        self.courses_: tuple[str, ...] = ()
        self.means_: Floats = np.zeros(0)
        self.scales_: Floats = np.zeros(0)
        self.weights_: Floats = np.zeros(0)
        self.calibration_ = (0.0, 1.0)

    def fit(self, attempts: Sequence[Attempt]) -> Self:
        """Learn from finished attempts; others are left out. Raises InvalidValueError on one class."""
        # A fixed order: sums of floats, and the folds, depend on it.
        known = sorted(
            (one for one in attempts if one.completed is not None),
            key=lambda one: (one.learner, one.course, sorted(one.features.items()), one.completed),
        )
        outcomes = np.array([one.completed for one in known], dtype=np.float64)
        if not 0 < outcomes.sum() < len(outcomes):
            raise InvalidValueError("completed and abandoned attempts are both needed to fit a model")
        self.courses_ = tuple(sorted({one.course for one in known}))
        raw = self._raw(known)
        with np.errstate(invalid="ignore"):
            self.means_ = np.nan_to_num(np.nanmean(raw, axis=0))
            self.scales_ = np.nanstd(raw, axis=0)
        self.scales_ = np.where(self.scales_ > 1e-12, self.scales_, 1.0)
        design = self._design(known)
        penalties = np.concatenate(
            [
                [0.0],
                np.full(len(self.features), self.penalty),
                np.full(len(self.courses_), self.course_penalty),
            ]
        )
        self.weights_ = _ridge_logistic(design, outcomes, penalties)
        self.calibration_ = self._calibrate(known, design, outcomes, penalties)
        return self

    def _calibrate(
        self, known: Sequence[Attempt], design: Floats, outcomes: Floats, penalties: Floats
    ) -> tuple[float, float]:
        learners = {name: place for place, name in enumerate(sorted({one.learner for one in known}))}
        fold_of = np.random.default_rng(self.seed).permutation(len(learners)) % self.folds
        folds = fold_of[[learners[one.learner] for one in known]]
        logits = np.zeros(len(known))
        for fold in range(self.folds):
            seen = folds != fold
            if not 0 < outcomes[seen].sum() < seen.sum():
                return 0.0, 1.0
            logits[~seen] = design[~seen] @ _ridge_logistic(design[seen], outcomes[seen], penalties)
        curve = _ridge_logistic(
            np.column_stack([np.ones(len(logits)), logits]), outcomes, np.array([0.0, 1e-6])
        )
        # A slope below zero would turn the order round: then the model knows nothing, and says so.
        return (float(curve[0]), float(curve[1])) if curve[1] > 0 else (_logit(float(outcomes.mean())), 0.0)

    def predict(self, attempts: Sequence[Attempt]) -> Floats:
        """Bounded probabilities of completing, one per attempt."""
        offset, slope = self.calibration_
        logits = offset + slope * (self._design(attempts) @ self.weights_)
        return np.clip(1 / (1 + np.exp(-logits)), *BOUNDS)

    def _raw(self, attempts: Sequence[Attempt]) -> Floats:
        rows = [[one.features.get(name, math.nan) for name in self.features] for one in attempts]
        return np.array(rows, dtype=np.float64).reshape(len(attempts), len(self.features))

    def _design(self, attempts: Sequence[Attempt]) -> Floats:
        """Rows of: one, the standardised features, one column per course."""
        standard = np.nan_to_num((self._raw(attempts) - self.means_) / self.scales_)
        place = {course: number for number, course in enumerate(self.courses_)}
        courses = np.zeros((len(attempts), len(place)))
        for row, one in enumerate(attempts):
            if one.course in place:
                courses[row, place[one.course]] = 1.0
        return np.hstack([np.ones((len(attempts), 1)), standard, courses])

    def to_json(self) -> str:
        """The coefficients as canonical JSON; the same model gives the same bytes."""
        document = {
            "format": "completion-model/1",
            "features": list(self.features),
            "means": self.means_.tolist(),
            "scales": self.scales_.tolist(),
            "courses": list(self.courses_),
            "weights": self.weights_.tolist(),
            "calibration": list(self.calibration_),
            "settings": {
                "penalty": self.penalty,
                "course_penalty": self.course_penalty,
                "folds": self.folds,
                "seed": self.seed,
            },
        }
        return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_json(cls, text: str, *, sha256: str) -> CompletionModel:
        """Read coefficients whose hash the card gives. Raises MalformedInputError when they do not match."""
        if digest(text) != sha256:
            raise MalformedInputError("the completion model is not the one its card describes")
        try:
            document: dict[str, Any] = json.loads(text)
            model = cls(features=document["features"], **document["settings"])
            model.courses_ = tuple(document["courses"])
            model.means_ = np.array(document["means"], dtype=np.float64)
            model.scales_ = np.array(document["scales"], dtype=np.float64)
            model.weights_ = np.array(document["weights"], dtype=np.float64)
            offset, slope = document["calibration"]
            model.calibration_ = (float(offset), float(slope))
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedInputError(f"the completion model cannot be read: {error!r}") from error
        wide = len(model.features)
        if (len(model.means_), len(model.scales_), len(model.weights_)) != (
            wide,
            wide,
            1 + wide + len(model.courses_),
        ):
            raise MalformedInputError("the completion model has coefficients missing or left over")
        return model

    @property
    def version(self) -> str:
        """The head of the hash: what a plan's input names."""
        return digest(self.to_json())[:12]


def _ridge_logistic(design: Floats, outcomes: Floats, penalties: Floats) -> Floats:
    """Weights that minimise log-loss + penalties/2 * weights**2, by Newton's method (strictly convex)."""
    weights = np.zeros(design.shape[1])
    weights[0] = _logit(float(outcomes.mean()))
    for _ in range(50):
        shares = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (shares - outcomes) + penalties * weights
        curvature = (design * (shares * (1 - shares))[:, None]).T @ design + np.diag(penalties + 1e-9)
        step = np.linalg.solve(curvature, slope)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-9:
            break
    return weights


# --- promotion ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """Whether a model takes over, why not, and how much smaller its Brier score is than that in use."""

    promoted: bool
    reason: str
    gain: Interval


def promotion(
    predicted: Floats,
    *,
    in_use: Floats,
    outcomes: Floats,
    learners: Sequence[str],
    seed: int,
    ended: int | None = None,
) -> Promotion:
    """Judge a model on the latest cohort, none of which it was fitted on.

    `in_use` are the predictions of the prior or of the model in use. Promoted only with `ENOUGH` `ended`
    attempts (those of the cohort, unless how many there are altogether is given) and when the gain and its
    95 % interval (drawing learners) lie above zero. `reason` is a code: "better", "not-enough-attempts",
    "not-shown-better".
    """

    def gain(rows: NDArray[np.intp]) -> float:
        before, now = (in_use[rows] - outcomes[rows]) ** 2, (predicted[rows] - outcomes[rows]) ** 2
        return float((before - now).mean())

    found = resampling.interval(gain, groups=learners, seed=seed)
    if (len(outcomes) if ended is None else ended) < ENOUGH:
        return Promotion(promoted=False, reason="not-enough-attempts", gain=found)
    if min(found.low, found.value) <= 0:
        return Promotion(promoted=False, reason="not-shown-better", gain=found)
    return Promotion(promoted=True, reason="better", gain=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What a reader of the model must know: its data, how it was split, how good it is, its hash."""

    data: str
    split: str
    attempts: int
    features: Sequence[str]
    metrics: Mapping[str, Interval]
    promoted: bool
    sha256: str
    left_out: Sequence[str] = tuple(sorted(PROTECTED))

    def to_json(self) -> str:
        """The card as indented JSON."""
        document = {
            "format": "model-card/1",
            "data": self.data,
            "split": self.split,
            "attempts": self.attempts,
            "features": list(self.features),
            "never_used": list(self.left_out),
            "metrics": {name: value.rounded() for name, value in self.metrics.items()},
            "promoted": self.promoted,
            "sha256": self.sha256,
        }
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def digest(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _bounded(probability: float) -> float:
    return min(max(probability, BOUNDS[0]), BOUNDS[1])


def _logit(share: float) -> float:
    return math.log(share / (1 - share))


def _expit(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
