"""All roles for one person, nearest first."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache

from groundwork.frameworks.models import Role, Skill
from groundwork.learners.models import Learner
from groundwork.plans import snapshot
from groundwork.plans.clock import countdown
from groundwork.plans.snapshot import Wishes
from recommender import domain, gaps, planning

SECONDS_PER_ROLE = 1.0
KEPT_SECONDS = 24 * 3600
UNPROVEN_SECONDS = 600
"""A distance that was measured in a hurry is measured again soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far a role is: status of the quick solve, hours and courses of its plan, price in whole CNY."""

    status: domain.Status
    hours: int
    price: int
    courses: int
    unreachable: tuple[str, ...]

    @property
    def has_route(self) -> bool:
        """Whether a plan was found."""
        return self.status in (domain.Status.OPTIMAL, domain.Status.FEASIBLE)


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
    """A role with its distance (None: not measured), the share of its weight covered today (per cent)
    and the open gaps."""

    role: Role
    distance: Distance | None
    coverage: int
    gaps: tuple[OpenGap, ...]


def rank(
    *, levels: Mapping[str, int], wishes: Wishes | None = None, learner: Learner | None = None
) -> tuple[RankedRole, ...]:
    """Every role, by hours to ready (of `learner`, where given); roles without a route come last."""
    roles = list(Role.objects.with_requirements())
    problems = snapshot.take_all(levels=levels, roles=roles, wishes=wishes, learner=learner)
    measured = [(_distance(problem), role) for problem, role in zip(problems, roles, strict=True)]
    measured.sort(key=lambda pair: (not pair[0].has_route, pair[0].hours, pair[1].code))
    return tuple(_ranked(role, levels=levels, distance=far) for far, role in measured)


def by_coverage(*, levels: Mapping[str, int]) -> tuple[RankedRole, ...]:
    """Every role without its hours: at once, the best covered first."""
    ranked = [_ranked(role, levels=levels, distance=None) for role in Role.objects.with_requirements()]
    return tuple(sorted(ranked, key=lambda one: (-one.coverage, one.role.code)))


def _ranked(role: Role, *, levels: Mapping[str, int], distance: Distance | None) -> RankedRole:
    return RankedRole(
        role=role,
        distance=distance,
        coverage=coverage(role=role, levels=levels),
        gaps=open_gaps(role=role, levels=levels),
    )


def coverage(*, role: Role, levels: Mapping[str, int]) -> int:
    """Weighted share of the role (loaded with its requirements) that `levels` cover, in whole per cent."""
    return gaps.coverage(role.as_value(with_optional=True), domain.Profile(levels=dict(levels)))


def open_gaps(*, role: Role, levels: Mapping[str, int]) -> tuple[OpenGap, ...]:
    """What `role` (loaded with its requirements) asks above `levels`: essential, weighty and wide first."""
    found = [
        OpenGap(skill=row.skill, have=have, need=row.level, weight=row.weight, essential=row.essential)
        for row in role.requirements.all()
        if (have := levels.get(row.skill.slug, 0)) < row.level
    ]
    found.sort(key=lambda gap: (not gap.essential, -gap.weight * (gap.need - gap.have), gap.skill.slug))
    return tuple(found)


def distance(
    *,
    levels: Mapping[str, int],
    role: Role,
    wishes: Wishes | None = None,
    learner: Learner | None = None,
) -> Distance:
    """Hours from `levels` to `role`, kept for a day per catalogue, profile and wishes when it is proven."""
    return _distance(snapshot.take(levels=levels, role=role, wishes=wishes, learner=learner))


def _distance(problem: domain.Problem) -> Distance:
    key = f"distance:{_digest(problem)}"
    found: Distance | None = cache.get(key)
    if found is None:
        found = _measure(problem)
        proven = found.status in (domain.Status.OPTIMAL, domain.Status.INFEASIBLE)
        cache.set(key, found, KEPT_SECONDS if proven else UNPROVEN_SECONDS)
    return found


def _measure(problem: domain.Problem) -> Distance:
    solution = planning.solve(problem, stop=countdown(SECONDS_PER_ROLE))
    courses = [problem.catalogue.by_id[step.course] for step in solution.steps]
    return Distance(
        status=solution.status,
        hours=sum(course.hours for course in courses),
        price=sum(course.price for course in courses),
        courses=len(courses),
        unreachable=solution.unreachable,
    )


def _digest(problem: domain.Problem) -> str:
    document = {**snapshot.problem_document(problem), "catalogue": problem.catalogue.digest}
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
