"""The two clocks of a level, disuse and currency, by class of skill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from recommender.domain import HalfLife
from recommender.estimators import decay

DAYS_PER_MONTH = decay.DAYS_PER_YEAR / decay.MONTHS_PER_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Half-lives in months: `disuse` and `currency` both by class, and the drift of the level.

    `drift` is the variance, in squared levels, that a level gains in one half-life of its currency.
    """

    disuse: Mapping[HalfLife, int] = field(default_factory=lambda: {one: one.months for one in HalfLife})
    currency: Mapping[HalfLife, int] = field(default_factory=lambda: {one: one.months for one in HalfLife})
    drift: float = 0.25

    def __post_init__(self) -> None:
        months = [*self.disuse.values(), *self.currency.values()]
        if min(months) <= 0 or self.drift < 0:
            raise ValueError("half-lives must be above zero months, and the drift not below zero")


DEFAULT_CLOCKS = Clocks()


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLives:
    """The clocks of one class of skills, in days; `drift` in squared levels a day."""

    disuse: float
    currency: float
    drift: float

    @classmethod
    def of(cls, half_life: HalfLife, clocks: Clocks) -> HalfLives:
        """The clocks of skills of this class."""
        currency = clocks.currency[half_life] * DAYS_PER_MONTH
        return cls(
            disuse=clocks.disuse[half_life] * DAYS_PER_MONTH,
            currency=currency,
            drift=clocks.drift / currency,
        )

    def faded(self, mean: float, *, floor: int, day: date, used: date, to: date) -> float:
        """What is left on `to` of the mean of `day`: all above the floor halves, except while in use."""
        idle = (to - max(day, min(used, to))).days
        rests_at = min(float(floor), mean)
        # From a mean of thousandths a subtraction would leave a negative rest.
        return max(rests_at + (mean - rests_at) * 2 ** (-idle / self.disuse), 0.0)

    def currency_of(self, days: int) -> float:
        """What is left of 1 so many days after a skill was last shown."""
        return float(2 ** (-days / self.currency))
