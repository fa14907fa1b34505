"""Rows -> the engine's problem, in a fixed number of queries, and the documents that replay it offline."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Role
from groundwork.plans.models import CatalogueSnapshot
from recommender import domain

# An hour of study weighs as much as 100 yuan: least effort first, money where efforts are close.
OBJECTIVE = domain.Objective(hour=100, price=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person allows: languages of instruction (all when empty), a price limit in whole CNY,
    courses not to take, and whether optional requirements count as goals."""

    languages: tuple[str, ...] = ()
    max_price: int | None = None
    exclude: frozenset[str] = frozenset()
    with_optional: bool = False


_State = tuple[datetime | None, int]
"""When the latest change of a course was, and how many there are."""


def catalogue() -> domain.Catalogue:
    """All courses on offer as the engine reads them; rebuilt when any course changed."""
    return _catalogue(_state())


def _state() -> _State:
    state = Course.objects.aggregate(latest=Max("updated_at"), total=Count("pk"))
    return state["latest"], state["total"]


@lru_cache(maxsize=2)
def _catalogue(_state: _State) -> domain.Catalogue:
    courses = [course.as_value() for course in Course.objects.offered().with_skills()]
    skills = {skill for course in courses for skill in (*course.requires, *course.teaches)}
    return domain.Catalogue(courses=tuple(courses), skills=frozenset(skills))


@lru_cache(maxsize=8)
def _courses_not_in(languages: tuple[str, ...], _state: _State) -> frozenset[str]:
    return frozenset(Course.objects.exclude(language__in=languages).values_list("slug", flat=True))


def take(*, levels: Mapping[str, int], role: Role, wishes: Wishes | None = None) -> domain.Problem:
    """The problem of bringing somebody at `levels` to `role` (loaded with its requirements)."""
    return take_all(levels=levels, roles=[role], wishes=wishes)[0]


def take_all(
    *, levels: Mapping[str, int], roles: Iterable[Role], wishes: Wishes | None = None
) -> list[domain.Problem]:
    """One problem per role, in the same number of queries as one."""
    wishes = wishes or Wishes()
    state = _state()
    offered = _catalogue(state)
    exclude = wishes.exclude & offered.by_id.keys()
    if wishes.languages:
        foreign = _courses_not_in(tuple(sorted(wishes.languages)), state)
        exclude |= foreign & offered.by_id.keys()
    return [
        domain.Problem(
            id=role.slug,
            catalogue=offered,
            profile=domain.Profile(levels=dict(levels)),
            role=role.as_value(with_optional=wishes.with_optional),
            objective=OBJECTIVE,
            constraints=domain.Constraints(max_price=wishes.max_price, exclude=frozenset(exclude)),
        )
        for role in roles
    ]


def store(offered: domain.Catalogue) -> CatalogueSnapshot:
    """The stored copy of a catalogue, written on first use."""
    found = CatalogueSnapshot.objects.filter(digest=offered.digest).first()
    if found:
        return found
    body = gzip.compress(json.dumps(catalogue_document(offered), ensure_ascii=False).encode(), mtime=0)
    snapshot, _created = CatalogueSnapshot.objects.get_or_create(
        digest=offered.digest, defaults={"body": body}
    )
    return snapshot


def catalogue_document(offered: domain.Catalogue) -> dict[str, Any]:
    """The `groundwork-catalogue/1` document."""
    return {
        "format": "groundwork-catalogue/1",
        "skills": [{"id": skill} for skill in sorted(offered.skills)],
        "courses": [
            {
                "id": course.id,
                "hours": course.hours,
                "price": course.price,
                "requires": dict(course.requires),
                "teaches": dict(course.teaches),
            }
            for course in offered.courses
        ],
    }


def problem_document(problem: domain.Problem) -> dict[str, Any]:
    """The `groundwork-problem/1` document; its catalogue file is named by the digest."""
    limits = problem.constraints
    constraints: dict[str, Any] = {}
    if limits.max_price is not None:
        constraints["max_price"] = limits.max_price
    if limits.max_hours is not None:
        constraints["max_hours"] = limits.max_hours
    if limits.exclude:
        constraints["exclude"] = sorted(limits.exclude)
    if limits.include:
        constraints["include"] = sorted(limits.include)
    return {
        "format": "groundwork-problem/1",
        "id": problem.id,
        "catalogue": f"catalogue-{problem.catalogue.digest[:16]}.json.gz",
        "profile": dict(problem.profile.levels),
        "role": {"id": problem.role.id, "requires": dict(problem.role.requires)},
        "objective": {"hour": problem.objective.hour, "price": problem.objective.price},
        "constraints": constraints,
    }
