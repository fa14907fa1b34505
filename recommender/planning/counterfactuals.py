"""What each step and each requirement is worth: the best plan without it, and what that saves or costs.

Every figure is a pair of proven bounds, equal where time allowed a proof. Each takes a search of its own:
where a page waits, `explain.explain` is the quick one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from recommender.domain import Levels, Problem, Solution, Status, after
from recommender.planning import solving, what_if
from recommender.planning.stopwatch import StopWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """By how much a cost changes, in units of the objective: proven to lie from `least` to `most`.

    `most` is None where no plan is known.
    """

    least: int
    most: int | None

    @property
    def is_exact(self) -> bool:
        """Whether the bounds meet."""
        return self.least == self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWorth:
    """A step, and the best plan without its course.

    `status` is infeasible when no plan does without it (then `loses` is None), unknown when time was too
    short to find one. `courses` and `cost` are of the plan without it; `loses` is by how much the best such
    plan is dearer than the best of all. `instead` are those courses that the plan itself does not take. Of
    them the strongest rejected alternative, `rival`, gives most of what the step newly gives; None if none
    gives any of it.
    """

    course: str
    status: Status
    courses: tuple[str, ...] = ()
    cost: int | None = None
    loses: Difference | None = None
    instead: tuple[str, ...] = ()
    rival: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillPrice:
    """A requirement above the profile, and what the best plan saves if it is lowered by one level."""

    skill: str
    level: int
    saves: Difference


def worth_of_steps(problem: Problem, solution: Solution, *, stop: StopWatch) -> tuple[StepWorth, ...]:
    """For each step of `solution`, a plan for `problem`, the best plan without it.

    The steps share the time that is left evenly. Raises MalformedInputError as `planning.solve` does.

    >>> from recommender.domain import Catalogue, Course, Profile, Role
    >>> from recommender.planning import Unlimited, solve
    >>> good = Course(id="good", hours=10, price=0, requires={}, teaches={"sql": 3})
    >>> slow = Course(id="slow", hours=14, price=0, requires={}, teaches={"sql": 3})
    >>> problem = Problem(id="p", catalogue=Catalogue((good, slow), frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 3}))
    >>> worth, = worth_of_steps(problem, solve(problem, stop=Unlimited()), stop=Unlimited())
    >>> worth.course, worth.rival, worth.loses
    ('good', 'slow', Difference(least=4, most=4))
    """
    found = []
    for place, (course, gained) in enumerate(_gains(problem, solution)):
        turn = what_if.Turn(stop, turns=len(solution.steps) - place)
        found.append(_worth(problem, solution, course, gained, stop=turn))
    return tuple(found)


def prices_of_skills(problem: Problem, solution: Solution, *, stop: StopWatch) -> tuple[SkillPrice, ...]:
    """The marginal price of each requirement above the profile, by skill; none without a plan.

    `solution` is an answer to `problem`. The skills share the time that is left evenly.

    >>> from recommender.domain import Catalogue, Course, Profile, Role
    >>> from recommender.planning import Unlimited, solve
    >>> easy = Course(id="easy", hours=10, price=0, requires={}, teaches={"sql": 2})
    >>> hard = Course(id="hard", hours=50, price=0, requires={"sql": 2}, teaches={"sql": 3})
    >>> problem = Problem(id="p", catalogue=Catalogue((easy, hard), frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 3}))
    >>> prices_of_skills(problem, solve(problem, stop=Unlimited()), stop=Unlimited())
    (SkillPrice(skill='sql', level=3, saves=Difference(least=50, most=50)),)
    """
    if solution.cost is None or solution.bound is None:
        return ()
    have = problem.profile.levels
    open_now = [
        (skill, need) for skill, need in sorted(problem.role.requires.items()) if need > have.get(skill, 0)
    ]
    found = []
    for place, (skill, level) in enumerate(open_now):
        turn = what_if.Turn(stop, turns=len(open_now) - place)
        lowered = solving.solve(_lowered(problem, skill), stop=turn)
        cheapest = solution.cost if lowered.cost is None else min(lowered.cost, solution.cost)
        saves = Difference(least=max(0, solution.bound - cheapest), most=solution.cost - (lowered.bound or 0))
        found.append(SkillPrice(skill=skill, level=level, saves=saves))
    return tuple(found)


def without(problem: Problem, course: str) -> Problem:
    """The same problem, in which no plan may take `course`."""
    return what_if.constrained(problem, exclude=problem.constraints.exclude | {course})


def worth_of_step(problem: Problem, solution: Solution, course: str, *, other: Solution) -> StepWorth:
    """The step of `course`, where `other` is the answer to the problem `without` it.

    Raises KeyError where `solution` does not take the course.
    """
    return _compared(problem, solution, course, dict(_gains(problem, solution))[course], other=other)


def _worth(
    problem: Problem, solution: Solution, course: str, gained: Mapping[str, int], *, stop: StopWatch
) -> StepWorth:
    other = solving.solve(without(problem, course), stop=stop)
    return _compared(problem, solution, course, gained, other=other)


def _compared(
    problem: Problem, solution: Solution, course: str, gained: Mapping[str, int], *, other: Solution
) -> StepWorth:
    names = what_if.courses(other)
    instead = tuple(name for name in names if name not in what_if.courses(solution))
    return StepWorth(
        course=course,
        status=other.status,
        courses=names,
        cost=other.cost,
        loses=_loss(solution, other),
        instead=instead,
        rival=_rival(problem, instead, gained),
    )


def _loss(solution: Solution, other: Solution) -> Difference | None:
    """How much dearer the best plan of the narrower problem is: never less than nothing."""
    if other.status is Status.INFEASIBLE or solution.cost is None or solution.bound is None:
        return None
    return Difference(
        least=max(0, (other.bound or 0) - solution.cost),
        most=None if other.cost is None else other.cost - solution.bound,
    )


def _gains(problem: Problem, solution: Solution) -> Iterator[tuple[str, dict[str, int]]]:
    """Each step's course, with the levels it newly gives."""
    levels: Levels = problem.profile.levels
    for step in solution.steps:
        course = problem.catalogue.by_id[step.course]
        yield step.course, {s: level for s, level in course.teaches.items() if level > levels.get(s, 0)}
        levels = after(course, levels)


def _rival(problem: Problem, instead: tuple[str, ...], gained: Mapping[str, int]) -> str | None:
    def given(name: str) -> int:
        teaches = problem.catalogue.by_id[name].teaches
        return sum(min(level, teaches.get(skill, 0)) for skill, level in gained.items())

    best = max(instead, key=given, default=None)
    return best if best is not None and given(best) else None


def _lowered(problem: Problem, skill: str) -> Problem:
    requires = {**problem.role.requires, skill: problem.role.requires[skill] - 1}
    return replace(problem, role=replace(problem.role, requires=requires))
