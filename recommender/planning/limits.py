"""What part of a role fits into the limits: "82 % of the role in half the hours"."""

from __future__ import annotations

from dataclasses import dataclass, replace

from recommender import gaps
from recommender.domain import Levels, Problem, Profile, Role, Solution, after
from recommender.gaps import Gap
from recommender.planning import solving, what_if
from recommender.planning.stopwatch import StopWatch
from recommender.planning.what_if import Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A requirement of the role: the level held today, the one the plan leads to, and the one required."""

    skill: str
    have: int
    reached: int
    need: int
    weight: int


@dataclass(frozen=True, kw_only=True)
class WithinLimits:
    """The plan that closes most of a role within the limits, and how far it goes.

    `solution` is the cheapest such plan and holds for `problem`, whose role is lowered to what is reached.
    `before` and `after` are coverage in whole per cent as `gaps.coverage` counts it, `at_most` what no plan
    within the limits exceeds. `open` is what stays missing. `whole` are the figures of the best plan without
    limits on hours and price, None where there is none. Without any plan (what must be taken does not fit, or
    time was too short) `after` is `before`.
    """

    problem: Problem
    solution: Solution
    requirements: tuple[Reached, ...]
    before: int
    after: int
    at_most: int
    open: tuple[Gap, ...]
    figures: Figures
    whole: Figures | None


def within_limits(problem: Problem, *, stop: StopWatch) -> WithinLimits:
    """The most of the role, by weight x levels, that fits into the limits of `problem`, at the least cost.

    Nobody is exempt from anything here: waivers of `problem` are left out. Raises MalformedInputError as
    `planning.solve` does.

    >>> from recommender.domain import Catalogue, Constraints, Course
    >>> from recommender.planning import Unlimited
    >>> short = Course(id="short", hours=10, price=0, requires={}, teaches={"sql": 3})
    >>> long = Course(id="long", hours=30, price=0, requires={"sql": 3}, teaches={"sql": 4})
    >>> problem = Problem(id="p", catalogue=Catalogue((short, long), frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 4}),
    ...                   constraints=Constraints(max_hours=20))
    >>> found = within_limits(problem, stop=Unlimited())
    >>> found.before, found.after, found.figures.hours, found.whole.hours
    (0, 75, 10, 40)
    """
    strict = what_if.constrained(problem, waivers={})
    found = solving.best_within(strict, stop=what_if.Turn(stop, turns=2))
    free = what_if.constrained(strict, max_hours=None, max_price=None)
    whole = solving.solve(free, stop=stop)
    names = what_if.courses(found.solution)
    before = problem.profile.levels
    levels = _after(problem, names) if found.role is not None else before
    lowered = found.role or Role(id=problem.role.id, requires={}, weights=problem.role.weights)
    total = sum(_weight(problem.role, skill) * need for skill, need in problem.role.requires.items())
    coverage = gaps.coverage(problem.role, problem.profile)
    return WithinLimits(
        problem=replace(strict, role=lowered),
        solution=found.solution,
        requirements=_requirements(problem, levels),
        before=coverage,
        after=gaps.coverage(problem.role, Profile(levels=levels)),
        at_most=_at_most(found, total=total, coverage=coverage),
        open=gaps.gaps(problem.role, Profile(levels=levels)),
        figures=what_if.figures(problem, names),
        whole=None if whole.cost is None else what_if.figures(problem, what_if.courses(whole)),
    )


def _at_most(found: solving.Within, *, total: int, coverage: int) -> int:
    if found.role is None:
        return coverage
    return 100 * (total - found.least_missed) // total if total else 100


def _requirements(problem: Problem, levels: Levels) -> tuple[Reached, ...]:
    return tuple(
        Reached(
            skill=skill,
            have=problem.profile.levels.get(skill, 0),
            reached=levels.get(skill, 0),
            need=need,
            weight=_weight(problem.role, skill),
        )
        for skill, need in sorted(problem.role.requires.items())
    )


def _after(problem: Problem, names: tuple[str, ...]) -> Levels:
    levels: Levels = problem.profile.levels
    for name in names:
        levels = after(problem.catalogue.by_id[name], levels)
    return levels


def _weight(role: Role, skill: str) -> int:
    return role.weights.get(skill, 1)
