"""Replays a plan on the raw catalogue. Imports only `domain`, so it cannot share a planner's mistake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recommender.domain import Problem, Solution, Status, after


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the plan holds, its cost when every course is known, and everything that is wrong."""

    valid: bool
    cost: int | None
    errors: tuple[str, ...]


def verify(problem: Problem, courses: Sequence[str], *, cost: int | None = None) -> Verdict:
    """Take the courses one by one and look. `cost` is the claimed cost, if one is claimed.

    >>> from recommender.domain import Catalogue, Course, Profile, Role
    >>> course = Course(id="a", hours=3, price=0, requires={}, teaches={"sql": 2})
    >>> problem = Problem(id="p", catalogue=Catalogue((course,), frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2}))
    >>> verify(problem, ["a"]).valid, verify(problem, []).errors
    (True, ('sql is at level 0 at the end, the role requires 2',))
    """
    errors = list(_unknown_or_repeated(problem, courses))
    if any(course not in problem.catalogue.by_id for course in courses):
        return Verdict(valid=False, cost=None, errors=tuple(errors))
    errors += _prerequisites_and_goals(problem, courses)
    errors += _constraints(problem, courses)
    true_cost = sum(problem.objective.cost(problem.catalogue.by_id[course]) for course in courses)
    if cost is not None and cost != true_cost:
        errors.append(f"the claimed cost is {cost}, the courses cost {true_cost}")
    return Verdict(valid=not errors, cost=true_cost, errors=tuple(errors))


def verify_solution(problem: Problem, solution: Solution) -> Verdict:
    """Check everything a solution claims that can be checked without searching.

    A plan is replayed, and a bound above its cost is refused. Of "infeasible", the unreachable skills are
    checked; with none named, it is refused if simply taking every course that can be taken is a plan. That
    no plan fits a limit, and that a bound is a bound, rests on the solver.
    """
    if solution.status in (Status.OPTIMAL, Status.FEASIBLE):
        verdict = verify(problem, [step.course for step in solution.steps], cost=solution.cost)
        errors = [*verdict.errors, *_bounds(solution)]
        return Verdict(valid=not errors, cost=verdict.cost, errors=tuple(errors))
    errors = []
    if solution.steps or solution.cost is not None or solution.bound is not None:
        errors.append(f"a solution with status {solution.status} has neither steps nor cost nor bound")
    if solution.status is Status.INFEASIBLE:
        errors += verify_unreachable(problem, solution.unreachable).errors
        if not solution.unreachable and verify(problem, _everything(problem)).valid:
            errors.append("taking every course that can be taken is a plan")
    elif solution.unreachable:
        errors.append("a solution with status unknown names no unreachable skills")
    return Verdict(valid=not errors, cost=None, errors=tuple(errors))


def verify_unreachable(problem: Problem, skills: Iterable[str]) -> Verdict:
    """Check the claim that exactly `skills` (of the role) cannot be reached with all allowed courses."""
    levels = dict(problem.profile.levels)
    for name in _everything(problem):
        levels = after(problem.catalogue.by_id[name], levels)
    true = {skill for skill, level in problem.role.requires.items() if levels.get(skill, 0) < level}
    claimed = set(skills)
    errors = [f"{skill} can be reached" for skill in sorted(claimed - true)]
    errors += [f"{skill} cannot be reached and is not listed" for skill in sorted(true - claimed)]
    return Verdict(valid=not errors, cost=None, errors=tuple(errors))


def _everything(problem: Problem) -> list[str]:
    """Every allowed course that can be taken at all, in an order in which they can be taken."""
    levels = dict(problem.profile.levels)
    order: list[str] = []
    waiting = [c for c in problem.catalogue.courses if c.id not in problem.constraints.exclude]
    while True:
        closed = []
        for course in waiting:
            if course.can_be_taken(levels):
                order.append(course.id)
                for skill, level in course.teaches.items():
                    levels[skill] = max(level, levels.get(skill, 0))
            else:
                closed.append(course)
        if len(closed) == len(waiting):
            return order
        waiting = closed


def _bounds(solution: Solution) -> Iterable[str]:
    cost, bound = solution.cost, solution.bound
    if cost is None or bound is None:
        yield f"a solution with status {solution.status} states its cost and its bound"
    elif bound > cost:
        yield f"the bound {bound} is above the cost {cost}"
    elif solution.status is Status.OPTIMAL and bound != cost:
        yield f"the status is optimal, but the bound {bound} is not the cost {cost}"
    if solution.unreachable:
        yield "a solution with a plan names no unreachable skills"


def _unknown_or_repeated(problem: Problem, courses: Sequence[str]) -> Iterable[str]:
    seen: set[str] = set()
    for course in courses:
        if course not in problem.catalogue.by_id:
            yield f"{course} is not in the catalogue"
        elif course in seen:
            yield f"{course} is taken twice"
        seen.add(course)


def _prerequisites_and_goals(problem: Problem, courses: Sequence[str]) -> Iterable[str]:
    levels = dict(problem.profile.levels)
    for place, name in enumerate(courses, start=1):
        course = problem.catalogue.by_id[name]
        for skill, needed in course.requires.items():
            if levels.get(skill, 0) < needed:
                have = levels.get(skill, 0)
                yield f"step {place}, {name}: requires {skill} {needed}, the learner stands at {have}"
        levels = after(course, levels)
    for skill, needed in problem.role.requires.items():
        if levels.get(skill, 0) < needed:
            have = levels.get(skill, 0)
            yield f"{skill} is at level {have} at the end, the role requires {needed}"


def _constraints(problem: Problem, courses: Sequence[str]) -> Iterable[str]:
    limits = problem.constraints
    hours = sum(problem.catalogue.by_id[course].hours for course in courses)
    price = sum(problem.catalogue.by_id[course].price for course in courses)
    if limits.max_hours is not None and hours > limits.max_hours:
        yield f"{hours} hours are more than the limit of {limits.max_hours}"
    if limits.max_price is not None and price > limits.max_price:
        yield f"a price of {price} is more than the limit of {limits.max_price}"
    for course in sorted(limits.exclude & set(courses)):
        yield f"{course} is excluded"
    for course in sorted(limits.include - set(courses)):
        yield f"{course} must be taken and is not"
