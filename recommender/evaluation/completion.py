"""Completion at enrolment, fitted on earlier cohorts and tested on a later one.

`--train DIR:2013B,2013J --test DIR:2014B` reads folders in OULAD's format (`evaluation.oulad`). Courses that
were not in the training cohorts are reported apart, as a cold start. The model sees no protected attribute;
gender, age and deprivation only serve to say how far it is off for each group.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MalformedInputError
from recommender.estimators import resampling
from recommender.estimators.completion import Beta, CompletionModel, ModelCard, digest, promotion
from recommender.estimators.resampling import Interval
from recommender.evaluation import calibration, discrimination, oulad
from recommender.evaluation.oulad import Enrolment

NAME = "completion"
Floats = NDArray[np.float64]
Metric = Callable[[Floats, Floats], float]

METRICS: dict[str, Metric] = {
    "auc": discrimination.auc,
    "brier": calibration.brier,
    "ece": calibration.calibration_error,
}
PRIOR_STRENGTH = 10.0
SMALLEST_GROUP = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A folder and the presentations to read of it, all when none is named."""

    folder: Path
    presentations: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.folder.name}:{','.join(self.presentations) or 'all'}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The cohorts, and where a model may be written."""
    parser.add_argument("--train", type=_source, required=True, metavar="DIR[:COHORT,...]")
    parser.add_argument("--test", type=_source, required=True, metavar="DIR[:COHORT,...]")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the model and its card here")
    parser.add_argument("--seed", type=int, default=0, help="of the folds and of the bootstrap")


def run(arguments: argparse.Namespace) -> int:
    """Fit on the one, test on the other, print."""
    train = oulad.read(arguments.train.folder, presentations=arguments.train.presentations)
    test = oulad.read(arguments.test.folder, presentations=arguments.test.presentations)
    model = CompletionModel(features=oulad.FEATURES, seed=arguments.seed).fit([one.attempt for one in train])
    report = evaluate(model, train=train, test=test, seed=arguments.seed)
    if arguments.out:
        split = f"fitted on {arguments.train}, tested on {arguments.test}"
        _write(model, report, folder=arguments.out, split=split, attempts=len(train))
    print(json.dumps(report, indent=2) if arguments.json else _as_text(report))
    return 0


def evaluate(
    model: CompletionModel, *, train: Sequence[Enrolment], test: Sequence[Enrolment], seed: int
) -> dict[str, Any]:
    """All figures of a fitted model: on known courses, on new ones, beside the base rates, by group."""
    courses = {one.attempt.course for one in train}
    known = [one for one in test if one.attempt.course in courses]
    new = [one for one in test if one.attempt.course not in courses]
    if not known:
        raise MalformedInputError("no course of the test cohorts is in the training cohorts")
    outcomes, learners = _outcomes(known), [one.attempt.learner for one in known]
    predicted, base = _predict(model, known), base_rates(train, known)
    overall = np.full(len(known), _outcomes(train).mean())
    judged = promotion(predicted, in_use=base, outcomes=outcomes, learners=learners, seed=seed)
    return {
        "n_train": len(train),
        "model": _figures(predicted, outcomes, learners, seed=seed),
        "course_base_rate": _figures(base, outcomes, learners, seed=seed),
        "overall_base_rate": _figures(overall, outcomes, learners, seed=seed),
        "promotion": {
            "promoted": judged.promoted,
            "reason": judged.reason,
            "brier_gain": judged.gain.rounded(5),
        },
        "cold_start": _cold_start(model, new, train=train, seed=seed),
        "groups": {name: _by_group(name, known, predicted, seed=seed) for name in oulad.GROUPS},
        "version": model.version,
    }


def base_rates(train: Sequence[Enrolment], wanted: Sequence[Enrolment]) -> Floats:
    """What Beta-binomial counts per course predict, each shrunk to the share over all courses."""
    overall = float(_outcomes(train).mean())
    prior = Beta(good=PRIOR_STRENGTH * overall, bad=PRIOR_STRENGTH * (1 - overall))
    rates = {}
    for course in {one.attempt.course for one in [*train, *wanted]}:
        ended = [bool(one.attempt.completed) for one in train if one.attempt.course == course]
        rates[course] = prior.after(good=sum(ended), bad=len(ended) - sum(ended)).mean
    return np.array([rates[one.attempt.course] for one in wanted])


def _cold_start(
    model: CompletionModel, new: Sequence[Enrolment], *, train: Sequence[Enrolment], seed: int
) -> dict[str, Any]:
    if not new:
        return {"courses": []}
    outcomes, learners = _outcomes(new), [one.attempt.learner for one in new]
    return {
        "courses": sorted({one.attempt.course for one in new}),
        "model": _figures(_predict(model, new), outcomes, learners, seed=seed),
        "overall_base_rate": _figures(base_rates(train, new), outcomes, learners, seed=seed),
    }


def _figures(predicted: Floats, outcomes: Floats, learners: Sequence[str], *, seed: int) -> dict[str, Any]:
    found: dict[str, Any] = {"n": len(outcomes)}
    found["predicted"], found["completed"] = (
        round(float(predicted.mean()), 4),
        round(float(outcomes.mean()), 4),
    )
    for name, metric in METRICS.items():
        found[name] = _interval(metric, predicted, outcomes, learners, seed=seed).rounded()
    return found


def _interval(
    metric: Metric, predicted: Floats, outcomes: Floats, learners: Sequence[str], *, seed: int
) -> Interval:
    return resampling.interval(
        lambda rows: metric(predicted[rows], outcomes[rows]), groups=learners, seed=seed
    )


def _by_group(name: str, known: Sequence[Enrolment], predicted: Floats, *, seed: int) -> dict[str, Any]:
    """Per group of `SMALLEST_GROUP` or more: mean prediction less share completed, and AUC."""
    labels = np.array([one.groups[name] for one in known])
    outcomes = _outcomes(known)
    found: dict[str, Any] = {}
    for label in sorted(set(labels.tolist())):
        rows = np.flatnonzero(labels == label).tolist()
        if len(rows) < SMALLEST_GROUP:
            continue
        learners = [known[row].attempt.learner for row in rows]
        mine, ended = predicted[rows], outcomes[rows]
        found[label] = {
            "n": len(rows),
            "completed": round(float(ended.mean()), 4),
            "off": _interval(_off, mine, ended, learners, seed=seed).rounded(),
            "auc": _interval(discrimination.auc, mine, ended, learners, seed=seed).rounded(),
        }
    widest = [one["off"]["value"] for one in found.values()]
    return {"gap": round(max(widest) - min(widest), 4) if widest else None, "by": found}


def _off(predicted: Floats, outcomes: Floats) -> float:
    return float(predicted.mean() - outcomes.mean())


def _outcomes(enrolments: Sequence[Enrolment]) -> Floats:
    return np.array([bool(one.attempt.completed) for one in enrolments], dtype=np.float64)


def _predict(model: CompletionModel, enrolments: Sequence[Enrolment]) -> Floats:
    return model.predict([one.attempt for one in enrolments])


def _write(
    model: CompletionModel, report: dict[str, Any], *, folder: Path, split: str, attempts: int
) -> None:
    text = model.to_json()
    card = ModelCard(
        data="Open University Learning Analytics Dataset (Kuzilek, Hlosta & Zdrahal 2017), CC BY 4.0",
        split=split,
        attempts=attempts,
        features=model.features,
        metrics={name: Interval(**report["model"][name]) for name in METRICS},
        promoted=report["promotion"]["promoted"],
        sha256=digest(text),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "completion.json").write_text(text, encoding="utf-8")
    (folder / "completion.card.json").write_text(card.to_json(), encoding="utf-8")


def _as_text(report: dict[str, Any]) -> str:
    lines = [f"{'':28} {'n':>6}  {'AUC':22} {'Brier':22} {'ECE':22}"]
    lines += [_line(name, report[name]) for name in ("model", "course_base_rate", "overall_base_rate")]
    cold = report["cold_start"]
    if cold["courses"]:
        lines.append(f"cold start: {', '.join(cold['courses'])}")
        lines += [_line(name, cold[name]) for name in ("model", "overall_base_rate")]
    judged = report["promotion"]
    lines.append(
        f"promoted: {judged['promoted']} ({judged['reason']}), Brier {_span(judged['brier_gain'])} less"
    )
    for name, found in report["groups"].items():
        lines.append(f"by {name}: widest gap {found['gap']}")
        lines += [
            f"  {label:26} {one['n']:6d}  predicted - completed {_span(one['off'])}, AUC {_span(one['auc'])}"
            for label, one in found["by"].items()
        ]
    return "\n".join(lines)


def _line(name: str, figures: dict[str, Any]) -> str:
    spans = " ".join(f"{_span(figures[metric]):22}" for metric in METRICS)
    return f"{name.replace('_', ' '):28} {figures['n']:6d}  {spans}"


def _span(figure: dict[str, float]) -> str:
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _source(text: str) -> Source:
    folder, _, cohorts = text.rpartition(":")
    if not folder:
        folder, cohorts = text, ""
    return Source(folder=Path(folder), presentations=tuple(one for one in cohorts.split(",") if one))
