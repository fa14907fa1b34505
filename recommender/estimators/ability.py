"""How able an adaptive assessment shows somebody to be: 1PL with guessing, Elo for the items' difficulties.

The way through one assessment of one skill, all pure functions:

    prior = of_level(2, sd=1.5)                      what is believed before, e.g. the person's proficiency
    ability = estimate(answers, prior=prior)         after each answer; the order of answers never matters
    reason = stop_reason(ability, asked=..., left=...)    None: go on
    item = choose(items, ability=ability, asked=..., seed=...)
    ability.level, ability.level_mean, ability.level_sd   the evidence that comes out

Scale. Abilities and difficulties are logits. One level of the house scale (0..5) is `LOGITS_PER_LEVEL`
logits wide and level 3 is at zero. An item written for level L is answered right, guessing aside, by a person
exactly at L with probability 2/3 (the response probability of the bookmark method, Lewis, Mitzel & Green
1996), so its difficulty before any data is that of L less log 2.

P(right | ability t) = c + (1 - c) / (1 + exp(b - t)), with difficulty b and chance of a lucky guess c, e.g.
1/4 with four options (Birnbaum 1968, with equal discriminations: Rasch's model where c = 0).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from recommender.domain import LEVELS

LOGITS_PER_LEVEL = 1.25
MIDDLE_LEVEL = 3
RIGHT_AT_LEVEL = 2 / 3

_GRID: NDArray[np.float64] = np.linspace(-8.0, 8.0, 321)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question: its difficulty in logits and the chance to guess it right, 0 <= chance < 1."""

    id: str
    difficulty: float
    chance: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.difficulty):
            raise ValueError(f"the difficulty of {self.id} must be finite, got {self.difficulty}")
        if not 0 <= self.chance < 1:
            raise ValueError(f"the chance of {self.id} must be at least 0 and below 1, got {self.chance}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An item and whether it was answered right."""

    item: Item
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ability:
    """A person's ability in logits, with its standard deviation."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and 0 < self.sd < math.inf):
            raise ValueError(f"expected a finite mean and an sd above zero, got {self.mean} and {self.sd}")

    @property
    def level_mean(self) -> float:
        """The ability on the house scale, within 0..5.

        >>> Ability(mean=-1.25, sd=0.5).level_mean
        2.0
        """
        return min(max(MIDDLE_LEVEL + self.mean / LOGITS_PER_LEVEL, LEVELS[0]), LEVELS[-1])

    @property
    def level_sd(self) -> float:
        """The standard deviation in levels.

        >>> Ability(mean=0, sd=0.5).level_sd
        0.4
        """
        return self.sd / LOGITS_PER_LEVEL

    @property
    def level(self) -> int:
        """The nearest whole level; half way, the lower one.

        >>> Ability(mean=-0.7, sd=0.5).level, Ability(mean=-0.6, sd=0.5).level
        (2, 3)
        """
        return math.ceil(self.level_mean - 0.5)


def of_level(level: float, *, sd: float) -> Ability:
    """The ability at a level (0..5) of the house scale; `sd` in levels, above zero.

    >>> of_level(4, sd=1)
    Ability(mean=1.25, sd=1.25)
    """
    return Ability(mean=(level - MIDDLE_LEVEL) * LOGITS_PER_LEVEL, sd=sd * LOGITS_PER_LEVEL)


def difficulty_at(level: int) -> float:
    """The difficulty of an item written for `level` (1..5), before anybody has answered it.

    >>> round(difficulty_at(3), 3)
    -0.693
    """
    if level not in LEVELS[1:]:
        raise ValueError(f"an item is written for a level of 1..5, got {level}")
    at_level = (level - MIDDLE_LEVEL) * LOGITS_PER_LEVEL
    return at_level - math.log(RIGHT_AT_LEVEL / (1 - RIGHT_AT_LEVEL))


def level_at(difficulty: float) -> float:
    """The level whose people answer an item of this difficulty right twice out of three; not within 1..5.

    >>> round(level_at(difficulty_at(4)), 6)
    4.0
    """
    return MIDDLE_LEVEL + (difficulty + math.log(RIGHT_AT_LEVEL / (1 - RIGHT_AT_LEVEL))) / LOGITS_PER_LEVEL


UNKNOWN = of_level(2, sd=1.5)


def chance_of_right(ability: float, *, item: Item) -> float:
    """P(right) of a person with `ability` logits.

    >>> chance_of_right(0, item=Item(id="a", difficulty=0, chance=0.25))
    0.625
    """
    return item.chance + (1 - item.chance) * _logistic(ability - item.difficulty)


def information(ability: float, *, item: Item) -> float:
    """Fisher information of the item at `ability`, per squared logit (Lord 1980, eq. 5-5 with a = 1).

    >>> information(0, item=Item(id="a", difficulty=0))
    0.25
    >>> information(0, item=Item(id="a", difficulty=0, chance=0.25)) < 0.25
    True
    """
    right = chance_of_right(ability, item=item)
    known = (right - item.chance) / (1 - item.chance)
    return (1 - right) / right * known**2 if right else 0.0


def estimate(answers: Sequence[Answer], *, prior: Ability = UNKNOWN) -> Ability:
    """The posterior mean and standard deviation of the ability (expected a posteriori, Bock & Mislevy 1982).

    Computed on a fixed grid from -8 to 8 logits, so it exists for all right and all wrong, too, and does not
    depend on the order of the answers.

    >>> item = Item(id="a", difficulty=0)
    >>> estimate([Answer(item=item, right=True)]).mean > estimate([Answer(item=item, right=False)]).mean
    True
    """
    log_density = -0.5 * ((_GRID - prior.mean) / prior.sd) ** 2
    # Sums of floats depend on their order: a fixed one makes equal answers give equal results, bit by bit.
    for answer in sorted(
        answers, key=lambda one: (one.item.id, one.item.difficulty, one.item.chance, one.right)
    ):
        log_density += _log_likelihood(answer)
    density = np.exp(log_density - log_density.max())
    density /= density.sum()
    mean = float(density @ _GRID)
    return Ability(mean=mean, sd=math.sqrt(float(density @ (_GRID - mean) ** 2)))


def _log_likelihood(answer: Answer) -> NDArray[np.float64]:
    item = answer.item
    known = 1 / (1 + np.exp(item.difficulty - _GRID))
    likelihood: NDArray[np.float64] = (
        item.chance + (1 - item.chance) * known if answer.right else (1 - item.chance) * (1 - known)
    )
    return np.log(np.maximum(likelihood, 1e-300))


# --- which item next, and when to stop ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """How often each item was shown in how many assessments that could have shown it.

    An item shown in more than `most` of them rests while another one is left, once there are `after`
    assessments to judge by. Where assessments take so many items of a small bank that this share must be
    passed, the limit is `slack` times the mean share instead: a limit that everything exceeds would limit
    nothing. Among the `among` most informative ones a draw decides (the randomesque rule of Kingsbury & Zara
    1989), so that two people who sit side by side see different questions.
    """

    shown: Mapping[str, int]
    assessments: int
    most: float = 0.4
    slack: float = 1.1
    after: int = 20
    among: int = 3

    def limit(self, items: Collection[Item]) -> float:
        """The share of assessments above which an item of a bank of `items` (not empty) rests.

        >>> pair = [Item(id="a", difficulty=0), Item(id="b", difficulty=1)]
        >>> Exposure(shown={"a": 60, "b": 40}, assessments=50).limit(pair)
        1.1
        >>> Exposure(shown={"a": 6, "b": 4}, assessments=50).limit(pair)
        0.4
        """
        if not self.assessments:
            return self.most
        mean = sum(self.shown.get(item.id, 0) for item in items) / (len(items) * self.assessments)
        return max(self.most, self.slack * mean)

    def fresh(self, items: Collection[Item], *, asked: Collection[str]) -> list[Item]:
        """The items that may be shown next: not asked, and not resting unless all that are left rest."""
        left = [item for item in items if item.id not in asked]
        if not left or self.assessments < self.after:
            return left
        limit = self.limit(items) * self.assessments
        return [item for item in left if self.shown.get(item.id, 0) <= limit] or left


NO_EXPOSURE = Exposure(shown={}, assessments=0)


def choose(
    items: Collection[Item],
    *,
    ability: Ability,
    asked: Collection[str],
    seed: int,
    exposure: Exposure = NO_EXPOSURE,
) -> Item | None:
    """The next item: informative about this person, not shown too often; None when all were asked.

    `asked` holds ids. The same arguments give the same item, in whatever order `items` come.

    >>> easy, hard = Item(id="easy", difficulty=-2), Item(id="hard", difficulty=2)
    >>> one = Exposure(shown={}, assessments=0, among=1)
    >>> choose([easy, hard], ability=Ability(mean=2, sd=1), asked=[], seed=0, exposure=one).id
    'hard'
    """
    fresh = exposure.fresh(items, asked=asked)
    if not fresh:
        return None
    ranked = sorted(fresh, key=lambda item: (-expected_information(ability, item=item), item.id))
    best = ranked[: max(1, exposure.among)]
    return best[int(np.random.default_rng(seed).integers(len(best)))]


def expected_information(ability: Ability, *, item: Item) -> float:
    """Fisher information averaged over what is believed of the person (Veerkamp & Berger 1997).

    Early on the mean is far off; averaging keeps the first questions from betting on it.
    """
    return sum(
        weight * information(ability.mean + step * ability.sd, item=item) for step, weight in _QUADRATURE
    )


# Gauss-Hermite with five points for a standard normal.
_QUADRATURE = (
    (-2.8569700138728, 0.0112574113277),
    (-1.3556261799742, 0.2220759220056),
    (0.0, 0.5333333333333),
    (1.3556261799742, 0.2220759220056),
    (2.8569700138728, 0.0112574113277),
)


class StopReason(StrEnum):
    """Why an assessment ends."""

    PRECISE = "precise"
    LONG_ENOUGH = "long-enough"
    NOTHING_LEFT = "nothing-left"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRule:
    """At least `fewest` items, at most `most`; in between until the level's sd is at most `level_sd`.

    With four options an item tells little: in simulation eight well-chosen ones bring the sd to about 0.8.
    """

    fewest: int = 5
    most: int = 12
    level_sd: float = 0.8

    def __post_init__(self) -> None:
        if not (1 <= self.fewest <= self.most and self.level_sd > 0):
            raise ValueError(f"expected 1 <= fewest <= most and an sd above zero, got {self}")


STOP_RULE = StopRule()


def stop_reason(ability: Ability, *, asked: int, left: int, rule: StopRule = STOP_RULE) -> StopReason | None:
    """Why to stop after `asked` items with `left` ones to go, or None to go on.

    >>> stop_reason(Ability(mean=0, sd=0.5), asked=5, left=6)
    <StopReason.PRECISE: 'precise'>
    >>> stop_reason(Ability(mean=0, sd=1.5), asked=5, left=6) is None
    True
    """
    if left <= 0:
        return StopReason.NOTHING_LEFT
    if asked >= rule.most:
        return StopReason.LONG_ENOUGH
    if asked >= rule.fewest and ability.level_sd <= rule.level_sd:
        return StopReason.PRECISE
    return None


def _logistic(logits: float) -> float:
    # The form that never overflows, for either sign.
    if logits >= 0:
        return 1 / (1 + math.exp(-logits))
    odds = math.exp(logits)
    return odds / (1 + odds)
