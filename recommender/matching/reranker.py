"""The trained re-ranker: candidates to calibrated probabilities, from a file with a card beside it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.errors import MalformedInputError
from recommender.matching.candidates import CandidateFinder, Candidates, feature_names
from recommender.matching.trees import Trees

FOLDER = Path(__file__).with_name("models")
_BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Targets of one sentence, most probable first: positions, probabilities 0..1 and spans."""

    targets: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reranker:
    """Boosted trees with a slope and intercept that make their log-odds probabilities (Platt 1999).

    No probability is above `ceiling`, the precision of the most probable rows that were held out: beyond it
    the curve is a guess.
    """

    trees: Trees
    slope: float
    intercept: float
    card: Mapping[str, Any]
    ceiling: float = 1.0

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Of each row, 0..1."""
        odds = self.slope * self.trees.raw(features) + self.intercept
        return np.asarray(np.minimum(1 / (1 + np.exp(-odds)), self.ceiling))

    def rank(self, finder: CandidateFinder, sentences: Sequence[str]) -> list[Ranked]:
        """For each sentence its candidates by probability."""
        found: list[Ranked] = []
        for start in range(0, len(sentences), _BATCH):
            batch = list(finder.find(sentences[start : start + _BATCH]))
            if not batch:
                continue
            together = self.probabilities(np.vstack([one.features for one in batch]))
            ends = np.cumsum([len(one.targets) for one in batch])
            for one, chances in zip(batch, np.split(together, ends[:-1]), strict=True):
                found.append(_ordered(one, chances))
        return found


def _ordered(one: Candidates, chances: NDArray[np.float64]) -> Ranked:
    order = np.argsort(-chances, kind="stable")
    return Ranked(
        targets=one.targets[order],
        probabilities=chances[order],
        spans=tuple(one.spans[place] for place in order),
    )


class Kind(StrEnum):
    """What a re-ranker was trained for; the value opens the names of its files.

    A published framework holds a label for nearly everything, so the nearest one is often right. Our own
    vocabulary holds a fraction, by names alone, and the nearest of it is mostly wrong.
    """

    FRAMEWORK = "reranker"
    VOCABULARY = "vocabulary"


def load(*, encoded: bool, kind: Kind = Kind.FRAMEWORK, folder: Path = FOLDER) -> Reranker:
    """The re-ranker of a kind for candidates with or without an encoder.

    Raises MalformedInputError when the file is not the one of the card or was trained on other features.
    """
    name = _name(kind, encoded=encoded)
    card = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    content = (folder / f"{name}.npz").read_bytes()
    if hashlib.sha256(content).hexdigest() != card["sha256"]:
        raise MalformedInputError(f"{name}.npz is not the file its card describes")
    if tuple(card["features"]) != feature_names(encoded=encoded):
        raise MalformedInputError(f"{name}.npz was trained on other features")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        parts = {key: arrays[key] for key in ("feature", "threshold", "left", "right", "value", "roots")}
    calibration = card["calibration"]
    return Reranker(
        trees=Trees(**parts, base=card["base"]),
        slope=calibration["slope"],
        intercept=calibration["intercept"],
        ceiling=calibration.get("ceiling", 1.0),
        card=card,
    )


def _name(kind: Kind, *, encoded: bool) -> str:
    return f"{kind.value}_{'encoded' if encoded else 'text'}"


def save(model: Reranker, *, encoded: bool, kind: Kind = Kind.FRAMEWORK, folder: Path = FOLDER) -> None:
    """Write arrays and card; the card's hash, features, base and calibration are filled in here."""
    name = _name(kind, encoded=encoded)
    trees = model.trees
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        feature=trees.feature,
        threshold=trees.threshold,
        left=trees.left,
        right=trees.right,
        value=trees.value,
        roots=trees.roots,
    )
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.npz").write_bytes(buffer.getvalue())
    card = {
        **model.card,
        "features": feature_names(encoded=encoded),
        "base": trees.base,
        "calibration": {
            "method": "Platt",
            "slope": model.slope,
            "intercept": model.intercept,
            "ceiling": model.ceiling,
        },
        "sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
    }
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / f"{name}.json").write_text(text, encoding="utf-8")
