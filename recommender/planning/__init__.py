"""The planner: a learner, a role and a catalogue in, the cheapest sequence of courses out, with a bound.

`solve` always answers: with a proof, with the best plan and bound it found in time, or by saying that time
was too short. It reads no clock; the stop-watch comes from the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import scipy

from recommender.domain import (
    Certificate,
    Course,
    Landmark,
    Levels,
    Problem,
    Solution,
    Status,
    Step,
    after,
)
from recommender.planning import certificate, exact, offer, ordering, relevance, stating
from recommender.planning.exact import Found
from recommender.planning.stating import Stated
from recommender.planning.stopwatch import Deadline, StopWatch, Unlimited

__all__ = ["PLANNERS", "Deadline", "Planner", "StopWatch", "Unlimited", "first_plan", "solve"]

Planner = Callable[..., Solution]
SOLVER = f"HiGHS of scipy {scipy.__version__}"
SEARCH = "fixing by landmarks"


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
    stated = stating.state(problem)
    if stated.task is None:
        return Solution(status=Status.INFEASIBLE, unreachable=stated.unreachable)
    smaller = relevance.reduced(stated.task)
    found = run(smaller.task, stop=stop)
    if found.plan is None:
        return Solution(status=Status.INFEASIBLE if found.impossible else Status.UNKNOWN)
    certified = certificate.certify(
        stated.task, smaller, found.cut, cost=found.cost, go_on=lambda: stop.remaining() > 0
    )
    bound = max(found.bound, certified.bound)
    waived = {waiver.skill for waiver in stated.waived(found.plan)}
    return Solution(
        status=Status.OPTIMAL if bound >= found.cost else Status.FEASIBLE,
        cost=found.cost,
        bound=bound,
        steps=_steps(problem, [one for one in found.plan if one < stated.courses]),
        waived=tuple(sorted(waived)),
        verified_bound=certified.bound,
        certificate=_spelled_out(problem, stated, certified.rounds),
        solver="" if certified.bound == bound else SOLVER if found.by_solver else SEARCH,
    )


def _spelled_out(
    problem: Problem, stated: Stated, rounds: tuple[tuple[certificate.Share, ...], ...]
) -> Certificate:
    assert stated.task is not None
    ids, source = offer.ids(problem.catalogue), stated.task.source
    spelled = []
    for shares in rounds:
        landmarks = []
        for one in shares:
            sources = source[one.courses].tolist()
            landmarks.append(
                Landmark(
                    courses=tuple(ids[place] for place in sources if place < stated.courses),
                    waivers=tuple(waiver.skill for waiver in stated.waived(sources)),
                    share=one.share,
                )
            )
        spelled.append(tuple(landmarks))
    return tuple(spelled)


def _steps(problem: Problem, positions: list[int]) -> tuple[Step, ...]:
    ids = offer.ids(problem.catalogue)
    chosen = [problem.catalogue.by_id[ids[position]] for position in sorted(positions)]
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
