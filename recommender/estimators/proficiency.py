"""How well somebody masters one skill, from all evidence about it: a level with a variance, on any day.

A one-dimensional Kalman filter over the evidence in the order of its dates (e.g. Durbin & Koopman 2012, ch.
2) with nothing known at the start, so one piece of evidence alone gives its own level. Each kind of evidence
is an observation with its own noise; the level may drift, so old evidence weighs less. What differs from the
textbook changes the mean only, never the variance, which is why more evidence never raises it:

- a completed course, certificate or work history says "at least": it never lowers the mean;
- a completed course or certificate above the mean lifts it to its own level, a correction sets it;
- a failed course says "at most": it never raises the mean, and alone it proves nothing;
- one's own report below the mean counts in full: people may always say that they can do less;
- of statements by one source, equally sure (the person; a manager; a peer), the latest counts. Moving
  an observation of the same noise to a later day never raises the variance after it;
- an assessment or certificate sets a verified floor; a later, lower assessment or correction lowers it.

Two clocks run. *Disuse*: since the skill was last used, what lies above the floor halves every half-life.
*Currency*: since it was last shown, the factor 2 ** (-t / H) tells how dated it is. What the planner reads
takes the more pessimistic of the two, never their product.

The half-lives, noises and drift are assumptions: no data set gives them. An organisation may set its own
half-lives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from recommender.domain import HalfLife
from recommender.estimators.clocks import DEFAULT_CLOCKS, Clocks
from recommender.estimators.evidence import NOISE, Contribution, Kind, Observation, Role
from recommender.estimators.tracking import (
    MOST_VARIANCE,
    Estimate,
    State,
    Track,
    at,
    follow,
    reading,
)

__all__ = [
    "DEFAULT_CLOCKS",
    "MOST_VARIANCE",
    "NOISE",
    "Clocks",
    "Contribution",
    "Estimate",
    "Kind",
    "Lapse",
    "Observation",
    "Role",
    "State",
    "Track",
    "at",
    "estimate",
    "follow",
    "lapses",
    "lapses_of",
    "reading",
]


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
    known = [one for one in observations if one.on <= on_date]
    track = follow(known, half_life=half_life, clocks=clocks)
    return at(
        track.state, on_date=on_date, half_life=half_life, clocks=clocks, contributions=track.contributions
    )


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
    track = follow([one for one in observations if one.on <= start], half_life=half_life, clocks=clocks)
    return lapses_of(track.state, start=start, before=before, half_life=half_life, clocks=clocks)


def lapses_of(
    state: State | None,
    *,
    start: date,
    before: date,
    half_life: HalfLife,
    clocks: Clocks = DEFAULT_CLOCKS,
) -> tuple[Lapse, ...]:
    """The same from the state that the evidence left behind, on or before `start`."""

    def read(days: int) -> int:
        day = start + timedelta(days=days)
        return at(state, on_date=day, half_life=half_life, clocks=clocks).reading

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
