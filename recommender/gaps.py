"""Role minus profile: what is missing, and how much of the role is covered."""

from __future__ import annotations

from dataclasses import dataclass

from recommender.domain import Profile, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A required skill in which the person stands below the level; weight as the role gives it."""

    skill: str
    have: int
    need: int
    weight: int


def gaps(role: Role, profile: Profile) -> tuple[Gap, ...]:
    """Every requirement above the profile, weightiest and widest first.

    >>> gaps(Role(id="r", requires={"sql": 3}), Profile(levels={"sql": 1}))
    (Gap(skill='sql', have=1, need=3, weight=1),)
    """
    found = [
        Gap(skill=skill, have=have, need=need, weight=role.weights.get(skill, 1))
        for skill, need in role.requires.items()
        if (have := profile.levels.get(skill, 0)) < need
    ]
    return tuple(sorted(found, key=lambda gap: (-gap.weight * (gap.need - gap.have), gap.skill)))


def coverage(role: Role, profile: Profile) -> int:
    """Weighted share of the required levels that the profile has, in whole per cent, rounded down.

    sum(weight * min(have, need)) / sum(weight * need); 100 for a role that requires nothing.

    >>> coverage(Role(id="r", requires={"sql": 3, "git": 1}), Profile(levels={"sql": 2, "git": 4}))
    75
    """
    have = need = 0
    for skill, level in role.requires.items():
        weight = role.weights.get(skill, 1)
        have += weight * min(level, profile.levels.get(skill, 0))
        need += weight * level
    return 100 * have // need if need else 100
