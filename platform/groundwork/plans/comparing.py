"""Roles side by side: what each asks beside what a person has, and what one leaves to do for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from groundwork.frameworks.models import Role, RoleRequirement, Skill
from groundwork.learners.models import Learner
from groundwork.plans import distances, snapshot
from groundwork.plans.distances import Distance
from groundwork.plans.snapshot import Wishes
from recommender import domain


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillLine:
    """One skill: the level a person has, and what each role asks, in the roles' order (None: nothing)."""

    skill: Skill
    have: int
    asked: tuple[RoleRequirement | None, ...]

    @property
    def times(self) -> int:
        """How many of the roles ask for it."""
        return sum(one is not None for one in self.asked)

    @property
    def in_all(self) -> bool:
        """Whether every role asks for it."""
        return self.times == len(self.asked)

    @property
    def only(self) -> int | None:
        """The place of the one role that asks for it; None: several do."""
        places = [place for place, one in enumerate(self.asked) if one is not None]
        return places[0] if len(places) == 1 else None


def skill_lines(roles: Sequence[Role], *, levels: Mapping[str, int]) -> tuple[SkillLine, ...]:
    """Every skill that any of `roles` (loaded with their requirements) asks: those of all first.

    Then essential ones before optional ones, the weightiest first.
    """
    asked = [{row.skill_id: row for row in role.requirements.all()} for role in roles]
    skills = {row.skill_id: row.skill for rows in asked for row in rows.values()}
    lines = [
        SkillLine(
            skill=skill,
            have=levels.get(skill.slug, 0),
            asked=tuple(rows.get(key) for rows in asked),
        )
        for key, skill in skills.items()
    ]
    return tuple(sorted(lines, key=_place))


def _place(line: SkillLine) -> tuple[int, bool, int, str]:
    rows = [row for row in line.asked if row is not None]
    return (
        -line.times,
        not any(row.essential for row in rows),
        -sum(row.weight for row in rows),
        line.skill.slug,
    )


def left_after(
    roles: Sequence[Role],
    *,
    levels: Mapping[str, int],
    wishes: Wishes | None = None,
    learner: Learner | None = None,
) -> tuple[tuple[Distance | None, ...], ...]:
    """For each role as a first goal, how far each other one still is; None: itself.

    Whoever is ready for a role is taken to have what it requires as essential and all of `levels`, and
    nothing that its courses happen to teach besides: the true rest may be shorter, never longer.
    """
    problems = snapshot.take_all(levels=levels, roles=roles, wishes=wishes, learner=learner)
    rows = []
    for first in roles:
        ready = domain.Profile(levels=_ready(first, levels))
        rows.append(
            tuple(
                None if second.pk == first.pk else distances.measure(replace(problem, profile=ready))
                for second, problem in zip(roles, problems, strict=True)
            )
        )
    return tuple(rows)


def _ready(role: Role, levels: Mapping[str, int]) -> dict[str, int]:
    needed = role.as_value().requires
    return {skill: max(levels.get(skill, 0), needed.get(skill, 0)) for skill in {*levels, *needed}}
