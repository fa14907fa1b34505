"""Which of a person's skills fade within a year, by the labelled half-lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from groundwork.frameworks.models import Skill
from recommender.domain import HalfLife
from recommender.estimators import decay

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
    """Lapses up to a year after `on_date`, soonest first; `held` maps skill slug to (level, last shown)."""
    found = []
    for skill in Skill.objects.filter(slug__in=held.keys()):
        level, as_of = held[skill.slug]
        day = decay.lapses_on(level, as_of=as_of, half_life_months=HalfLife(skill.half_life).months)
        if day <= on_date + timedelta(days=WITHIN_DAYS):
            found.append(Lapse(skill=skill, level=level, to_level=level - 1, on=day, is_past=day <= on_date))
    return sorted(found, key=lambda lapse: (lapse.on, lapse.skill.slug))
