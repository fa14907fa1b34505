"""Rows -> the engine's problem, in a fixed number of queries, and the documents that replay it offline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Role
from groundwork.plans.models import CatalogueSnapshot
from recommender import domain, problem_files
from recommender.planning import goals

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
    """All courses a plan may use as the engine reads them; rebuilt when any course changed."""
    return _catalogue(_state())


def _state() -> _State:
    state = Course.objects.aggregate(latest=Max("updated_at"), total=Count("pk"))
    return state["latest"], state["total"]


@lru_cache(maxsize=2)
def _catalogue(_state: _State) -> domain.Catalogue:
    courses = [course.as_value() for course in Course.objects.plannable().with_skills()]
    skills = {skill for course in courses for skill in (*course.requires, *course.teaches)}
    return domain.Catalogue(courses=tuple(courses), skills=frozenset(skills))


def take(*, levels: Mapping[str, int], role: Role, wishes: Wishes | None = None) -> domain.Problem:
    """The problem of bringing somebody at `levels` to `role` (loaded with its requirements)."""
    return take_all(levels=levels, roles=[role], wishes=wishes)[0]


def take_all(
    *, levels: Mapping[str, int], roles: Iterable[Role], wishes: Wishes | None = None
) -> list[domain.Problem]:
    """One problem per role, in the same number of queries as one."""
    wishes = wishes or Wishes()
    wanted = [role.as_value(with_optional=wishes.with_optional) for role in roles]
    return _problems(wanted, levels=levels, wishes=wishes)


def take_both(
    *, levels: Mapping[str, int], roles: Sequence[Role], wishes: Wishes | None = None
) -> domain.Problem:
    """The problem of bringing somebody at `levels` to all of `roles` at once; what they share counts once.

    Raises MalformedInputError for no roles, or one that is named twice.
    """
    wishes = wishes or Wishes()
    goal = goals.merged([role.as_value(with_optional=wishes.with_optional) for role in roles])
    return _problems([goal.role], levels=levels, wishes=wishes)[0]


def _problems(
    roles: Iterable[domain.Role], *, levels: Mapping[str, int], wishes: Wishes
) -> list[domain.Problem]:
    offered = catalogue()
    constraints = domain.Constraints(
        max_price=wishes.max_price,
        exclude=wishes.exclude & offered.by_id.keys(),
        languages=frozenset(wishes.languages) or None,
    )
    profile = domain.Profile(levels=dict(levels))
    return [
        domain.Problem(
            id=role.id,
            catalogue=offered,
            profile=profile,
            role=role,
            objective=OBJECTIVE,
            constraints=constraints,
        )
        for role in roles
    ]


def store(offered: domain.Catalogue) -> CatalogueSnapshot:
    """The stored copy of a catalogue, written on first use."""
    found = CatalogueSnapshot.objects.filter(digest=offered.digest).first()
    if found:
        return found
    snapshot, _created = CatalogueSnapshot.objects.get_or_create(
        digest=offered.digest, defaults={"body": problem_files.packed_catalogue(offered)}
    )
    return snapshot


def problem_document(problem: domain.Problem) -> dict[str, Any]:
    """The `groundwork-problem/1` document; its catalogue file is named by the digest."""
    return problem_files.problem_document(problem)
