"""Trains candidates and judges them on the latest cohort: a card comes of it, whatever is decided."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundwork.plans import cohorts, estimating, figures, past
from groundwork.plans.cohorts import Split
from groundwork.plans.figures import Counted
from groundwork.plans.past import FEATURES, Past
from groundwork.plans.versions import ModelCard
from recommender.estimators import completion, resampling
from recommender.estimators.completion import PROTECTED, CompletionModel, Promotion
from recommender.estimators.effort import Effort
from recommender.estimators.resampling import Interval
from recommender.evaluation import calibration, discrimination

Floats = NDArray[np.float64]
Reason = ModelCard.Reason
SEED = 0
Metric = Callable[[Floats, Floats], float]
METRICS: dict[str, Metric] = {
    "auc": discrimination.auc,
    "brier": calibration.brier,
    "ece": calibration.calibration_error,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided and why, on which split, by which figures; `coefficients` is JSON."""

    promoted: bool
    reason: Reason
    split: Split | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    gain: Interval | None = None
    coefficients: str = ""
    retired_former: bool = False
    features: Sequence[str] = ()


def card(
    kind: ModelCard.Kind, verdict: Verdict, *, rows: Sequence[Past], data: str, on_date: date
) -> ModelCard:
    """The card of a verdict on `rows`, not saved yet; `data` is the digest of all that was read."""
    days = [row.ended_on for row in rows if row.ended_on]
    split = verdict.split
    return ModelCard(
        kind=kind,
        made_on=on_date,
        window_from=min(days, default=None),
        window_to=max(days, default=None),
        attempts=len(rows),
        learners=len({row.learner for row in rows}),
        split_on=split.on if split else None,
        taught=len(split.earlier) if split else 0,
        judged=len(split.latest) if split else 0,
        features=list(verdict.features),
        never_used=sorted(PROTECTED),
        metrics=dict(verdict.metrics),
        gain=verdict.gain.rounded(6) if verdict.gain else {},
        promoted=verdict.promoted,
        reason=verdict.reason,
        retired_former=verdict.retired_former,
        coefficients=verdict.coefficients,
        sha256=completion.digest(verdict.coefficients) if verdict.coefficients else "",
        data_sha256=data,
    )


# --- completion ---


