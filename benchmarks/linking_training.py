"""Trains the re-ranker of the skill linker and writes it with its card. Test files are never read here.

    PYTHONPATH=platform:. python benchmarks/linking_training.py --data ../shared/data [--compare]
    PYTHONPATH=platform:. python benchmarks/linking_training.py --encoder --synthetic 600 --weight 5

Trained on a sample of SkillSkape's synthetic sentences (MIT) and the TECH, HOUSE validation files (CC BY 4.0)
over ESCO v1.1.1. `--compare` scores configurations by five-fold cross-validation over validation sentences
and writes nothing. The calibration comes from the same held-out folds. `--decisions` adds what people
confirmed.
"""

from __future__ import annotations

import argparse
import ast
import csv
import gzip
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from recommender.evaluation.gold_labels import NOT_PRESENT, read_gold
from recommender.evaluation.ranking_metrics import calibration_error, measure, per_cent
from recommender.matching import encoders
from recommender.matching.candidates import CandidateFinder, Candidates, encode_targets
from recommender.matching.encoders import TokenEncoder
from recommender.matching.reranker import Reranker, save
from recommender.matching.retrievers import LexicalIndex
from recommender.matching.targets import Target, read_targets
from recommender.matching.trees import exported

ESCO = "esco_v1_1_1/ESCO dataset - v1.1.1 - classification - en - csv.zip"
SEED = 7
FOLDS = 5
NEAREST = 60
PARAMETERS = {"learning_rate": 0.06, "max_iter": 150, "max_leaf_nodes": 15, "min_samples_leaf": 40}
# By the author in all, the three compared below among them.
SCORED = 11
COMPARED = ((300, 3.0), (1000, 3.0), (1000, 10.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence with its candidates; `gold` are labels."""

    file: str
    gold: frozenset[str]
    candidates: Candidates
    hits: NDArray[np.int64]


def synthetic(path: Path, *, size: int) -> dict[str, frozenset[str]]:
    """A sample of SkillSkape sentences with at least one label."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = {row["sentence"]: ast.literal_eval(row["skills"]) for row in csv.DictReader(file)}
    labelled = {s: frozenset(one.strip() for one in labels) for s, labels in rows.items() if labels}
    return {s: labelled[s] for s in random.Random(SEED).sample(sorted(labelled), size)}


def examples(
    finder: CandidateFinder, targets: Sequence[Target], labelled: dict[str, frozenset[str]], *, file: str
) -> list[Example]:
    """Candidates of each sentence."""
    labels = np.array([one.label for one in targets])
    found = []
    sentences = list(labelled)
    for start in range(0, len(sentences), 64):
        batch = sentences[start : start + 64]
        for sentence, candidates in zip(batch, finder.find(batch), strict=True):
            hits = np.isin(labels[candidates.targets], list(labelled[sentence])).astype(np.int64)
            found.append(Example(file=file, gold=labelled[sentence], candidates=candidates, hits=hits))
    return found


def fitted(
    made: Sequence[Example], real: Sequence[Example], *, weight: float
) -> HistGradientBoostingClassifier:
    """Trees over the nearest candidates of each sentence; real sentences count `weight` times."""
    both = [*made, *real]
    model = HistGradientBoostingClassifier(
        **PARAMETERS, l2_regularization=1.0, early_stopping=False, random_state=SEED
    )
    weights = [np.ones(len(one.hits[:NEAREST])) for one in made]
    weights += [np.full(len(one.hits[:NEAREST]), weight) for one in real]
    return model.fit(
        np.vstack([one.candidates.features[:NEAREST] for one in both]),
        np.concatenate([one.hits[:NEAREST] for one in both]),
        sample_weight=np.concatenate(weights),
    )


def held_out(made: Sequence[Example], real: Sequence[Example], *, weight: float) -> list[NDArray[np.float64]]:
    """For each real example the log-odds of its candidates by a model that has not seen it."""
    fold = np.random.default_rng(SEED).permutation(len(real)) % FOLDS
    odds: list[NDArray[np.float64]] = [np.zeros(0)] * len(real)
    for number in range(FOLDS):
        trees = exported(
            fitted(made, [one for one, f in zip(real, fold, strict=True) if f != number], weight=weight)
        )
        for place in map(int, np.flatnonzero(fold == number)):
            odds[place] = trees.raw(real[place].candidates.features)
    return odds


def validated(
    real: Sequence[Example], odds: Sequence[NDArray[np.float64]], labels: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Held-out metrics per validation file."""
    by_file: dict[str, list[dict[str, float]]] = {}
    for one, chances in zip(real, odds, strict=True):
        order = one.candidates.targets[np.argsort(-chances, kind="stable")]
        by_file.setdefault(one.file, []).append(measure([labels[place] for place in order], one.gold))
    return {file: per_cent(values) for file, values in by_file.items()}


def decided(path: Path, targets: Sequence[Target]) -> dict[str, frozenset[str]]:
    """Confirmed rows of `manage.py export_link_decisions` whose skill names a concept among the targets."""
    labels = {one.id: one.label for one in targets}
    found: dict[str, set[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"] != NOT_PRESENT and row["esco_uri"] in labels:
                found.setdefault(row["sentence"], set()).add(labels[row["esco_uri"]])
    return {sentence: frozenset(named) for sentence, named in found.items()}


def real_examples(
    finder: CandidateFinder, targets: Sequence[Target], data: Path, *, decisions: Sequence[Path]
) -> list[Example]:
    """Validation sentences, and what people confirmed."""
    files = {
        name: read_gold(data / f"skill_extraction_esco/{name}_validation_annotations.csv")
        for name in ("tech", "house")
    }
    files |= {path.stem: decided(path, targets) for path in decisions}
    return [one for name, labelled in files.items() for one in examples(finder, targets, labelled, file=name)]


def compare(made: Sequence[Example], real: Sequence[Example], labels: Sequence[str]) -> None:
    """Print the held-out figures of the configurations in COMPARED."""
    for size, weight in COMPARED:
        began = time.monotonic()
        scores = validated(real, held_out(made[:size], real, weight=weight), labels)
        print(size, weight, scores, f"{time.monotonic() - began:.0f} s", flush=True)


def train(
    made: Sequence[Example],
    real: Sequence[Example],
    labels: Sequence[str],
    *,
    weight: float,
    encoder: TokenEncoder | None,
) -> Reranker:
    """The model, calibrated on held-out folds, with its card."""
    odds = held_out(made, real, weight=weight)
    together, truth = np.concatenate(odds), np.concatenate([one.hits for one in real])
    platt = LogisticRegression(C=1e6).fit(together[:, None], truth)
    chances = platt.predict_proba(together[:, None])[:, 1]
    error = calibration_error(list(chances[chances >= 0.05]), list(truth[chances >= 0.05] > 0))
    return Reranker(
        trees=exported(fitted(made, real, weight=weight)),
        slope=float(platt.coef_[0, 0]),
        intercept=float(platt.intercept_[0]),
        card={
            "name": "Skill re-ranker" + (", with an English sentence encoder" if encoder else ", text only"),
            "version": 1,
            "targets": "ESCO v1.1.1, 13,896 skills, English",
            "encoder": encoder.name if encoder else None,
            "training": _training(made, real, weight=weight),
            "split": "five folds over validation sentences, for choice and calibration; tests never read",
            "held_out": {
                **validated(real, odds, labels),
                "calibration_error_from_5_percent": round(error, 4),
            },
            "configurations_scored_on_validation": 1 if encoder else SCORED,
            "licences": "SkillSkape MIT; validation files CC BY 4.0 (TechWolf); ESCO by attribution",
        },
    )


def _training(made: Sequence[Example], real: Sequence[Example], *, weight: float) -> dict[str, object]:
    return {
        "skillskape_train_sentences": len(made),
        "validation_sentences": len(real),
        "weight_of_validation": weight,
        "nearest_candidates": NEAREST,
        "parameters": PARAMETERS,
        "seed": SEED,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--encoder", action="store_true")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--synthetic", type=int, default=COMPARED[1][0])
    parser.add_argument("--weight", type=float, default=COMPARED[1][1])
    parser.add_argument(
        "--decisions", type=Path, nargs="*", default=[], help="CSV of manage.py export_link_decisions"
    )
    return parser


def main() -> None:
    """Compare configurations, or train and write."""
    arguments = _parser().parse_args()
    targets = read_targets(arguments.data / ESCO)
    labels = [one.label for one in targets]
    encoder = encoders.english() if arguments.encoder else None
    if arguments.encoder and encoder is None:
        raise SystemExit("install requirements-embed.txt first")
    vectors = encode_targets(targets, encoder) if encoder is not None else None
    finder = CandidateFinder(LexicalIndex(targets), encoder=encoder, vectors=vectors)
    compared = max(size for size, _ in COMPARED) if arguments.compare else 0
    sample = synthetic(arguments.data / "skillskape/train.csv.gz", size=max(arguments.synthetic, compared))
    made = examples(finder, targets, sample, file="skillskape")
    real = real_examples(finder, targets, arguments.data, decisions=arguments.decisions)
    if arguments.compare:
        compare(made, real, labels)
        return
    model = train(made, real, labels, weight=arguments.weight, encoder=encoder)
    save(model, encoded=encoder is not None)
    print(model.card["held_out"])


if __name__ == "__main__":
    main()
