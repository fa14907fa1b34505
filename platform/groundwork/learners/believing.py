"""What a person may be able to do beyond the careful levels that plans read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from groundwork.frameworks.models import Skill
from groundwork.learners import standing
from groundwork.learners.models import Learner
from recommender.domain import HalfLife
from recommender.estimators import proficiency, upside
from recommender.estimators.proficiency import DEFAULT_CLOCKS, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """One skill: the level plans count on, the upper one that is still likely, and its chance (0..1)."""

    careful: int
    upper: int
    chance: float


def of_learner(learner: Learner, *, on_date: date) -> dict[str, Belief]:
    """Skill slug -> belief, by all evidence; only where the upper level lies above the careful one."""
    rows = learner.proficiencies.with_clocks()
    return _hopeful({row.skill.slug: row.on(on_date) for row in rows})


def said(held: Mapping[str, tuple[int, date]], *, on_date: date) -> dict[str, Belief]:
    """The same for somebody whose word is all we have; `held` maps slugs to (level, last shown)."""
    half_lives = dict(Skill.objects.filter(slug__in=held.keys()).values_list("slug", "half_life"))
    return _hopeful(
        {
            slug: proficiency.at(
                standing.said(level, as_of=as_of),
                on_date=max(on_date, as_of),
                half_life=HalfLife(half_lives[slug]),
                clocks=DEFAULT_CLOCKS,
            )
            for slug, (level, as_of) in held.items()
            if slug in half_lives
        }
    )


def _hopeful(estimates: Mapping[str, Estimate]) -> dict[str, Belief]:
    found = {slug: _belief(one) for slug, one in estimates.items()}
    return {slug: one for slug, one in found.items() if one.upper > one.careful}


def _belief(one: Estimate) -> Belief:
    # An assessment would be up to date, so what counts is the estimate and not how current its evidence is.
    upper = upside.upper_level(one.mean, variance=one.variance)
    chance = upside.chance_of(upper, mean=one.mean, variance=one.variance)
    return Belief(careful=one.reading, upper=upper, chance=chance)
