"""Skill linking: rank all skills for each sentence and compare with gold labels. Trains nothing."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recommender.errors import MalformedInputError
from recommender.evaluation.gold_labels import read_gold
from recommender.evaluation.ranking_metrics import (
    METRICS,
    calibration_error,
    interval,
    interval_of_average,
    measure,
    per_cent,
)

if TYPE_CHECKING:
    from recommender.matching.reranker import Ranked
    from recommender.matching.targets import Target

NAME = "linking"
ACCEPTED_FROM = 0.8
_COUNTED_FROM = 0.05
_SEED = 20250101


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One gold file: per sentence its metrics, and all (probability, hit) pairs of its candidates."""

    stem: str
    sentences: tuple[str, ...]
    values: tuple[dict[str, float], ...]
    chances: tuple[float, ...]
    hits: tuple[bool, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Targets, gold files, which install to measure and how to print."""
    parser.add_argument(
        "--targets", type=Path, required=True, help="a label list, one a line, or ESCO's classification zip"
    )
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="CSV with sentence and label")
    parser.add_argument(
        "--encoder",
        choices=("auto", "none"),
        default="auto",
        help="auto: the English encoder where installed; none: scikit-learn only",
    )
    parser.add_argument(
        "--restrict",
        metavar="FILE",
        help="collection within the zip, such as digitalSkillsCollection_en.csv: only its skills count",
    )
    parser.add_argument(
        "--vectors", type=Path, help="folder where target vectors are kept between runs, memory-mapped"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; 0 on success."""
    from recommender.matching.targets import read_labels, read_targets

    targets = read_targets(arguments.targets)
    kept = None
    if arguments.restrict is not None:
        kept = read_labels(arguments.targets, member=arguments.restrict)
        targets = tuple(one for one in targets if one.label in kept)
    ranker = _Ranker(targets, with_encoder=arguments.encoder == "auto", folder=arguments.vectors)
    measured = [_measure(path, ranker, kept=kept) for path in arguments.gold]
    report = _report(measured)
    if arguments.json:
        print(json.dumps(report, indent=2))
    else:
        print(f"{len(targets)} targets, encoder: {ranker.encoder_name or 'none'}")
        print("\n".join(_lines(report)))
    return 0


class _Ranker:
    """The shipped re-ranker over one set of targets."""

    def __init__(self, targets: Sequence[Target], *, with_encoder: bool, folder: Path | None) -> None:
        from recommender.matching import encoders, reranker, vectors
        from recommender.matching.candidates import CandidateFinder
        from recommender.matching.retrievers import LexicalIndex

        encoder = encoders.english(threads=os.cpu_count() or 1) if with_encoder else None
        self.encoder_name = encoder.name if encoder else None
        self.labels = [one.label for one in targets]
        self._model = reranker.load(encoded=encoder is not None)
        found = vectors.of_targets(targets, encoder, folder=folder) if encoder is not None else None
        self._finder = CandidateFinder(LexicalIndex(targets), encoder=encoder, vectors=found)

    def rank(self, sentences: Sequence[str]) -> list[Ranked]:
        return self._model.rank(self._finder, sentences)


def _measure(path: Path, ranker: _Ranker, *, kept: frozenset[str] | None) -> Measured:
    gold = read_gold(path)
    if kept is not None:
        gold = {sentence: labels & kept for sentence, labels in gold.items() if labels & kept}
    if not gold:
        raise MalformedInputError(f"{path}: no sentence with a label among the targets")
    values, chances, hits = [], [], []
    for labels, ranked in zip(gold.values(), ranker.rank(list(gold)), strict=True):
        ranking = [ranker.labels[target] for target in ranked.targets]
        values.append(measure(ranking, labels))
        chances += [float(one) for one in ranked.probabilities]
        hits += [one in labels for one in ranking]
    return Measured(
        stem=path.stem,
        sentences=tuple(gold),
        values=tuple(values),
        chances=tuple(chances),
        hits=tuple(hits),
    )


def _report(measured: Sequence[Measured]) -> dict[str, dict[str, Any]]:
    parts = {one.stem: per_cent(one.values) for one in measured}
    average: dict[str, Any] = {
        name: round(sum(part[name] for part in parts.values()) / len(parts), 2) for name in METRICS
    }
    average["interval"] = {
        name: _rounded(
            interval_of_average(
                [([value[name] for value in one.values], one.sentences) for one in measured], seed=_SEED
            )
        )
        for name in METRICS
    }
    average |= _acceptance(
        [chance for one in measured for chance in one.chances], [hit for one in measured for hit in one.hits]
    )
    report: dict[str, dict[str, Any]] = {"average": average}
    for one in measured:
        report[one.stem] = {
            **parts[one.stem],
            "n": len(one.sentences),
            "interval": {
                name: _rounded(interval([value[name] for value in one.values], one.sentences, seed=_SEED))
                for name in METRICS
            },
            **_acceptance(one.chances, one.hits),
        }
    return report


def _acceptance(chances: Sequence[float], hits: Sequence[bool]) -> dict[str, Any]:
    """What would be accepted unasked, and how true the probabilities are from 0.05 on."""
    accepted = [hit for chance, hit in zip(chances, hits, strict=True) if chance >= ACCEPTED_FROM]
    counted = [(chance, hit) for chance, hit in zip(chances, hits, strict=True) if chance >= _COUNTED_FROM]
    return {
        "accepted": len(accepted),
        "accepted_precision": round(100 * sum(accepted) / len(accepted), 2) if accepted else None,
        "calibration_error": round(calibration_error([c for c, _ in counted], [h for _, h in counted]), 4),
        "calibration_error_all_candidates": round(calibration_error(chances, hits), 4),
    }


def _rounded(pair: tuple[float, float]) -> list[float]:
    return [round(100 * one, 2) for one in pair]


def _lines(report: dict[str, dict[str, Any]]) -> list[str]:
    lines = []
    for stem, part in report.items():
        figures = "  ".join(
            f"{name} {part[name]:.1f} [{part['interval'][name][0]:.1f}, {part['interval'][name][1]:.1f}]"
            for name in METRICS
        )
        lines.append(f"{stem} (n={part['n']}): {figures}" if "n" in part else f"{stem}: {figures}")
        precision = "-" if part["accepted_precision"] is None else f"{part['accepted_precision']:.1f} %"
        lines.append(
            f"  accepted at p >= {ACCEPTED_FROM}: {part['accepted']}, precision {precision}; "
            f"calibration error {part['calibration_error']:.3f} from p >= {_COUNTED_FROM}, "
            f"{part['calibration_error_all_candidates']:.3f} over all candidates"
        )
    return lines
