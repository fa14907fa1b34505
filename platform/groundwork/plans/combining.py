"""Two roles as one goal: what they share is learned and counted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from groundwork.core.errors import InvalidError
from groundwork.frameworks.models import Role, Skill
from groundwork.learners.models import Learner
from groundwork.plans import distances, planning, ranking, snapshot
from groundwork.plans.distances import Distance
from groundwork.plans.planning import Planned
from groundwork.plans.snapshot import Wishes
from groundwork.plans.study_days import EVERY_DAY, StudyDays
from recommender import gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the roles: how far it is alone, and the share of it covered today (per cent)."""

    role: Role
    distance: Distance
    coverage: int


@dataclass(frozen=True, kw_only=True)
class Combined:
    """A plan for two roles beside those for each alone, of `learner` where it is somebody's.

    `shared` are skills that both require.
    """

    learner: Learner | None
    parts: tuple[Part, Part]
    shared: tuple[Skill, ...]
    planned: Planned

    @property
    def apart(self) -> int | None:
        """Hours of both paths taken one by one; None where one of the roles has no route."""
        if not all(part.distance.has_route for part in self.parts):
            return None
        return sum(part.distance.hours for part in self.parts)

    @property
    def saved(self) -> int | None:
        """Hours saved against taking both apart; None where nothing can be compared."""
        if self.apart is None or self.planned.solution.cost is None:
            return None
        return self.apart - self.planned.hours

    @property
    def coverage(self) -> int:
        """Share of both together that is covered today, in whole per cent, by weight."""
        role, profile = self.planned.problem.role, self.planned.problem.profile
        return gaps.coverage(role, profile)


def combine(
    *,
    levels: Mapping[str, int],
    roles: tuple[Role, Role],
    hours_per_week: int,
    starts_on: date,
    days: StudyDays = EVERY_DAY,
    wishes: Wishes | None = None,
    learner: Learner | None = None,
) -> Combined:
    """Plan both `roles` (loaded with their requirements) as one. Raises InvalidError for one role twice."""
    if roles[0].pk == roles[1].pk:
        raise InvalidError(_("Choose two different roles."))
    problem = snapshot.take_both(levels=levels, roles=roles, wishes=wishes, learner=learner)
    alone = [snapshot.take(levels=levels, role=role, wishes=wishes, learner=learner) for role in roles]
    first, second = (
        Part(
            role=role,
            distance=distances.measure(one),
            coverage=ranking.coverage(role=role, levels=levels),
        )
        for role, one in zip(roles, alone, strict=True)
    )
    return Combined(
        learner=learner,
        parts=(first, second),
        shared=_shared(roles),
        planned=planning.compute(problem, hours_per_week=hours_per_week, starts_on=starts_on, days=days),
    )


def _shared(roles: tuple[Role, Role]) -> tuple[Skill, ...]:
    """The skills both require as essential, in the order of the first."""
    wanted = {row.skill_id for row in roles[1].requirements.all() if row.essential}
    return tuple(row.skill for row in roles[0].requirements.all() if row.essential and row.skill_id in wanted)
