"""Evidence of one skill as the estimator of proficiency sees it: kinds, noises, and what each kind may do."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recommender.domain import MAX_LEVEL


class Kind(StrEnum):
    """What evidence is."""

    SELF_REPORT = "self-report"
    CV = "cv"
    PEER = "peer"
    MANAGER = "manager"
    WORK_HISTORY = "work-history"
    FAILED_COURSE = "failed-course"
    COURSE = "course"
    CERTIFICATE = "certificate"
    ASSESSMENT = "assessment"
    CORRECTION = "correction"


NOISE: Mapping[Kind, float] = {
    Kind.SELF_REPORT: 0.9,
    Kind.CV: 0.9,
    Kind.PEER: 0.8,
    Kind.MANAGER: 0.7,
    Kind.WORK_HISTORY: 0.6,
    Kind.FAILED_COURSE: 0.5,
    Kind.COURSE: 0.5,
    Kind.CERTIFICATE: 0.45,
    Kind.ASSESSMENT: 0.4,
    Kind.CORRECTION: 0.9,
}
"""Assumed standard deviation of each kind, in levels. A CV is the person's own word and as sure as one."""

AT_LEAST = frozenset({Kind.WORK_HISTORY, Kind.COURSE, Kind.CERTIFICATE})
AT_MOST = frozenset({Kind.FAILED_COURSE})
LIFTS = frozenset({Kind.COURSE, Kind.CERTIFICATE})
VERIFIED = frozenset({Kind.ASSESSMENT, Kind.CERTIFICATE})
OWN = "self"
STATEMENTS: Mapping[Kind, str] = {
    Kind.SELF_REPORT: OWN,
    Kind.CV: OWN,
    Kind.MANAGER: "manager",
    Kind.PEER: "peer",
}
"""Kinds that are somebody's word, and whose."""
SAME_DAY = (*(kind for kind in Kind if kind not in LIFTS), *(kind for kind in Kind if kind in LIFTS))
"""The order in which evidence of one day is taken in, whichever was recorded first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One piece of evidence.

    `level` 0..5 (an assessment's may lie between whole levels; a failed course shows at most this), `on` the
    day it was shown, `used_until` how long the skill was used from then on, `sd` in levels where the
    evidence brings its own, `source` who says so ("" for the kind's own), `recorded` the place in the order
    of recording, which tells a later word from an earlier one, `withdrawn` if it no longer counts. `id` names
    it in the reasons and breaks ties.
    """

    id: str
    kind: Kind
    level: float
    on: date
    used_until: date | None = None
    sd: float | None = None
    source: str = ""
    recorded: int = 0
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

    @property
    def order(self) -> tuple[object, ...]:
        """By day, then by what it is: never by when it was recorded."""
        used = self.used_until or self.on
        return (
            self.on,
            SAME_DAY.index(self.kind),
            self.level,
            self.variance,
            used,
            self.source,
            self.withdrawn,
            self.recorded,
            self.id,
        )


class Role(StrEnum):
    """What a piece of evidence did."""

    COUNTED = "counted"
    LOWERS_NOTHING = "lowers-nothing"
    RAISES_NOTHING = "raises-nothing"
    OVERTAKEN = "overtaken"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """How far the mean rests on one piece of evidence; the weights of a known skill add up to 1."""

    observation: Observation
    weight: float
    role: Role


def sifted(known: list[Observation]) -> tuple[list[Observation], list[Contribution]]:
    """The evidence that counts, in order, and the rest with the reason why not."""
    said_last: dict[tuple[str, float], Observation] = {}
    for one in known:
        if one.withdrawn or one.kind not in STATEMENTS:
            continue
        source = _source(one)
        former = said_last.get(source)
        if former is None or _said(one) > _said(former):
            said_last[source] = one
    counting, idle = [], []
    for one in sorted(known, key=lambda one: one.order):
        if one.withdrawn:
            idle.append(Contribution(observation=one, weight=0.0, role=Role.WITHDRAWN))
        elif one.kind in STATEMENTS and said_last[_source(one)] is not one:
            idle.append(Contribution(observation=one, weight=0.0, role=Role.OVERTAKEN))
        else:
            counting.append(one)
    return counting, idle


def _source(one: Observation) -> tuple[str, float]:
    """Who says it. Only equal noises overtake each other, or a vaguer word would raise the variance."""
    return one.source or STATEMENTS[one.kind], one.variance


def _said(one: Observation) -> tuple[object, ...]:
    """One's own later word counts whatever day it speaks of; others' words by the day they speak of."""
    day = date.min if STATEMENTS[one.kind] == OWN else one.on
    return (day, one.recorded, one.order)
