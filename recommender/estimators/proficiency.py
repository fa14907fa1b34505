"""How well somebody masters one skill, from all evidence about it: a level with a variance, on any day.

A one-dimensional Kalman filter over the evidence in the order of its dates (e.g. Durbin & Koopman 2012, ch.
2) with nothing known at the start, so one piece of evidence alone gives its own level. Each kind of evidence
is an observation with its own noise; the level may drift, so old evidence weighs less. What differs from the
textbook changes the mean only, never the variance, which is why more evidence never raises it:

- a completed course, certificate or work history says "at least": it never lowers the mean;
- a completed course or certificate above the mean lifts it to its own level, a correction sets it;
- of statements by one source, equally sure (the person; a manager; a peer), the latest counts. Moving
  an observation of the same noise to a later day never raises the variance after it;
- an assessment or certificate sets a verified floor; a later, lower assessment or correction lowers it.

Two clocks run. *Disuse*: since the skill was last used, what lies above the floor halves every half-life.
*Currency*: since it was last shown, the factor 2 ** (-t / H) tells how dated it is. What the planner reads
takes the more pessimistic of the two, never their product.

The half-lives, noises and drift are assumptions: no data set gives them. An organisation may set its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from recommender.domain import LEVELS, MAX_LEVEL, HalfLife
from recommender.estimators import decay

DAYS_PER_MONTH = decay.DAYS_PER_YEAR / decay.MONTHS_PER_YEAR


class Kind(StrEnum):
    """What evidence is."""

    SELF_REPORT = "self-report"
    CV = "cv"
    PEER = "peer"
    MANAGER = "manager"
    WORK_HISTORY = "work-history"
    COURSE = "course"
    CERTIFICATE = "certificate"
    ASSESSMENT = "assessment"
    CORRECTION = "correction"


NOISE: Mapping[Kind, float] = {
    Kind.CV: 1.0,
    Kind.SELF_REPORT: 0.9,
    Kind.PEER: 0.8,
    Kind.MANAGER: 0.7,
    Kind.WORK_HISTORY: 0.6,
    Kind.COURSE: 0.5,
    Kind.CERTIFICATE: 0.45,
    Kind.ASSESSMENT: 0.4,
    Kind.CORRECTION: 0.9,
}
"""Assumed standard deviation of each kind, in levels."""

AT_LEAST = frozenset({Kind.WORK_HISTORY, Kind.COURSE, Kind.CERTIFICATE})
LIFTS = frozenset({Kind.COURSE, Kind.CERTIFICATE})
VERIFIED = frozenset({Kind.ASSESSMENT, Kind.CERTIFICATE})
_OWN_WORDS = {Kind.SELF_REPORT: "self", Kind.CV: "self", Kind.MANAGER: "manager", Kind.PEER: "peer"}
_SAME_DAY = (*(kind for kind in Kind if kind not in LIFTS), *(kind for kind in Kind if kind in LIFTS))

MOST_VARIANCE = (len(LEVELS) ** 2 - 1) / 12
"""Of a level anywhere in 0..5: what is believed of a skill nobody has evidence about."""

THIRD = 0.4307
"""The standard normal's upper third begins here: the planner reads the lower third's end."""


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
class Observation:
    """One piece of evidence.

    `level` 0..5 (an assessment's may lie between whole levels), `on` the day it was shown, `used_until` how
    long the skill was used from then on, `sd` in levels where the evidence brings its own, `source` who says
    so (of one source's statements the latest counts; "" for the kind's own), `withdrawn` if it no longer
    counts. `id` names it in the reasons and breaks ties.
    """

    id: str
    kind: Kind
    level: float
    on: date
    used_until: date | None = None
    sd: float | None = None
    source: str = ""
    withdrawn: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.level <= MAX_LEVEL:
            raise ValueError(f"a level lies between 0 and 5, got {self.level}")
        if self.sd is not None and not 0 < self.sd < math.inf:
            raise ValueError(f"an sd must be above zero, got {self.sd}")

    @property
    def variance(self) -> float:
        """Its noise, in squared levels."""
        return (self.sd or NOISE[self.kind]) ** 2


class Role(StrEnum):
    """What a piece of evidence did."""

    COUNTED = "counted"
    LOWERS_NOTHING = "lowers-nothing"
    OVERTAKEN = "overtaken"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """How far the mean rests on one piece of evidence; the weights of a known skill add up to 1."""

    observation: Observation
    weight: float
    role: Role


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
    """The whole level nearest to the lower third's end of N(value, variance), within 0..5.

    Never rises with the variance, never falls with the value. One fresh self-report reads as itself.

    >>> reading(3, variance=0.81), reading(3, variance=1.5), reading(3, variance=0)
    (3, 2, 3)
    """
    return min(max(math.floor(value - THIRD * math.sqrt(variance) + 0.5), 0), MAX_LEVEL)


def estimate(
    observations: Iterable[Observation],
    *,
    on_date: date,
    half_life: HalfLife,
    clocks: Clocks = DEFAULT_CLOCKS,
) -> Estimate:
    """What all evidence shown until `on_date` says of that day, in whatever order it comes.

    >>> said = Observation(id="1", kind=Kind.SELF_REPORT, level=3, on=date(2026, 1, 1))
    >>> found = estimate([said], on_date=date(2026, 1, 1), half_life=HalfLife.TOOL)
    >>> found.mean, round(found.variance, 2), found.reading
    (3.0, 0.81, 3)
    >>> estimate([said], on_date=date(2027, 7, 3), half_life=HalfLife.TOOL).mean < 1.51
    True
    """
    known = sorted((one for one in observations if one.on <= on_date), key=_order)
    counting, idle = _sifted(known)
    state = _State(half_life=half_life, clocks=clocks)
    for one in counting:
        state.pass_until(one.on)
        state.observe(one)
    state.pass_until(on_date)
    return state.estimate(on_date, idle=idle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """From `on` on the planner reads `to_level` instead of `level`."""

    on: date
    level: int
    to_level: int


def lapses(
    observations: Iterable[Observation],
    *,
    start: date,
    before: date,
    half_life: HalfLife,
    clocks: Clocks = DEFAULT_CLOCKS,
) -> tuple[Lapse, ...]:
    """What would lapse after `start` and before a day if nothing more were shown, earliest first."""
    known = [one for one in observations if one.on <= start]

    def read(days: int) -> int:
        day = start + timedelta(days=days)
        return estimate(known, on_date=day, half_life=half_life, clocks=clocks).reading

    found: list[Lapse] = []
    last, now = (before - start).days - 1, 0
    while now < last and read(last) < (level := read(now)):
        # The reading only falls, so the first day below `level` is found by halving.
        kept, fallen = now, last
        while fallen - kept > 1:
            middle = (kept + fallen) // 2
            kept, fallen = (middle, fallen) if read(middle) >= level else (kept, middle)
        found.append(Lapse(on=start + timedelta(days=fallen), level=level, to_level=read(fallen)))
        now = fallen
    return tuple(found)


def _order(one: Observation) -> tuple[object, ...]:
    used = one.used_until or one.on
    return (
        one.on,
        _SAME_DAY.index(one.kind),
        one.level,
        one.variance,
        used,
        one.source,
        one.id,
        one.withdrawn,
    )


def _sifted(known: Sequence[Observation]) -> tuple[list[Observation], list[Contribution]]:
    """The evidence that counts in order, and the rest with the reason why not."""
    said_last: dict[tuple[str, float], Observation] = {}
    for one in known:
        if not one.withdrawn and one.kind in _OWN_WORDS:
            said_last[_source(one)] = one
    counting, idle = [], []
    for one in known:
        if one.withdrawn:
            idle.append(Contribution(observation=one, weight=0.0, role=Role.WITHDRAWN))
        elif one.kind in _OWN_WORDS and said_last[_source(one)] is not one:
            idle.append(Contribution(observation=one, weight=0.0, role=Role.OVERTAKEN))
        else:
            counting.append(one)
    return counting, idle


def _source(one: Observation) -> tuple[str, float]:
    """Who says it. Only equal noises overtake each other, or a vaguer word would raise the variance."""
    return one.source or _OWN_WORDS[one.kind], one.variance


class _State:
    """The filter between two pieces of evidence."""

    def __init__(self, *, half_life: HalfLife, clocks: Clocks) -> None:
        self.disuse = clocks.disuse[half_life] * DAYS_PER_MONTH
        self.currency = clocks.currency[half_life] * DAYS_PER_MONTH
        self.drift = clocks.drift / self.currency
        self.mean = 0.0
        self.variance = math.inf
        self.day = date.min
        self.used = date.min
        self.shown = date.min
        self.shown_mean = 0.0
        self.floor = 0
        self.verified_on: date | None = None
        self.contested = False
        self.weights: list[tuple[Observation, float, Role]] = []

    def pass_until(self, day: date) -> None:
        """Let time pass: the variance drifts up, the mean fades for the days without use."""
        if not self.weights:
            self.day = day
            return
        self.variance += self.drift * (day - self.day).days
        idle = (day - max(self.day, min(self.used, day))).days
        rests_at = min(float(self.floor), self.mean)
        self.mean = rests_at + (self.mean - rests_at) * 2 ** (-idle / self.disuse)
        self.day = day

    def observe(self, one: Observation) -> None:
        """Take in one piece of evidence of the day reached."""
        gain = 1.0 if math.isinf(self.variance) else self.variance / (self.variance + one.variance)
        self.variance = one.variance if math.isinf(self.variance) else (1 - gain) * self.variance
        role = Role.COUNTED
        verified = reading(one.level, variance=one.variance) if one.kind in VERIFIED else None
        if not self.weights or one.kind is Kind.CORRECTION:
            gain = 1.0
        elif one.kind in AT_LEAST and one.level <= self.mean:
            gain, role = 0.0, Role.LOWERS_NOTHING
        elif one.kind in LIFTS:
            gain = 1.0
        self._set_floor(one, verified)
        moved = self.mean + gain * (one.level - self.mean)
        if verified is not None and moved < self.floor <= one.level:
            gain = (self.floor - self.mean) / (one.level - self.mean)
            moved = float(self.floor)
        self.weights = [(other, weight * (1 - gain), was) for other, weight, was in self.weights]
        self.weights.append((one, gain, role))
        self.mean = moved
        if verified is None and one.kind not in AT_LEAST and one.level < self.floor:
            self.contested = True
        self.used = max(self.used, one.used_until or one.on, one.on)
        self.shown, self.shown_mean = one.on, self.mean

    def _set_floor(self, one: Observation, verified: int | None) -> None:
        if one.kind is Kind.CORRECTION:
            self.floor = min(self.floor, math.floor(one.level))
            return
        if verified is None or (one.kind is Kind.CERTIFICATE and verified < self.floor):
            return
        self.floor, self.verified_on, self.contested = verified, one.on, False

    def estimate(self, day: date, *, idle: Sequence[Contribution]) -> Estimate:
        """The state as a value."""
        known = bool(self.weights)
        variance = min(self.variance, MOST_VARIANCE)
        currency = 2 ** (-(day - self.shown).days / self.currency) if known else 0.0
        value = min(self.mean, self.shown_mean * currency)
        # A whole level is out of date once its faded value counts as the one below (estimators.decay).
        due = self.floor > 0 and self.floor * currency < self.floor - 0.5
        read = reading(value, variance=variance) if known else 0
        if self.floor and not due and not self.contested:
            read = max(read, self.floor)
        total = sum(one.level * weight for one, weight, _ in self.weights)
        counted = [
            Contribution(observation=one, weight=weight, role=role) for one, weight, role in self.weights
        ]
        return Estimate(
            mean=self.mean,
            variance=variance,
            value=value,
            reading=read,
            currency=currency,
            faded=total - self.mean,
            floor=self.floor,
            verified_on=self.verified_on,
            due_for_refresh=due,
            is_contested=self.contested,
            contributions=(*counted, *idle),
        )
