"""All roles for one person, nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from groundwork.core import searching
from groundwork.frameworks.models import Role, RoleRequirement, Skill
from groundwork.learners.models import Learner
from groundwork.plans import distances, snapshot
from groundwork.plans.distances import Distance
from groundwork.plans.snapshot import Wishes
from recommender import domain, gaps
from recommender.planning.stopwatch import StopWatch

FIRST_PAGE = 10
"""Roles that are measured exactly unless more are asked for."""
GLANCE = 1.0
"""Seconds they may take while a page waits: whole and a little later beats one that changes in sight."""


class Order(StrEnum):
    """What a list of roles goes by. Never by demand unless somebody asks for it."""

    HOURS = "hours"
    PRIORITY = "priority"
    DEMAND = "demand"
    COVERAGE = "coverage"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGap:
    """One requirement above what the person has."""

    skill: Skill
    have: int
    need: int
    weight: int
    essential: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedRole:
    """A role with its distance (None: not measured), the hours it takes at least (None: out of reach, or not
    asked), the share of its weight covered today (per cent), the skills that suffice and the open gaps."""

    role: Role
    distance: Distance | None
    at_least: int | None
    coverage: int
    shared: tuple[Skill, ...]
    gaps: tuple[OpenGap, ...]

    @property
    def hours(self) -> int | None:
        """The hours it is placed by: exact where known, else those it takes at least; None: no route."""
        if self.distance is None:
            return self.at_least
        return self.distance.hours if self.distance.has_route else None


def rank(
    *,
    levels: Mapping[str, int],
    wishes: Wishes | None = None,
    learner: Learner | None = None,
    roles: Iterable[Role] | None = None,
    exact: int = FIRST_PAGE,
    stop: StopWatch = distances.UNLIMITED,
) -> tuple[RankedRole, ...]:
    """Every role (of `roles`, where given), by hours to ready; roles without a route come last.

    All get a lower bound; the `exact` nearest of all are measured, and stand first. Where `stop` runs out
    before, some of the first have their bound alone. The hours are those expected of `learner`, where given.
    """
    chosen = list(Role.objects.with_requirements()) if roles is None else list(roles)
    problems = snapshot.take_all(levels=levels, roles=chosen, wishes=wishes, learner=learner)
    least = distances.least_hours(problems)
    measured = distances.nearest(problems, least=least, count=exact, stop=stop) if exact else {}
    ranked = [
        _ranked(role, levels=levels, distance=_distance(measured.get(place), bound), at_least=bound)
        for place, (role, bound) in enumerate(zip(chosen, least, strict=True))
    ]
    return tuple(sorted(ranked, key=_by_hours))


def _by_hours(one: RankedRole) -> tuple[bool, int, bool, str]:
    # An exact figure stands before a bound of the same hours, which it cannot be beaten by.
    return one.hours is None, one.hours or 0, one.distance is None, one.role.code


def _distance(measured: Distance | None, bound: int | None) -> Distance | None:
    """What is known; the bound alone shows that a role is out of reach."""
    if measured is None and bound is None:
        return Distance(status=domain.Status.INFEASIBLE, hours=0, price=0, courses=0, unreachable=())
    return measured


def by_coverage(*, levels: Mapping[str, int], roles: Iterable[Role] | None = None) -> tuple[RankedRole, ...]:
    """Every role without its hours: the best covered first."""
    chosen = Role.objects.with_requirements() if roles is None else roles
    ranked = [_ranked(role, levels=levels, distance=None, at_least=None) for role in chosen]
    return tuple(sorted(ranked, key=lambda one: (-one.coverage, one.role.code)))


def in_order(ranked: Iterable[RankedRole], order: Order) -> list[RankedRole]:
    """The same roles by another order; of equals, in that they came in. None is left out.

    Postings for roles of the foundation layer hardly exist, which says nothing of their need. So demand
    orders within a layer only, and the foundation layer stands first; too few postings count as none.
    """
    match order:
        case Order.PRIORITY:
            return sorted(ranked, key=lambda one: one.role.priority)
        case Order.DEMAND:
            layers = list(Role.Layer)
            return sorted(ranked, key=lambda one: (layers.index(Role.Layer(one.role.layer)), -_postings(one)))
        case Order.COVERAGE:
            return sorted(ranked, key=lambda one: -one.coverage)
        case Order.NAME:
            return sorted(ranked, key=lambda one: _name(one.role))
        case _:
            return list(ranked)


def _name(role: Role) -> str:
    return searching.order_of(role.name, pinyin=role.search_pinyin)


def _postings(one: RankedRole) -> int:
    found = getattr(one.role, "demand", None)
    return found.postings if found and found.is_enough else 0


def _ranked(
    role: Role, *, levels: Mapping[str, int], distance: Distance | None, at_least: int | None
) -> RankedRole:
    return RankedRole(
        role=role,
        distance=distance,
        at_least=at_least,
        coverage=coverage(role=role, levels=levels),
        shared=shared(role=role, levels=levels),
        gaps=open_gaps(role=role, levels=levels),
    )


def coverage(*, role: Role, levels: Mapping[str, int]) -> int:
    """Weighted share of the role (loaded with its requirements) that `levels` cover, in whole per cent."""
    return gaps.coverage(role.as_value(with_optional=True), domain.Profile(levels=dict(levels)))


def shared(*, role: Role, levels: Mapping[str, int]) -> tuple[Skill, ...]:
    """Skills that `levels` hold as well as `role` (loaded with its requirements) asks, weighty ones first."""
    return tuple(row.skill for row in role.requirements.all() if _have(row, levels) >= row.level)


def open_gaps(*, role: Role, levels: Mapping[str, int]) -> tuple[OpenGap, ...]:
    """What `role` (loaded with its requirements) asks above `levels`: essential, weighty and wide first."""
    found = [
        OpenGap(skill=row.skill, have=have, need=row.level, weight=row.weight, essential=row.essential)
        for row in role.requirements.all()
        if (have := _have(row, levels)) < row.level
    ]
    found.sort(key=lambda gap: (not gap.essential, -gap.weight * (gap.need - gap.have), gap.skill.slug))
    return tuple(found)


def _have(row: RoleRequirement, levels: Mapping[str, int]) -> int:
    return levels.get(row.skill.slug, 0)


def distance(
    *,
    levels: Mapping[str, int],
    role: Role,
    wishes: Wishes | None = None,
    learner: Learner | None = None,
) -> Distance:
    """Hours from `levels` to `role`, kept for a day per catalogue, profile and wishes when it is proven."""
    return distances.measure(snapshot.take(levels=levels, role=role, wishes=wishes, learner=learner))