def completion_verdict(
    ended: Sequence[Past], *, history: Sequence[Past], current: ModelCard | None
) -> Verdict:
    """Train a model on the earlier cohorts; promote it only where the latest one shows it better than counts
    and than the model in use. Where counts are shown better than that, it is retired.
    """
    if len(ended) < completion.ENOUGH:
        return Verdict(promoted=False, reason=Reason.NOT_ENOUGH)
    split = cohorts.split(ended, not_before=current.split_on if current else None)
    if split is None:
        return Verdict(promoted=False, reason=Reason.NO_EARLIER)
    # Released again: what the earlier cohorts hold of a course may come from fewer people.
    taught = past.released(split.earlier)
    if len({row.finished for row in taught}) < 2:
        return Verdict(promoted=False, reason=Reason.ONE_OUTCOME, split=split)
    model = CompletionModel(features=FEATURES, seed=SEED).fit(past.attempts(taught, history=history))
    cohort = _Cohort.of(split, counted=figures.count(taught), history=history, ended=len(ended))
    return cohort.judge(model, former=estimating.read_model(current) if current else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cohort:
    split: Split
    attempts: Sequence[completion.Attempt]
    outcomes: Floats
    baseline: Floats
    ended: int

    @classmethod
    def of(
        cls, split: Split, *, counted: Mapping[str, Counted], history: Sequence[Past], ended: int
    ) -> _Cohort:
        return cls(
            split=split,
            attempts=past.attempts(split.latest, history=history),
            outcomes=np.array([row.finished for row in split.latest], dtype=np.float64),
            baseline=np.array([_share(row, counted) for row in split.latest]),
            ended=ended,
        )

    def judge(self, model: CompletionModel, *, former: CompletionModel | None) -> Verdict:
        predicted = self.predicted(model)
        said = {"model": predicted, "baseline": self.baseline}
        if former:
            said["in_use"] = self.predicted(former)
        beside_counts = self.promotion(predicted, in_use=self.baseline)
        beside_former = self.promotion(predicted, in_use=said["in_use"]) if former else beside_counts
        promoted = beside_counts.promoted and beside_former.promoted
        reason = Reason.BETTER
        if not beside_counts.promoted:
            reason = Reason.NOT_BETTER
        elif not beside_former.promoted:
            reason = Reason.NOT_BETTER_THAN_CURRENT
        return Verdict(
            promoted=promoted,
            reason=reason,
            split=self.split,
            metrics={name: self.figures(metric, said) for name, metric in METRICS.items()},
            gain=beside_counts.gain,
            coefficients=model.to_json(),
            features=FEATURES,
            retired_former=bool(
                former and not promoted and self.promotion(self.baseline, in_use=said["in_use"]).promoted
            ),
        )

    def predicted(self, model: CompletionModel) -> Floats:
        """What plans would count: the model's where it knows the course, counts elsewhere."""
        known = np.array([one.course in model.courses_ for one in self.attempts])
        return np.where(known, model.predict(self.attempts), self.baseline)

    def promotion(self, predicted: Floats, *, in_use: Floats) -> Promotion:
        return completion.promotion(
            predicted,
            in_use=in_use,
            outcomes=self.outcomes,
            learners=[one.learner for one in self.attempts],
            seed=SEED,
            ended=self.ended,
        )

    def figures(self, metric: Metric, said: Mapping[str, Floats]) -> dict[str, Any]:
        learners = [one.learner for one in self.attempts]
        return {
            who: _figure(lambda rows, *, what: metric(what[rows], self.outcomes[rows]), what, learners)
            for who, what in said.items()
        }


def _figure(statistic: Callable[..., float], what: Floats, learners: Sequence[str]) -> dict[str, Any]:
    """A figure with its interval for JSON, which knows no NaN (the AUC of one outcome)."""
    found = resampling.interval(lambda rows: statistic(rows, what=what), groups=learners, seed=SEED)
    return {name: value if isfinite(value) else None for name, value in found.rounded(6).items()}


def _share(row: Past, counted: Mapping[str, Counted]) -> float:
    known = counted.get(row.course.slug, Counted(ended=0, finished=0))
    return completion.share(
        estimating.prior_of(row.course), finished=known.finished, abandoned=known.ended - known.finished
    )


# --- hours ---


def hours_verdict(timed: Sequence[Past]) -> Verdict:
    """Factors from all finished attempts with hours, unless the latest cohort shows declared hours nearer.

    The factors pull to the declared hours, so that few attempts move them little: too few to judge by do.
    """
    strength, spread = estimating.assumptions().hours_strength, estimating.assumptions().hours_spread
    fitted, attempts = figures.time(timed, strength=strength, spread=spread)
    coefficients = json.dumps(
        {"factors": asdict(fitted), "attempts": attempts}, sort_keys=True, separators=(",", ":")
    )
    if not timed:
        return Verdict(promoted=False, reason=Reason.NOT_ENOUGH)
    split = cohorts.split(timed)
    if split is None or len(timed) < completion.ENOUGH:
        return Verdict(promoted=True, reason=Reason.NOT_JUDGED, coefficients=coefficients)
    earlier, _attempts = figures.time(past.released(split.earlier), strength=strength, spread=spread)
    ours, declared = _errors(split.latest, by=earlier), _errors(split.latest, by=Effort())
    learners = [str(row.learner) for row in split.latest]
    gain = resampling.interval(lambda rows: float((declared - ours)[rows].mean()), groups=learners, seed=SEED)
    said = {"model": ours, "baseline": declared}
    return Verdict(
        promoted=gain.value >= 0,
        reason=Reason.BETTER if gain.value >= 0 else Reason.WORSE,
        split=split,
        metrics={
            "log_error": {
                who: _figure(lambda rows, *, what: float(what[rows].mean()), what, learners)
                for who, what in said.items()
            }
        },
        gain=gain,
        coefficients=coefficients,
    )


def _errors(rows: Sequence[Past], *, by: Effort) -> Floats:
    """|log(actual / expected)| of each."""
    known = by.courses or {}
    return np.array(
        [
            abs(
                np.log(one.actual / one.declared)
                - (by.centre(provider=one.provider, course=one.course) if one.course in known else 0.0)
            )
            for one in (row.done for row in rows)
            if one
        ]
    )
