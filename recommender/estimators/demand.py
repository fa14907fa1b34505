"""How much a skill is asked for in job postings, whether that changes, and what demand may decide.

Plain statistics: a share with a Beta prior, a log-linear trend with quasi-Poisson errors, and the words "not
enough data" wherever they do not carry. No forecast.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import scipy  # its statistics are loaded at their first use

from recommender.estimators.completion import Beta

SAME_POSTING_DAYS = 30
PRIOR_STRENGTH = 2.0
LEAST_PRIOR = 0.5
"""Jeffreys' half: with less, a skill not seen yet would be called certainly absent."""
ENOUGH_POSTINGS = 30
ENOUGH_MONTHS = 6
ENOUGH_MENTIONS = 20
ERROR_RATE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A job posting, linked to a role and to skills; `posted_on` is None where nobody dated it."""

    id: str
    employer: str
    title: str
    role: str
    skills: frozenset[str]
    posted_on: date | None = None


def without_repeats(postings: Sequence[Posting], *, days: int = SAME_POSTING_DAYS) -> list[Posting]:
    """Postings without those repeated by the same employer under the same title within `days` of a kept one.

    Upper case and blanks do not matter; undated ones count once. In the order of day and id, so the order
    they come in does not matter either.

    >>> one = Posting(id="1", employer="A", title="Data  engineer", role="r", skills=frozenset())
    >>> two = Posting(id="2", employer="a", title="data engineer", role="r", skills=frozenset())
    >>> [kept.id for kept in without_repeats([two, one])]
    ['1']
    """
    last: dict[tuple[str, str, bool], date] = {}
    kept = []
    for one in sorted(postings, key=lambda one: (one.posted_on or date.min, one.id)):
        key = (_plain(one.employer), _plain(one.title), one.posted_on is None)
        day = one.posted_on or date.min
        if key in last and (day - last[key]).days < days:
            continue
        last[key] = day
        kept.append(one)
    return kept


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


# --- the share ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The share of postings that ask for a skill, with its 95 % interval; `is_enough` tells if to show it."""

    mentions: int
    postings: int
    mean: float
    low: float
    high: float

    @property
    def is_enough(self) -> bool:
        """Whether there are postings enough to speak of a share at all."""
        return self.postings >= ENOUGH_POSTINGS


def prior_from(parent: float, *, strength: float = PRIOR_STRENGTH) -> Beta:
    """The prior of a skill whose parent is asked for in a share `parent` of postings; never below Jeffreys'.

    >>> prior_from(0.4)
    Beta(good=0.8, bad=1.2)
    >>> prior_from(0.01).good
    0.5
    """
    return Beta(
        good=max(LEAST_PRIOR, strength * parent), bad=max(LEAST_PRIOR, round(strength * (1 - parent), 12))
    )


JEFFREYS = Beta(good=0.5, bad=0.5)


def share(mentions: int, *, postings: int, prior: Beta = JEFFREYS) -> Share:
    """The posterior share. Raises ValueError for more mentions than postings.

    >>> found = share(20, postings=1000)
    >>> found.low < 0.02 < found.high
    True
    """
    if not 0 <= mentions <= postings:
        raise ValueError(f"expected 0 <= mentions <= postings, got {mentions} and {postings}")
    after = prior.after(good=mentions, bad=postings - mentions)
    low, high = after.interval()
    # At the edges the equal tails would shut out the edge itself (Brown, Cai & DasGupta 2001).
    low, high = (0.0 if mentions == 0 else low), (1.0 if mentions == postings else high)
    return Share(mentions=mentions, postings=postings, mean=after.mean, low=low, high=high)


def index(of_skill: Share, *, average: float) -> float | None:
    """100 for a skill asked for as often as a role's skills are on average; None without enough data.

    >>> index(share(100, postings=1000, prior=Beta(good=1, bad=9)), average=0.05)
    200.0
    """
    if not of_skill.is_enough or average <= 0:
        return None
    return round(100 * of_skill.mean / average, 1)


# --- the trend ---


