"""From which roles a role is nearest, by the planner's own cost: how far somebody is who can do the other.

The way back is another problem with another answer; nothing here is symmetric.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from groundwork.frameworks.models import Role
from groundwork.plans import distances, ranking, snapshot
from recommender import domain

COUNT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeder:
    """A role from which another is near: hours and courses from exactly what it requires, the share of the
    other that this covers (per cent), and whether the hours are proven to be the fewest for their price."""

    role: Role
    hours: int
    courses: int
    coverage: int
    is_proven: bool


def feeders(role: Role, *, roles: Sequence[Role] | None = None, count: int = COUNT) -> tuple[Feeder, ...]:
    """The `count` roles from which `role` is nearest, of those it can be reached from at all.

    A person at exactly the essential requirements of the other role is planned for, with all courses
    allowed. Kept per state of the catalogue and of all roles. Load the roles with their requirements.
    """
    everyone = list(Role.objects.with_requirements()) if roles is None else roles
    by_slug = {one.slug: one for one in everyone}
    values = {one.slug: one.as_value() for one in everyone}
    state = [
        snapshot.offered().digest,
        role.slug,
        count,
        sorted((slug, sorted(one.requires.items())) for slug, one in values.items()),
    ]
    found = distances.kept("feeders", of=state, make=lambda: _nearest(role, values=values, count=count))
    return tuple(
        Feeder(
            role=by_slug[row["role"]],
            hours=row["hours"],
            courses=row["courses"],
            coverage=ranking.coverage(role=role, levels=values[row["role"]].requires),
            is_proven=row["is_proven"],
        )
        for row in found
    )


def _nearest(role: Role, *, values: Mapping[str, domain.Role], count: int) -> list[dict[str, Any]]:
    others = [slug for slug in sorted(values) if slug != role.slug]
    asked = snapshot.take(levels={}, role=role)
    problems = [replace(asked, profile=domain.Profile(levels=values[slug].requires)) for slug in others]
    least = distances.least_hours(problems)
    measured = distances.nearest(problems, least=least, count=count)
    reached = [(far.hours, others[place], far) for place, far in measured.items() if far.has_route]
    return [
        {"role": slug, "hours": hours, "courses": far.courses, "is_proven": far.is_proven}
        for hours, slug, far in sorted(reached, key=lambda one: one[:2])[:count]
    ]
