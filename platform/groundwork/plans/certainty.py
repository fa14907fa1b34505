"""What it would be worth to know a level for sure.

That is the hours of the path by the careful level plans read, less those by the upper one still likely.

An assessment sets the level plans read to what it shows, so each figure is the difference of two plans.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from groundwork.frameworks.models import Role
from groundwork.learners.believing import Belief
from groundwork.learners.models import Learner
from groundwork.plans import distances, snapshot
from groundwork.plans.clock import countdown
from groundwork.plans.distances import Distance
from groundwork.plans.snapshot import Wishes
from recommender import domain
from recommender.planning import Deadline

SECONDS = 1.5
"""How long plans are made for one answer; what was found by then is told."""
MOST_SKILLS = 8
"""Skills that are tried for one role, those first that its path teaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """Were `skill` (a slug) known to stand at `belief.upper`: the path takes `then` hours instead of `now`.

    `proven`: both plans are proven to be the best; otherwise the difference is an estimate of an estimate.
    """

    skill: str
    belief: Belief
    role: Role
    now: int
    then: int
    proven: bool

    @property
    def saved(self) -> int:
        """Hours less."""
        return self.now - self.then


def savings(
    *,
    levels: Mapping[str, int],
    beliefs: Mapping[str, Belief],
    roles: Iterable[Role],
    wishes: Wishes | None = None,
    learner: Learner | None = None,
    seconds: float = SECONDS,
) -> tuple[Saving, ...]:
    """For each skill of `beliefs` the most it would save on the way to one of `roles`; the most hours first.

    `roles` are loaded with their requirements. Skills that save nothing are left out.
    """
    stop = countdown(seconds)
    chosen = list(roles)
    problems = snapshot.take_all(levels=levels, roles=chosen, wishes=wishes, learner=learner)
    best: dict[str, Saving] = {}
    for role, problem in zip(chosen, problems, strict=True):
        for one in _of_role(role, problem, beliefs=beliefs, stop=stop):
            if one.skill not in best or one.saved > best[one.skill].saved:
                best[one.skill] = one
    return tuple(sorted(best.values(), key=lambda one: (-one.saved, one.skill)))


def _of_role(
    role: Role, problem: domain.Problem, *, beliefs: Mapping[str, Belief], stop: Deadline
) -> list[Saving]:
    if stop.remaining() <= 0:
        return []
    now = distances.measure(problem)
    if not now.has_route or not now.hours:
        return []
    found = []
    for skill in _tried(problem, now, skills=beliefs.keys()):
        if stop.remaining() <= 0:
            break
        then = distances.measure(_knowing(problem, skill, level=beliefs[skill].upper))
        if then.has_route and then.hours < now.hours:
            found.append(
                Saving(
                    skill=skill,
                    belief=beliefs[skill],
                    role=role,
                    now=now.hours,
                    then=then.hours,
                    proven=now.is_proven and then.is_proven,
                )
            )
    return found


def _tried(problem: domain.Problem, now: Distance, *, skills: Collection[str]) -> list[str]:
    """Those that matter to the path or the role: what its courses teach or need, or the role asks for."""
    courses = [problem.catalogue.by_id[course] for course in now.taken]
    taught = {skill for course in courses for skill in course.teaches}
    asked = {skill for course in courses for skill in course.requires} | set(problem.role.requires)
    ordered = sorted(taught.intersection(skills)) + sorted((asked - taught).intersection(skills))
    return ordered[:MOST_SKILLS]


def _knowing(problem: domain.Problem, skill: str, *, level: int) -> domain.Problem:
    return replace(problem, profile=domain.Profile(levels={**problem.profile.levels, skill: level}))
