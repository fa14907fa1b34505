"""The filter behind proficiency: what evidence leaves behind, and what that comes to on a later day."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recommender.domain import LEVELS, MAX_LEVEL, HalfLife
from recommender.estimators.clocks import Clocks, HalfLives
from recommender.estimators.evidence import (
    AT_LEAST,
    AT_MOST,
    LIFTS,
    VERIFIED,
    Contribution,
    Kind,
    Observation,
    Role,
    sifted,
)

MOST_VARIANCE = (len(LEVELS) ** 2 - 1) / 12
"""Of a level anywhere in 0..5: what is believed of a skill nobody has evidence about."""

LOWER = 0.2533
"""The standard normal's lower 40 per cent end at minus this: what the planner reads, before rounding.

Any lower part is more careful, and makes a word given once lapse sooner: at a third, a level 3 of a tool that
somebody reports falls to 2 after one month of silence instead of two and a half.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What all evidence until `day` leaves behind: enough to tell the level on any later day.

    `mean` and `variance` hold on `day`; the skill is in use until `used_until`. It was last shown on
    `shown_on`, at `shown_mean`, which then read as the whole level `shown_level`. `floor` is the level
    verified on `verified_on`; `is_contested` if lower evidence came after it.
    """

    mean: float
    variance: float
    day: date
    used_until: date
    shown_on: date
    shown_mean: float
    shown_level: int
    floor: int
    verified_on: date | None
    is_contested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The state after all evidence (None: nothing is known), and what each piece did."""

    state: State | None
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The level on a day, and why.

    mean = sum(weight * level) - faded. `floor` is the verified level shown on `verified_on`; `currency` the
    factor 0..1; `value` what remains by the more pessimistic clock. `reading` is the whole level the planner
    reads. `due_for_refresh` tells that the verified level is out of date: only then, or after lower evidence
    (`is_contested`), may the reading lie below the floor.
    """

    mean: float
    variance: float
    value: float
    reading: int
    currency: float
    faded: float
    floor: int
    verified_on: date | None
    due_for_refresh: bool
    is_contested: bool
    contributions: tuple[Contribution, ...]


def reading(value: float, *, variance: float) -> int:
    """The whole level nearest to the upper end of the lower 40 per cent of N(value, variance), within 0..5.

    Never rises with the variance, never falls with the value. One fresh self-report reads as itself.

    >>> reading(3, variance=0.81), reading(3, variance=4.0), reading(3, variance=0)
    (3, 2, 3)
    """
    return min(max(math.floor(value - LOWER * math.sqrt(variance) + 0.5), 0), MAX_LEVEL)


def follow(observations: Iterable[Observation], *, half_life: HalfLife, clocks: Clocks) -> Track:
    """Take in all evidence by the order of its days, in whatever order it comes."""
    counting, idle = sifted(list(observations))
    tracker = _Tracker(half_life=half_life, clocks=clocks)
    for one in counting:
        tracker.pass_until(one.on)
        tracker.observe(one)
    counted = [
        Contribution(observation=one, weight=weight, role=role) for one, weight, role in tracker.weights
    ]
    return Track(state=tracker.state(), contributions=(*counted, *idle))


def at(
    state: State | None,
    *,
    on_date: date,
    half_life: HalfLife,
    clocks: Clocks,
    contributions: tuple[Contribution, ...] = (),
) -> Estimate:
    """What `state` comes to on a day, not before its own, if nothing more is shown."""
    if state is None:
        return _nothing_known(contributions)
    half_lives = HalfLives.of(half_life, clocks)
    mean = half_lives.faded(state.mean, floor=state.floor, day=state.day, used=state.used_until, to=on_date)
    variance = min(state.variance + half_lives.drift * (on_date - state.day).days, MOST_VARIANCE)
    currency = half_lives.currency_of((on_date - state.shown_on).days)
    value = min(mean, state.shown_mean * currency)
    # A whole level is out of date once its faded value counts as the one below (estimators.decay).
    due = state.floor > 0 and state.floor * currency < state.floor - 0.5
    read = reading(value, variance=variance)
    if state.floor and not due and not state.is_contested:
        read = max(read, state.floor)
    total = sum(one.weight * one.observation.level for one in contributions)
    return Estimate(
        mean=mean,
        variance=variance,
        value=value,
        reading=read,
        currency=currency,
        faded=total - mean if contributions else 0.0,
        floor=state.floor,
        verified_on=state.verified_on,
        due_for_refresh=due,
        is_contested=state.is_contested,
        contributions=contributions,
    )


def _nothing_known(contributions: tuple[Contribution, ...]) -> Estimate:
    return Estimate(
        mean=0.0,
        variance=MOST_VARIANCE,
        value=0.0,
        reading=0,
        currency=0.0,
        faded=0.0,
        floor=0,
        verified_on=None,
        due_for_refresh=False,
        is_contested=False,
        contributions=contributions,
    )


class _Tracker:
    """The filter between two pieces of evidence."""

    def __init__(self, *, half_life: HalfLife, clocks: Clocks) -> None:
        self.half_lives = HalfLives.of(half_life, clocks)
        self.mean = 0.0
        self.variance = math.inf
        self.day = date.min
        self.used = date.min
        self.shown = date.min
        self.shown_mean = 0.0
        self.shown_level = 0
        self.floor = 0
        self.verified_on: date | None = None
        self.contested = False
        self.weights: list[tuple[Observation, float, Role]] = []

    @property
    def knows_nothing(self) -> bool:
        return math.isinf(self.variance)

    def pass_until(self, day: date) -> None:
        """Let time pass: the variance drifts up, the mean fades for the days without use."""
        if not self.knows_nothing:
            self.variance += self.half_lives.drift * (day - self.day).days
            self.mean = self.half_lives.faded(
                self.mean, floor=self.floor, day=self.day, used=self.used, to=day
            )
        self.day = day

    def observe(self, one: Observation) -> None:
        """Take in one piece of evidence of the day reached."""
        if one.kind in AT_MOST and self.knows_nothing:
            self.weights.append((one, 0.0, Role.RAISES_NOTHING))
            return
        gain, role = self._gain(one)
        # What shows at most a level counts for nothing where it comes first, and whether it does may change
        # with a later word; so it makes no level surer either.
        if one.kind not in AT_MOST:
            self.variance = one.variance if self.knows_nothing else self._narrowed(one)
        verified = reading(one.level, variance=one.variance) if one.kind in VERIFIED else None
        self._set_floor(one, verified)
        moved = self.mean + gain * (one.level - self.mean)
        if verified is not None and moved < self.floor <= one.level:
            gain = (self.floor - self.mean) / (one.level - self.mean)
            moved = float(self.floor)
        self.weights = [(other, weight * (1 - gain), was) for other, weight, was in self.weights]
        self.weights.append((one, gain, role))
        self.mean = moved
        if verified is None and role is Role.COUNTED and one.kind not in AT_LEAST:
            self.contested = self.contested or one.level < self.floor
        self.used = max(self.used, one.used_until or one.on, one.on)
        self._show(one, role)

    def _gain(self, one: Observation) -> tuple[float, Role]:
        """How far the mean goes towards the evidence."""
        if self.knows_nothing or one.kind is Kind.CORRECTION:
            return 1.0, Role.COUNTED
        if one.kind in AT_LEAST and one.level <= self.mean:
            return 0.0, Role.LOWERS_NOTHING
        if one.kind in AT_MOST and one.level >= self.mean:
            return 0.0, Role.RAISES_NOTHING
        if one.kind in LIFTS or (one.kind is Kind.SELF_REPORT and one.level < self.mean):
            return 1.0, Role.COUNTED
        return self.variance / (self.variance + one.variance), Role.COUNTED

    def _narrowed(self, one: Observation) -> float:
        return self.variance * one.variance / (self.variance + one.variance)

    def _set_floor(self, one: Observation, verified: int | None) -> None:
        if one.kind is Kind.CORRECTION:
            self.floor = min(self.floor, math.floor(one.level))
            return
        if verified is None or (one.kind is Kind.CERTIFICATE and verified < self.floor):
            return
        self.floor, self.verified_on, self.contested = verified, one.on, False

    def _show(self, one: Observation, role: Role) -> None:
        """Set the clock of currency: a lower course is no proof of more than its own level."""
        shown = self.mean
        if role is not Role.COUNTED:
            left = self.shown_mean * self.half_lives.currency_of((one.on - self.shown).days)
            shown = one.level
            if role is Role.RAISES_NOTHING or shown <= left:
                # Not shown anew, but known better: the same value may now read as a level more.
                better = reading(min(self.mean, left), variance=self.variance)
                self.shown_level = max(self.shown_level, better)
                return
        self.shown, self.shown_mean = one.on, shown
        self.shown_level = reading(min(self.mean, shown), variance=self.variance)
        if not self.contested:
            self.shown_level = max(self.shown_level, self.floor)

    def state(self) -> State | None:
        """Where it stands, as a value."""
        if self.knows_nothing:
            return None
        return State(
            mean=self.mean,
            variance=self.variance,
            day=self.day,
            used_until=self.used,
            shown_on=self.shown,
            shown_mean=self.shown_mean,
            shown_level=self.shown_level,
            floor=self.floor,
            verified_on=self.verified_on,
            is_contested=self.contested,
        )
