"""Several goals at once: roles merged into one, so that what they share is learned and counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recommender.domain import Role
from recommender.errors import MalformedInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """That `role` requires a level of a skill, with its weight; `decides` if no role requires more."""

    role: str
    level: int
    weight: int
    decides: bool


@dataclass(frozen=True, kw_only=True)
class MergedGoal:
    """One role for several, and for each of its skills who asks for it, in the order of the roles."""

    role: Role
    asked: Mapping[str, tuple[Asked, ...]]

    @property
    def shared(self) -> tuple[str, ...]:
        """Skills that more than one role requires."""
        return tuple(skill for skill, asked in self.asked.items() if len(asked) > 1)


def merged(roles: Sequence[Role], *, name: str = "") -> MergedGoal:
    """A role that asks for the highest level any of `roles` does; the weights of those that ask add up.

    Its id is `name`, or the ids joined by "+". Raises MalformedInputError without roles, or for one that is
    named twice.

    >>> both = merged([Role(id="data", requires={"sql": 3, "git": 1}, weights={"sql": 5}),
    ...                Role(id="web", requires={"sql": 1, "css": 2})])
    >>> both.role.id, dict(both.role.requires), dict(both.role.weights)
    ('data+web', {'css': 2, 'git': 1, 'sql': 3}, {'css': 1, 'git': 1, 'sql': 6})
    >>> both.shared, [one.role for one in both.asked["sql"] if one.decides]
    (('sql',), ['data'])
    """
    ids = [role.id for role in roles]
    if not roles:
        raise MalformedInputError("there are no roles to merge")
    if len(set(ids)) < len(ids):
        raise MalformedInputError(f"the roles {', '.join(ids)} are not all different")
    skills = sorted({skill for role in roles for skill in role.requires})
    asked = {skill: _asked(skill, roles) for skill in skills}
    role = Role(
        id=name or "+".join(ids),
        requires={skill: max(one.level for one in some) for skill, some in asked.items()},
        weights={skill: sum(one.weight for one in some) for skill, some in asked.items()},
    )
    return MergedGoal(role=role, asked=asked)


def _asked(skill: str, roles: Sequence[Role]) -> tuple[Asked, ...]:
    asking = [role for role in roles if skill in role.requires]
    highest = max(role.requires[skill] for role in asking)
    return tuple(
        Asked(
            role=role.id,
            level=role.requires[skill],
            weight=role.weights.get(skill, 1),
            decides=role.requires[skill] == highest,
        )
        for role in asking
    )
