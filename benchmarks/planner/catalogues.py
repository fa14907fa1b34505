"""Synthetic catalogues: skills in domains, a prerequisite graph over the skills, courses between neighbours.

- `skills` lie in `domains` of equal size; domains and the skills in each are popular by Zipf's law.
- The prerequisite graph: a skill builds on up to two skills that come before it in its domain, in one case
  of fifty also on one of the first skills of an earlier domain.
- A course has a main skill, drawn by popularity, and teaches it and up to five neighbours to levels 1..5.
  It requires the level below its own in some of them, and skills its skills build on.
- Hours are about lognormal in the levels gained (median near 15), prices too, and 30 % of courses are free.
- `mutual` is the share of courses that also require a *later* neighbour: courses support each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.planner.drawing import Draw, wheel_of, zipf
from recommender.domain import MAX_LEVEL, Catalogue, Course

WIDTHS = wheel_of([0.16, 0.32, 0.29, 0.16, 0.06, 0.01])
TARGETS = wheel_of([0.34, 0.27, 0.20, 0.13, 0.06])
NEIGHBOURHOOD = 6
FREE = 0.3
CROSSING = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a catalogue is generated from; equal shapes give equal catalogues."""

    courses: int
    skills: int
    domains: int
    mutual: float = 0.0
    seed: str = "groundwork-1"

    @property
    def per_domain(self) -> int:
        """Skills in a domain."""
        return self.skills // self.domains


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What courses, learners and roles are drawn from: skills by domain, and what builds on what."""

    domains: tuple[tuple[str, ...], ...]
    builds_on: dict[str, tuple[tuple[str, int], ...]]


def ground(shape: Shape) -> Ground:
    """The skills of a shape and their prerequisite graph (without cycles)."""
    draw = Draw(f"{shape.seed}/ground/{shape.skills}/{shape.domains}")
    size = shape.per_domain
    domains = tuple(
        tuple(f"d{domain + 1}s{place + 1}" for place in range(size)) for domain in range(shape.domains)
    )
    builds_on = {}
    for number, domain in enumerate(domains):
        for place, skill in enumerate(domain):
            before = list(domain[max(0, place - NEIGHBOURHOOD) : place])
            under = draw.some(before, count=draw.whole(0, 2))
            if number and draw.chance(CROSSING):
                under.append(domains[draw.whole(0, number - 1)][draw.whole(0, min(4, size - 1))])
            builds_on[skill] = tuple((one, draw.whole(1, 3)) for one in under)
    return Ground(domains=domains, builds_on=builds_on)


def catalogue(shape: Shape) -> Catalogue:
    """The catalogue of a shape; the same on every machine."""
    land = ground(shape)
    draw = Draw(f"{shape.seed}/courses/{shape}")
    domain_wheel = wheel_of(zipf(shape.domains, exponent=0.5))
    skill_wheel = wheel_of(zipf(shape.per_domain, exponent=0.5))
    courses = []
    for number in range(1, shape.courses + 1):
        domain = land.domains[draw.weighted(domain_wheel)]
        main = draw.weighted(skill_wheel)
        teaches = _outcomes(draw, domain, main)
        own = {skill: level - 1 for skill, level in teaches.items() if level > 1 and draw.chance(0.55)}
        requires = own | _foundations(draw, land, teaches)
        if draw.chance(shape.mutual):
            requires |= _later(draw, domain, main, teaches)
        gained = sum(level - own.get(skill, 0) for skill, level in teaches.items())
        courses.append(_course(draw, number, gained=gained, requires=requires, teaches=teaches))
    skills = frozenset(skill for domain in land.domains for skill in domain)
    return Catalogue(courses=tuple(courses), skills=skills)


def _outcomes(draw: Draw, domain: tuple[str, ...], main: int) -> dict[str, int]:
    target = draw.weighted(TARGETS) + 1
    near = [domain[place] for place in _around(main, len(domain)) if place != main]
    chosen = draw.some(near, count=draw.weighted(WIDTHS))
    beside = {skill: max(1, min(MAX_LEVEL, target + draw.whole(-1, 0))) for skill in chosen}
    return {domain[main]: target} | beside


def _around(place: int, size: int) -> range:
    return range(max(0, place - NEIGHBOURHOOD), min(size, place + NEIGHBOURHOOD + 1))


def _foundations(draw: Draw, land: Ground, teaches: dict[str, int]) -> dict[str, int]:
    needed: dict[str, int] = {}
    for skill, level in teaches.items():
        for under, at in land.builds_on[skill]:
            if under not in teaches and draw.chance(0.35):
                needed[under] = max(needed.get(under, 0), min(at, level))
    return needed


def _later(draw: Draw, domain: tuple[str, ...], main: int, teaches: dict[str, int]) -> dict[str, int]:
    later = [one for one in domain[main + 1 : main + 1 + NEIGHBOURHOOD] if one not in teaches]
    return {skill: draw.whole(1, 2) for skill in draw.some(later, count=1)}


def _course(
    draw: Draw, number: int, *, gained: int, requires: dict[str, int], teaches: dict[str, int]
) -> Course:
    hours = max(1, round(draw.lognormal(median=4.2 * gained, spread=0.6)))
    price = 0 if draw.chance(FREE) else max(1, round(draw.lognormal(median=44.0, spread=0.85)))
    return Course(id=f"c{number}", hours=hours, price=price, requires=requires, teaches=teaches)
