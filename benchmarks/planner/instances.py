"""Synthetic problems: families near, deep, budget and cyclic on catalogues of 1k, 10k and 100k courses.

- near: upskilling. A role of two domains, of which the learner knows about a third; at least 8 open skills.
- deep: career change. A wide role of three domains, few skills known; at least 16 open (12 at 1k).
- budget: a near problem with max_price = 70 % of the price of its h_FF plan. It may have no plan at all.
- cyclic: near, on a catalogue where a third of the courses require a skill that is taught after theirs.

Role levels are capped at what the catalogue can reach. The first problems in seed order that have enough open
skills are taken, otherwise unselected. Cost is 10 an hour and 2 a unit of price.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count, islice

from benchmarks.planner import catalogues, execution
from benchmarks.planner.catalogues import Ground, Shape
from benchmarks.planner.drawing import Draw
from benchmarks.planner.grounding import ground_task
from benchmarks.planner.peers import hff
from recommender.domain import Catalogue, Constraints, Objective, Problem, Profile, Role

COST = Objective(hour=10, price=2)
SIZES = {"1k": Shape(courses=1_000, skills=400, domains=10)} | {
    name: Shape(courses=courses, skills=2_000, domains=50)
    for name, courses in (("10k", 10_000), ("100k", 100_000))
}
KINDS = ("near", "deep", "budget", "cyclic")
FAMILIES = tuple(f"{kind}-{size}" for size in SIZES for kind in KINDS)
BUDGET = 70
MUTUAL = 0.33


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """How wide a role of a kind is and what its learner knows."""

    domains: int
    role_skills: tuple[int, int]
    role_levels: tuple[int, int]
    known_share: float
    least_open: int


ASKS = {
    "near": Ask(domains=2, role_skills=(14, 20), role_levels=(2, 4), known_share=0.34, least_open=8),
    "deep": Ask(domains=3, role_skills=(20, 27), role_levels=(2, 4), known_share=0.06, least_open=16),
}


def problems(family: str, *, limit: int) -> tuple[Problem, ...]:
    """The first `limit` problems of a family; all share one catalogue object."""
    return tuple(islice(_problems(family), limit))


@lru_cache(maxsize=1)
def catalogue_of(shape: Shape) -> Catalogue:
    """The catalogue of a shape; the last one is kept, since it costs seconds at 100k."""
    return catalogues.catalogue(shape)


def shape_of(family: str) -> Shape:
    """What the catalogue of a family is generated from."""
    kind, size = family.split("-")
    return replace(SIZES[size], mutual=MUTUAL) if kind == "cyclic" else SIZES[size]


def _problems(family: str) -> Iterator[Problem]:
    kind = family.partition("-")[0]
    shape = shape_of(family)
    offered = catalogue_of(shape)
    land = catalogues.ground(shape)
    ask = ASKS["deep" if kind == "deep" else "near"]
    found = 0
    for attempt in count(1):
        draw = Draw(f"{shape.seed}/{'deep' if kind == 'deep' else 'near'}/{shape.courses}/{attempt}")
        problem = _problem(draw, land, offered, ask)
        if _open_skills(problem) < ask.least_open:
            continue
        found += 1
        named = replace(
            problem, id=f"{family}-{found:02d}", role=replace(problem.role, id=f"role-{family}-{found:02d}")
        )
        yield _within_budget(named) if kind == "budget" else named


def _problem(draw: Draw, land: Ground, offered: Catalogue, ask: Ask) -> Problem:
    field = draw.some(land.domains, count=ask.domains)
    skills = [skill for domain in field for skill in domain]
    wanted = draw.some(skills, count=draw.whole(*ask.role_skills))
    profile = {
        skill: draw.whole(1, 3) for domain in field for skill in domain if draw.chance(ask.known_share)
    }
    strangers = draw.some(land.domains, count=2)
    profile |= {skill: draw.whole(1, 3) for domain in strangers for skill in draw.some(domain, count=4)}
    reachable = execution.everything_reached(offered, profile)
    role = {skill: min(draw.whole(*ask.role_levels), reachable.get(skill, 0)) for skill in wanted}
    return Problem(
        id="",
        catalogue=offered,
        profile=Profile(levels=dict(sorted(profile.items()))),
        role=Role(id="", requires={skill: level for skill, level in sorted(role.items()) if level}),
        objective=COST,
    )


def _open_skills(problem: Problem) -> int:
    held = problem.profile.levels
    return sum(held.get(skill, 0) < level for skill, level in problem.role.requires.items())


def _within_budget(problem: Problem) -> Problem:
    plan = hff.relaxed_plan(ground_task(problem))
    assert plan is not None, "every role level of the generator can be reached"
    price = sum(problem.catalogue.by_id[course].price for course in plan)
    return replace(problem, constraints=Constraints(max_price=price * BUDGET // 100))
