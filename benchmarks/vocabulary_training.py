"""Trains the re-ranker for our own vocabulary, and the curve for phrases; writes both with their cards.

    PYTHONPATH=platform:. python benchmarks/vocabulary_training.py --data ../shared/data
    PYTHONPATH=platform:. python benchmarks/vocabulary_training.py --encoder --decisions decisions.csv
    PYTHONPATH=platform:. python benchmarks/vocabulary_training.py --phrases

`training/vocabulary_rows.py` says what it learns from. Test files are never read here. The calibration comes
from folds by skill: no row of a skill is judged by trees that have seen the skill.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from benchmarks.training import vocabulary_rows
from benchmarks.training.vocabulary_rows import Rows
from recommender import datasets
from recommender.domain import Skill
from recommender.evaluation.ranking_metrics import calibration_error
from recommender.matching import calibration, encoders, phrases
from recommender.matching.candidates import feature_names
from recommender.matching.encoders import Encoder, TokenEncoder
from recommender.matching.phrases import PhraseMatcher
from recommender.matching.reranker import FOLDER, Kind, Reranker, save
from recommender.matching.suggesting import LEAST, NEAREST
from recommender.matching.targets import from_skills
from recommender.matching.trees import exported

SEED = 7
FOLDS = 3
PARAMETERS = {"learning_rate": 0.06, "max_iter": 100, "max_leaf_nodes": 8, "min_samples_leaf": 60}
# Facts that give a skill away, and measures that change with the size of a vocabulary, are no grounds.
UNUSED = (
    *("mentions", "rarity", "weight", "others", "reuse", "knowledge", "words", "met", "missing"),
    *("fused", "fused_standard", "fused_gap", "ahead_fused"),
)
TOP = 100
"""Held-out rows whose precision no probability may exceed."""

OUTSIDE = 1 / 3
"""Share of phrases that no skill of a vocabulary means, as in the gold spans of postings."""


def used(*, encoded: bool) -> NDArray[np.bool_]:
    """Which columns the trees may split on."""
    return np.array(
        [name not in UNUSED and not name.endswith("_standard") for name in feature_names(encoded=encoded)]
    )


def fitted(rows: Rows, columns: NDArray[np.bool_]) -> HistGradientBoostingClassifier:
    """Trees that see the other columns as constant, so that the features keep their places."""
    model = HistGradientBoostingClassifier(
        **PARAMETERS, l2_regularization=1.0, early_stopping=False, random_state=SEED
    )
    return model.fit(np.where(columns, rows.features, 0), rows.named)


def held_out(rows: Rows, columns: NDArray[np.bool_]) -> NDArray[np.float64]:
    """For each row the log-odds by trees that have not seen its skill."""
    ids = np.unique(rows.skills)
    folds = dict(zip(ids, np.random.default_rng(SEED).permutation(len(ids)) % FOLDS, strict=True))
    fold = np.array([folds[one] for one in rows.skills])
    odds = np.zeros(len(fold))
    for number in range(FOLDS):
        trees = exported(fitted(rows.part(fold != number), columns))
        odds[fold == number] = trees.raw(rows.features[fold == number])
    return odds


def train(rows: Rows, *, encoder: TokenEncoder | None, sources: dict[str, int]) -> Reranker:
    """The model with its card."""
    columns = used(encoded=encoder is not None)
    odds = held_out(rows, columns)
    platt = LogisticRegression(C=1e6).fit(odds[:, None], rows.named)
    chances = platt.predict_proba(odds[:, None])[:, 1]
    ceiling = float(rows.named[np.argsort(-chances, kind="stable")[:TOP]].mean())
    return Reranker(
        trees=exported(fitted(rows, columns)),
        slope=float(platt.coef_[0, 0]),
        intercept=float(platt.intercept_[0]),
        ceiling=round(ceiling, 4),
        card={
            "name": "Skill re-ranker for a vocabulary of names"
            + (", with an English sentence encoder" if encoder else ", text only"),
            "version": 1,
            "targets": "Groundwork's own vocabulary, 333 skills, English names of two words and more",
            "encoder": encoder.name if encoder else None,
            "training": {
                "sentences": sources,
                "rows": len(rows.named),
                "named": int(rows.named.sum()),
                "candidates": NEAREST,
                "parameters": PARAMETERS,
                "seed": SEED,
            },
            "unused": [
                name
                for name, is_used in zip(feature_names(encoded=encoder is not None), columns, strict=True)
                if not is_used
            ],
            "split": f"{FOLDS} folds by skill, for calibration and the figures; tests never read",
            "held_out": _figures(np.minimum(chances, ceiling), rows.named),
            "licences": "SkillSkape MIT; SkillSpan MIT; validation files CC BY 4.0 (TechWolf); ESCO by "
            "attribution",
        },
    )


def _figures(chances: NDArray[np.float64], named: NDArray[np.bool_]) -> dict[str, Any]:
    seen = chances >= 0.05
    return {
        "average_precision": round(float(average_precision_score(named, chances)), 3),
        "calibration_error_from_5_percent": round(
            calibration_error(list(chances[seen]), [bool(one) for one in named[seen]]), 4
        ),
        "at": {
            str(least): {
                "rows": int((chances >= least).sum()),
                "precision": round(float(named[chances >= least].mean()), 3),
            }
            for least in (LEAST, 0.5, 0.8)
            if (chances >= least).any()
        },
    }


def all_rows(
    data: Path, skills: Sequence[Skill], *, encoder: TokenEncoder | None, decisions: Sequence[Path]
) -> tuple[Rows, dict[str, int]]:
    """Rows of all sources and how many sentences each gave."""
    names = vocabulary_rows.Names(skills)
    targets = from_skills(skills)
    finder = vocabulary_rows.finder_of(targets, encoder)
    asked = vocabulary_rows.labelled(data, skills, names)
    rows = [vocabulary_rows.rows_of(asked, targets, finder)]
    sources = {"labelled": len(asked)}
    own = [one for path in decisions for one in vocabulary_rows.decided(path)]
    if own:
        rows.append(vocabulary_rows.rows_of(own, targets, finder))
        sources["decided"] = len(own)
    sentences = [*(one.sentence for one in asked), *vocabulary_rows.sentences_of_postings(data)]
    for seed in vocabulary_rows.SEEDS:
        asked, halved = vocabulary_rows.hidden(sentences, skills, names, seed=seed)
        rows.append(vocabulary_rows.rows_of(asked, halved, vocabulary_rows.finder_of(halved, encoder)))
        sources[f"hidden_{seed}"] = len(asked)
    return vocabulary_rows.joined([one for one in rows if len(one.named)]), sources


def phrase_curve(skills: Sequence[Skill], *, encoder: Encoder | None) -> dict[str, Any]:
    """Each name asked with itself hidden, and with its whole skill hidden: then any answer is wrong."""
    named = phrases.names_of(skills)
    owner = np.array([skill for skill, _ in named])
    matcher = PhraseMatcher(skills, encoder=encoder)
    points, right, weights = [], [], []
    for start in range(0, len(named), 256):
        batch = named[start : start + 256]
        for place, scores in enumerate(matcher.scores([name for _, name in batch]), start=start):
            same = np.array([name.casefold() == named[place][1].casefold() for _, name in named])
            for hidden, weight in ((same, 1 - OUTSIDE), (owner == owner[place], OUTSIDE)):
                skill, score, lead = _top(np.where(hidden, 0, scores), owner)
                points.append((score, lead))
                right.append(skill == owner[place])
                weights.append(weight)
    curve = LogisticRegression(C=1e6).fit(np.array(points), right, sample_weight=weights)
    # A question within the vocabulary counts twice as much as one outside, so it is counted twice.
    again = np.repeat(np.arange(len(right)), np.round(np.array(weights) / OUTSIDE).astype(int))
    chances = curve.predict_proba(np.array(points)[again])[:, 1]
    truth = np.array(right)[again]
    return {
        "curve": {
            "intercept": float(curve.intercept_[0]),
            "score_slope": float(curve.coef_[0, 0]),
            "lead_slope": float(curve.coef_[0, 1]),
        },
        "encoder": encoder.name if encoder else None,
        "names": len(named),
        "share_outside": round(OUTSIDE, 3),
        "calibration_error": round(calibration_error(list(chances), [bool(one) for one in truth]), 4),
    }


def _top(scores: NDArray[np.float32], owner: NDArray[np.str_]) -> tuple[str, float, float]:
    best = int(np.argmax(scores))
    rest = float(np.where(owner == owner[best], 0, scores).max())
    return str(owner[best]), float(scores[best]), float(scores[best]) - rest


def write_curve(skills: Sequence[Skill], *, encoder: Encoder | None) -> None:
    """Replace the curve with or without the encoder."""
    path = FOLDER / calibration.PHRASES
    cards = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    cards["encoded" if encoder else "text"] = phrase_curve(skills, encoder=encoder)
    path.write_text(json.dumps(cards, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(cards)


def main() -> None:
    """Train what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--fixtures", type=Path, default=Path("fixtures"))
    parser.add_argument("--encoder", action="store_true")
    parser.add_argument("--phrases", action="store_true", help="the curve for phrases alone")
    parser.add_argument("--decisions", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    skills = [one.skill for one in datasets.load(arguments.fixtures).skills.values()]
    if arguments.phrases:
        write_curve(skills, encoder=encoders.multilingual() if arguments.encoder else None)
        return
    encoder = encoders.english() if arguments.encoder else None
    if arguments.encoder and encoder is None:
        parser.error("install requirements-embed.txt first")
    rows, sources = all_rows(arguments.data, skills, encoder=encoder, decisions=arguments.decisions)
    model = train(rows, encoder=encoder, sources=sources)
    save(model, encoded=encoder is not None, kind=Kind.VOCABULARY)
    print(model.card["held_out"])


if __name__ == "__main__":
    main()
