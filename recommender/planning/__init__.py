"""The planner: a learner, a role and a catalogue in, the cheapest sequence of courses out, with a bound.

`solve` always answers: with a proof, with the best plan and bound it found in time, or by saying that time
was too short. It reads no clock; the stop-watch comes from the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from recommender.domain import Course, Levels, Problem, Solution, Status, Step, after
from recommender.planning import compile as compiling
from recommender.planning import exact, ordering, propagate, relevance
from recommender.planning.exact import Found
from recommender.planning.stopwatch import Deadline, StopWatch, Unlimited
from recommender.planning.task import Task

__all__ = ["PLANNERS", "Deadline", "Planner", "StopWatch", "Unlimited", "first_plan", "solve"]

Planner = Callable[..., Solution]


def solve(problem: Problem, *, stop: StopWatch) -> Solution:
    """The cheapest plan, proven if time allows.

    Raises MalformedInputError when a constraint names an unknown course or costs are negative or too large.
    """
    return _plan(problem, stop=stop, run=exact.solve)


def first_plan(problem: Problem, *, stop: StopWatch) -> Solution:
    """A plan within milliseconds, with the LM-cut bound; no solver runs."""
    return _plan(problem, stop=stop, run=exact.first_answer)


PLANNERS: MappingProxyType[str, Planner] = MappingProxyType({"exact": solve, "first": first_plan})


def _plan(problem: Problem, *, stop: StopWatch, run: Callable[..., Found]) -> Solution:
    compiled = compiling.compile_problem(problem)
    task = compiled.task
    if not len(task.goals):
        return Solution(status=Status.OPTIMAL, cost=0, bound=0)
    holds = propagate.reached(task)
    missed = [
        skill
        for goal, skill in zip(task.goals.tolist(), compiled.goal_skills, strict=True)
        if not holds[goal]
    ]
    if missed:
        unreachable = tuple(sorted(skill for skill in missed if skill is not None))
        return Solution(status=Status.INFEASIBLE, unreachable=unreachable)
    task = relevance.reduced(relevance.reachable_part(task, holds=holds))
    return _answer(problem, task, run(task, stop=stop))


def _answer(problem: Problem, task: Task, found: Found) -> Solution:
    if found.plan is None:
        return Solution(status=Status.INFEASIBLE if found.impossible else Status.UNKNOWN)
    cost = task.cost_of(found.plan)
    return Solution(
        status=Status.OPTIMAL if found.bound >= cost else Status.FEASIBLE,
        cost=cost,
        bound=min(found.bound, cost),
        steps=_steps(problem, task, found.plan),
    )


def _steps(problem: Problem, task: Task, plan: list[int]) -> tuple[Step, ...]:
    chosen = [problem.catalogue.courses[position] for position in task.source[plan].tolist()]
    order = ordering.ordered(chosen, start=problem.profile.levels)
    steps = []
    levels: Levels = problem.profile.levels
    for place, course in enumerate(order):
        reached = after(course, levels)
        closes = tuple(
            (skill, needed)
            for skill, needed in sorted(problem.role.requires.items())
            if levels.get(skill, 0) < needed <= reached.get(skill, 0)
        )
        opens = tuple(later.id for later in order[place + 1 :] if _is_opened(later, course, levels))
        steps.append(Step(course=course.id, closes=closes, opens=opens))
        levels = reached
    return tuple(steps)


def _is_opened(later: Course, course: Course, levels: Levels) -> bool:
    """Whether `later` needs a level that `course` gives and that was missing before."""
    return any(
        levels.get(skill, 0) < needed <= course.teaches.get(skill, 0)
        for skill, needed in later.requires.items()
    )
