"""Which of a person's skills fade within a year, by the half-lives that run for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from groundwork.frameworks.models import Skill
from groundwork.learners import standing
from groundwork.learners.models import Learner, Proficiency
from recommender.domain import HalfLife
from recommender.estimators import proficiency
from recommender.estimators.proficiency import DEFAULT_CLOCKS, Clocks, State

WITHIN_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """A skill that falls from `level` to `to_level` on a day, or has fallen already, unless it is used."""

    skill: Skill
    level: int
    to_level: int
    on: date
    is_past: bool


def lapses(held: Mapping[str, tuple[int, date]], *, on_date: date) -> list[Lapse]:
    """Lapses up to a year after `on_date`, soonest first; `held` maps skill slug to (level, last shown).

    For somebody whose word is all we have: a visitor.
    """
    found: list[Lapse] = []
    for skill in Skill.objects.filter(slug__in=held.keys()):
        level, as_of = held[skill.slug]
        state = standing.said(level, as_of=as_of)
        found += _of_skill(skill, state, clocks=DEFAULT_CLOCKS, on_date=on_date)
    return _soonest_first(found)


def of_learner(learner: Learner, *, on_date: date) -> list[Lapse]:
    """The same for a person on record, by all evidence."""
    return of_rows(learner.proficiencies.with_clocks(), on_date=on_date)


def of_rows(rows: Iterable[Proficiency], *, on_date: date) -> list[Lapse]:
    """The same of rows that were read `with_clocks()`."""
    found: list[Lapse] = []
    for row in rows:
        found += _of_skill(row.skill, row.state, clocks=row.clocks, on_date=on_date)
    return _soonest_first(found)


def levels(held: Mapping[str, tuple[int, date]], *, on_date: date) -> dict[str, int]:
    """Skill slug -> level on a day, as the planner reads it, of somebody whose word is all we have."""
    half_lives = dict(Skill.objects.filter(slug__in=held.keys()).values_list("slug", "half_life"))
    found = {
        slug: proficiency.at(
            standing.said(level, as_of=as_of),
            on_date=max(on_date, as_of),
            half_life=HalfLife(half_lives[slug]),
            clocks=DEFAULT_CLOCKS,
        ).reading
        for slug, (level, as_of) in held.items()
        if slug in half_lives
    }
    return {slug: level for slug, level in found.items() if level}


def _of_skill(skill: Skill, state: State | None, *, clocks: Clocks, on_date: date) -> list[Lapse]:
    """What has lapsed since the last evidence, as one, and the next lapse."""
    if state is None:
        return []
    falls = proficiency.lapses_of(
        state,
        start=state.day,
        before=on_date + timedelta(days=WITHIN_DAYS + 1),
        half_life=HalfLife(skill.half_life),
        clocks=clocks,
    )
    past = [one for one in falls if one.on <= on_date]
    coming = [one for one in falls if one.on > on_date]
    spans = [(past[0], past[-1])] if past else []
    spans += [(coming[0], coming[0])] if coming else []
    return [
        Lapse(
            skill=skill, level=first.level, to_level=last.to_level, on=first.on, is_past=first.on <= on_date
        )
        for first, last in spans
    ]


def _soonest_first(found: Iterable[Lapse]) -> list[Lapse]:
    return sorted(found, key=lambda lapse: (lapse.on, lapse.skill.slug))
