"""Scores of short phrases to probabilities: a logistic curve with a card, as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from recommender.matching.reranker import FOLDER

PHRASES = "phrases.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Log-odds = intercept + score_slope * score + lead_slope * lead."""

    intercept: float
    score_slope: float
    lead_slope: float

    def probability(self, *, score: float, lead: float) -> float:
        """That the skill is meant; `lead` is the distance of its score to that of the next best skill.

        >>> curve = Curve(intercept=-4.0, score_slope=4.0, lead_slope=8.0)
        >>> round(curve.probability(score=0.8, lead=0.5), 2)
        0.96
        """
        return 1 / (1 + math.exp(-(self.intercept + self.score_slope * score + self.lead_slope * lead)))


def load(*, encoded: bool, folder: Path = FOLDER) -> Curve:
    """The curve for phrases matched with or without an encoder."""
    cards = json.loads((folder / PHRASES).read_text(encoding="utf-8"))
    curve = cards["encoded" if encoded else "text"]["curve"]
    return Curve(**{name: float(curve[name]) for name in ("intercept", "score_slope", "lead_slope")})