class Direction(StrEnum):
    """What may be said about a trend."""

    RISING = "rising"
    FALLING = "falling"
    NOT_ENOUGH_DATA = "not-enough-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month: postings that mention the skill, of all postings."""

    mentions: int
    postings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Growth of the share per year (0.4 is +40 %), its 95 % interval, and the p-value of no change.

    The figures are None without enough data. `direction` holds for this skill looked at alone; over many
    skills use `directions`.
    """

    growth: float | None
    low: float | None
    high: float | None
    p_value: float
    direction: Direction


UNKNOWN = Trend(growth=None, low=None, high=None, p_value=1.0, direction=Direction.NOT_ENOUGH_DATA)


def trend(months: Sequence[Month]) -> Trend:
    """The log-linear slope of monthly shares, by quasi-Poisson regression (McCullagh & Nelder 1989, ch. 6).

    Mentions in a month are Poisson around postings * exp(a + b * month), with the variance stretched by the
    dispersion the months show (never below 1); b's interval is Student's with months - 2 degrees of freedom.
    `months` follow one another; months without postings say nothing but keep their place. A direction is
    named only when the interval of b leaves zero out.
    """
    places = np.array([place for place, one in enumerate(months) if one.postings], dtype=np.float64)
    mentions = np.array([one.mentions for one in months if one.postings], dtype=np.float64)
    exposure = np.array([one.postings for one in months if one.postings], dtype=np.float64)
    if len(places) < ENOUGH_MONTHS or mentions.sum() < ENOUGH_MENTIONS:
        return UNKNOWN
    design = np.column_stack([np.ones(len(places)), (places - places.mean()) / 12])
    weights = np.array([math.log(mentions.sum() / exposure.sum()), 0.0])
    for _ in range(50):
        mean = exposure * np.exp(np.clip(design @ weights, -30, 30))
        curvature = (design * mean[:, None]).T @ design
        step = np.linalg.solve(curvature, design.T @ (mentions - mean))
        weights = weights + step
        if float(np.abs(step).max()) < 1e-10:
            break
    mean = exposure * np.exp(np.clip(design @ weights, -30, 30))
    freedom = len(places) - 2
    dispersion = max(1.0, float(((mentions - mean) ** 2 / mean).sum()) / freedom)
    curvature = (design * mean[:, None]).T @ design
    error = math.sqrt(dispersion * float(np.linalg.inv(curvature)[1, 1]))
    slope = float(weights[1])
    reach = error * float(scipy.stats.t.ppf(0.975, freedom))
    return Trend(
        growth=math.expm1(slope),
        low=math.expm1(slope - reach),
        high=math.expm1(slope + reach),
        p_value=float(2 * scipy.stats.t.sf(abs(slope) / error, freedom)),
        direction=_direction(slope - reach, slope + reach),
    )


def _direction(low: float, high: float) -> Direction:
    if low > 0:
        return Direction.RISING
    return Direction.FALLING if high < 0 else Direction.NOT_ENOUGH_DATA


def directions(trends: Mapping[str, Trend], *, error_rate: float = ERROR_RATE) -> dict[str, Direction]:
    """What may be said of each of many skills: of the directions named, `error_rate` are expected false.

    Benjamini & Hochberg 1995, over the skills with data enough; on top of each one's own interval.
    """
    tested = sorted((found.p_value, skill) for skill, found in trends.items() if found.growth is not None)
    passed = 0
    for place, (p_value, _) in enumerate(tested, start=1):
        if p_value <= error_rate * place / len(tested):
            passed = place
    named = {skill for _, skill in tested[:passed]}
    return {
        skill: found.direction if skill in named else Direction.NOT_ENOUGH_DATA
        for skill, found in trends.items()
    }


# --- what demand may decide ---

DEMAND_REACH = 0.25
"""The most that demand can add to or take from a strategic priority of 0..1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """How much an organisation wants a role, 0..1, who said so and when. Set by people, never computed."""

    value: float
    source: str
    stated_on: date

    def __post_init__(self) -> None:
        if not 0 <= self.value <= 1:
            raise ValueError(f"a priority lies between 0 and 1, got {self.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A role's score, and the two parts that make it."""

    role: str
    score: float
    priority: float
    demand: float


def ranked(
    postings: Mapping[str, int], *, priorities: Mapping[str, Priority], neutral: float = 0.5
) -> list[Standing]:
    """Every role, best first: its priority, moved by demand by at most `DEMAND_REACH`.

    `postings` counts each role's. Fewer than `ENOUGH_POSTINGS` say nothing, so such a role is neither
    raised nor lowered: absence of postings is no evidence against a role. The rest are placed by the
    logarithm of their counts. No role is left out, and one whose priority is higher by more than twice the
    reach always stands above.
    """
    counts = {role: math.log(count) for role, count in postings.items() if count >= ENOUGH_POSTINGS}
    low, high = min(counts.values(), default=0.0), max(counts.values(), default=0.0)
    found = []
    for role in {*postings, *priorities}:
        priority = priorities[role].value if role in priorities else neutral
        place = 2 * (counts[role] - low) / (high - low) - 1 if role in counts and high > low else 0.0
        demand = DEMAND_REACH * place
        found.append(Standing(role=role, score=priority + demand, priority=priority, demand=demand))
    return sorted(found, key=lambda one: (-one.score, -one.priority, one.role))
