"""What a person can do: now, on a day, why, and what would lapse before a day. Read only."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from groundwork.frameworks.models import Skill
from groundwork.learners import clocks as clocks_of
from groundwork.learners import standing
from groundwork.learners.models import Evidence, Learner
from recommender.domain import HalfLife
from recommender.estimators import proficiency
from recommender.estimators.proficiency import Clocks, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """From `on` on the level reads `to_level` instead of `level`, if nothing more is shown."""

    on: date
    level: int
    to_level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of evidence and what it did: `role` as the engine names it, `weight` its share of the mean."""

    evidence: Evidence
    role: str
    weight: float

    @property
    def percent(self) -> int:
        """The weight in whole per cent."""
        return round(100 * self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One skill of a person on the day `on`.

    `level` is the whole level the planner reads; `mean`, `variance` and `faded` (what disuse took off the
    mean) are in levels; `currency` is the factor 0..1 of the second clock. The skill was last shown on
    `shown_on`, then at `shown_level`. `floor` is the level verified on `verified_on`, 0 without one. `falls`
    are the coming lapses, as far as they were asked for.
    """

    skill: Skill
    on: date
    level: int
    mean: float
    variance: float
    faded: float
    currency: float
    shown_on: date | None
    shown_level: int
    floor: int
    verified_on: date | None
    due_for_refresh: bool
    is_contested: bool
    disuse_months: int
    currency_months: int
    lines: tuple[Line, ...]
    falls: tuple[Fall, ...] = ()

    @property
    def has_silenced(self) -> bool:
        """Whether some line does not count any more."""
        return not all(standing.counts(one.evidence) for one in self.lines)

    @property
    def sd(self) -> float:
        """The standard deviation in levels."""
        return float(self.variance**0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The estimate of one day of a curve; `mean` is what is left of it by the more pessimistic clock."""

    on: date
    level: int
    mean: float
    sd: float


def profile(
    learner: Learner, *, on_date: date, before: date | None = None, with_silenced: bool = False
) -> list[Answer]:
    """Every skill a person has shown until `on_date`, by its name's slug; lapses up to `before`.

    Fixed number of queries. Skills that no counting evidence puts above level 0 are left out, but with
    `with_silenced` not those with lines that are withdrawn, disputed or struck out.
    """
    histories: dict[int, list[Evidence]] = {}
    lines = Evidence.objects.filter(learner=learner).with_marks().select_related("skill")
    for one in lines:
        histories.setdefault(one.skill_id, []).append(one)
    run = clocks_of.of(learner.organisation_id)
    found = [
        answer(history[0].skill, history, clocks=run, on_date=on_date, before=before)
        for history in histories.values()
    ]
    kept = [one for one in found if one.shown_level or (with_silenced and one.has_silenced)]
    return sorted(kept, key=lambda one: one.skill.slug)


def why(learner: Learner, *, skill: Skill, on_date: date, before: date | None = None) -> Answer:
    """One skill with every line behind it, those that do not count included."""
    return answer(
        skill,
        history_of(learner, skill=skill),
        clocks=clocks_of.of(learner.organisation_id),
        on_date=on_date,
        before=before,
    )


def history_of(learner: Learner, *, skill: Skill) -> list[Evidence]:
    """All lines about a skill, in the order of recording."""
    lines = Evidence.objects.filter(learner=learner, skill=skill).with_marks()
    return list(lines.select_related("skill", "course"))


def answer(
    skill: Skill, history: Sequence[Evidence], *, clocks: Clocks, on_date: date, before: date | None = None
) -> Answer:
    """What `history`, all lines about the skill, says of `on_date`."""
    half_life = HalfLife(skill.half_life)
    known = {str(one.pk): one for one in history if one.evidenced_on <= on_date}
    track = standing.track(known.values(), half_life=skill.half_life, clocks=clocks)
    found = proficiency.at(
        track.state,
        on_date=on_date,
        half_life=half_life,
        clocks=clocks,
        contributions=track.contributions,
    )
    lapses = (
        proficiency.lapses_of(track.state, start=on_date, before=before, half_life=half_life, clocks=clocks)
        if before
        else ()
    )
    return Answer(
        skill=skill,
        on=on_date,
        level=found.reading,
        mean=found.mean,
        variance=found.variance,
        faded=found.faded,
        currency=found.currency,
        shown_on=track.state.shown_on if track.state else None,
        shown_level=track.state.shown_level if track.state else 0,
        floor=found.floor,
        verified_on=found.verified_on,
        due_for_refresh=found.due_for_refresh,
        is_contested=found.is_contested,
        disuse_months=clocks.disuse[half_life],
        currency_months=clocks.currency[half_life],
        lines=_lines(found, known),
        falls=tuple(Fall(on=one.on, level=one.level, to_level=one.to_level) for one in lapses),
    )


def _lines(found: Estimate, known: dict[str, Evidence]) -> tuple[Line, ...]:
    lines = [
        Line(evidence=known[one.observation.id], role=one.role.value, weight=one.weight)
        for one in found.contributions
    ]
    return tuple(sorted(lines, key=lambda one: (one.evidence.evidenced_on, one.evidence.pk), reverse=True))


def curve(
    history: Sequence[Evidence], *, skill: Skill, clocks: Clocks, days: Collection[date]
) -> list[Point]:
    """The level on each of `days` and on the days between them when it falls, earliest first.

    Each day is told by the evidence until that day; between two neighbours the level must not rise, so `days`
    must hold every day of evidence from the first one on.
    """
    half_life = HalfLife(skill.half_life)
    observations = [standing.observation_of(one) for one in history]

    def point(day: date) -> Point:
        found = proficiency.estimate(observations, on_date=day, half_life=half_life, clocks=clocks)
        return Point(on=day, level=found.reading, mean=found.value, sd=found.variance**0.5)

    points = [point(day) for day in sorted(set(days))]
    return [
        *itertools.chain.from_iterable(_falls(*pair, point) for pair in itertools.pairwise(points)),
        points[-1],
    ]


def _falls(start: Point, end: Point, point: Callable[[date], Point]) -> list[Point]:
    """`start` and the first days of each lower level before `end`."""
    found = [start]
    while found[-1].level > end.level:
        kept, fallen = found[-1], end
        while (fallen.on - kept.on).days > 1:
            middle = point(kept.on + (fallen.on - kept.on) // 2)
            kept, fallen = (middle, fallen) if middle.level >= found[-1].level else (kept, middle)
        if fallen.on == end.on:
            break
        found.append(fallen)
    return found


def lapses_before(
    learner: Learner, *, on_date: date, before: date, skills: Collection[str]
) -> list[tuple[Skill, Fall]]:
    """What lapses of `skills` (slugs) after `on_date` and before a day, such as a goal's; soonest first.

    Each skill once, from its level on `on_date` to what would be left.
    """
    found = []
    for row in learner.proficiencies.with_clocks().filter(skill__slug__in=skills):
        start = max(on_date, row.reached_on)
        falls = proficiency.lapses_of(
            row.state,
            start=start,
            before=max(before, start + timedelta(days=1)),
            half_life=HalfLife(row.skill.half_life),
            clocks=row.clocks,
        )
        if falls:
            fall = Fall(on=falls[0].on, level=falls[0].level, to_level=falls[-1].to_level)
            found.append((row.skill, fall))
    return sorted(found, key=lambda pair: (pair[1].on, pair[0].slug))
