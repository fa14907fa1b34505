"""What the answers of many people tell about an item: how hard it is, and whether it tells people apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from recommender.estimators.ability import LOGITS_PER_LEVEL, Item, chance_of_right, level_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A difficulty in logits that moves with each answer, and the number of answers behind it."""

    difficulty: float
    answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The step of an update, first / (1 + fall * answers): large while little is known (Pelanek 2016)."""

    first: float = 0.8
    fall: float = 0.05


PACE = Pace()


def rated(rating: Rating, *, ability: float, right: bool, chance: float = 0.0, pace: Pace = PACE) -> Rating:
    """The item's rating after one more answer: Elo with a step that shrinks, guessing allowed for.

    `ability` must be what was believed before the answer, or right answers lift the very ability they are
    judged by.

    >>> rated(Rating(difficulty=0), ability=0, right=False)
    Rating(difficulty=0.4, answers=1)
    """
    item = Item(id="", difficulty=rating.difficulty, chance=chance)
    surprise = chance_of_right(ability, item=item) - (1.0 if right else 0.0)
    step = pace.first / (1 + pace.fall * rating.answers)
    return replace(rating, difficulty=rating.difficulty + step * surprise, answers=rating.answers + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One person's answer to an item, beside the ability believed from everything but this answer."""

    ability: float
    right: bool


# Below it, right answers hardly go with ability: the item does not tell people apart.
WEAK = 0.1


class Hint(StrEnum):
    """What the discrimination of an item suggests to a steward."""

    GOOD = "good"
    UNCLEAR = "unclear"
    WEAK = "weak"
    CHECK_KEY = "check-key"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStatistics:
    """What a steward looks at.

    `share_right` is None without answers. `discrimination` is the point-biserial correlation of right answers
    with ability, None while it is undefined. `difficulty` and `difficulty_sd` weigh the author's judgement
    and the answers. `outfit` is the mean squared standardised residual (Wright & Masters 1982): 1 as
    expected, above 1.5 noisy.
    """

    answers: int
    share_right: float | None
    discrimination: float | None
    outfit: float | None
    difficulty: float
    difficulty_sd: float

    @property
    def level(self) -> float:
        """The difficulty on the house scale, for comparison with the author's level; not within 1..5."""
        return level_at(self.difficulty)

    @property
    def level_sd(self) -> float:
        """Its standard deviation in levels."""
        return self.difficulty_sd / LOGITS_PER_LEVEL

    @property
    def hint(self) -> Hint | None:
        """A word on the discrimination, said only where it holds one standard error away; None undefined.

        >>> statistics = measure(Item(id="a", difficulty=0), responses=[])
        >>> replace(statistics, answers=100, discrimination=0.3).hint
        <Hint.GOOD: 'good'>
        >>> replace(statistics, answers=100, discrimination=-0.3).hint
        <Hint.CHECK_KEY: 'check-key'>
        """
        if self.discrimination is None:
            return None
        error = 1 / math.sqrt(self.answers)
        if self.discrimination + error < 0:
            return Hint.CHECK_KEY
        if self.discrimination + error < WEAK:
            return Hint.WEAK
        return Hint.GOOD if self.discrimination - error > WEAK else Hint.UNCLEAR


def measure(item: Item, *, responses: Sequence[Response], author_sd: float = 1.0) -> ItemStatistics:
    """Statistics of one item; `author_sd` (logits) is how far an author's difficulty may be off.

    >>> measure(Item(id="a", difficulty=0.5), responses=[]).difficulty
    0.5
    """
    ordered = sorted(responses, key=lambda one: (one.ability, one.right))
    rights = np.array([one.right for one in ordered], dtype=np.float64)
    abilities = np.array([one.ability for one in ordered], dtype=np.float64)
    difficulty, difficulty_sd = _calibrate(item, abilities, rights, author_sd)
    return ItemStatistics(
        answers=len(ordered),
        share_right=float(rights.mean()) if ordered else None,
        discrimination=_point_biserial(abilities, rights),
        outfit=_outfit(replace(item, difficulty=difficulty), abilities, rights),
        difficulty=difficulty,
        difficulty_sd=difficulty_sd,
    )


def _calibrate(
    item: Item, abilities: NDArray[np.float64], rights: NDArray[np.float64], author_sd: float
) -> tuple[float, float]:
    """Posterior mean and sd of the difficulty, with the author's as prior, on a grid around it."""
    off = author_sd * np.linspace(-5.0, 5.0, 201)
    grid = item.difficulty + off
    log_density = -0.5 * (off / author_sd) ** 2
    for ability, right in zip(abilities, rights, strict=True):
        known = 1 / (1 + np.exp(grid - ability))
        likelihood = item.chance + (1 - item.chance) * known if right else (1 - item.chance) * (1 - known)
        log_density += np.log(np.maximum(likelihood, 1e-300))
    density = np.exp(log_density - log_density.max())
    density /= density.sum()
    mean_off = float(density @ off)
    return item.difficulty + mean_off, math.sqrt(float(density @ (off - mean_off) ** 2))


def _point_biserial(abilities: NDArray[np.float64], rights: NDArray[np.float64]) -> float | None:
    if len(rights) < 2 or np.ptp(rights) == 0 or np.ptp(abilities) == 0:
        return None
    return float(np.corrcoef(abilities, rights)[0, 1])


def _outfit(item: Item, abilities: NDArray[np.float64], rights: NDArray[np.float64]) -> float | None:
    if not len(rights):
        return None
    expected = np.array([chance_of_right(float(ability), item=item) for ability in abilities])
    variance = np.maximum(expected * (1 - expected), 1e-9)
    return float(((rights - expected) ** 2 / variance).mean())
