"""Of the cheapest plans the one that is preferred most.

First the cheapest plan, with its proof. Then the fewest points (`domain.Preferences`) of any plan that costs
no more: the same task with points for costs, its true cost as one more limit, and without the courses of
which LM-cut left so much uncharged that no cheapest plan takes them. Priced preferences are part of the cost
and take no search of their own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from recommender import explain
from recommender.domain import Problem, Solution, Status
from recommender.planning import bound, exact, offer, ordering, relevance, solving, stating
from recommender.planning.stating import OutOfReach, Stated
from recommender.planning.stopwatch import StopWatch
from recommender.planning.task import BoolArray, IntArray, Limit, Task


def solve(problem: Problem, *, stop: StopWatch, gap: int = 0) -> Solution:
    """The cheapest plan, proven if time allows; of several, one that `problem.objective.prefer` prefers most.

    With `gap`, in per mille of the cost, the search ends as soon as the certificate proves that no plan is
    cheaper by more than that. Ties are broken between plans that are proven cheapest only. Raises
    MalformedInputError when a constraint names an unknown course or weights are negative or too large.

    >>> from recommender.domain import Catalogue, Course, Merit, Objective, Preferences, Profile, Role
    >>> from recommender.planning import Unlimited
    >>> offered = tuple(Course(id=name, hours=5, price=0, requires={}, teaches={"sql": 2}, hands_on=practice)
    ...                 for name, practice in {"talk": 0, "lab": 5}.items())
    >>> problem = Problem(id="p", catalogue=Catalogue(offered, frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2}),
    ...                   objective=Objective(prefer=Preferences(hands_on=1)))
    >>> found = solve(problem, stop=Unlimited())
    >>> found.steps[0].course, found.cost, found.points, found.least_points
    ('lab', 5, 0, 0)
    """
    solution = solving.solve(problem, stop=stop, gap=gap)
    if solution.cost is None:
        return solution
    if problem.objective.prefer.break_ties:
        solution = _with_fewest_points(problem, solution, stop)
    if not problem.objective.has_surcharges:
        return solution
    courses = [problem.catalogue.by_id[step.course] for step in solution.steps]
    return replace(solution, surcharge=sum(map(problem.objective.surcharge, courses)))


def _with_fewest_points(problem: Problem, solution: Solution, stop: StopWatch) -> Solution:
    prefer = problem.objective.prefer
    points = sum(prefer.points(problem.catalogue.by_id[step.course]) for step in solution.steps)
    if not points:
        return replace(solution, points=0, least_points=0)
    stated = stating.state(problem)
    if solution.status is not Status.OPTIMAL or isinstance(stated, OutOfReach):
        return replace(solution, points=points)
    found = _search(problem, stated, solution, stop)
    if found.plan is None or found.cost >= points:
        return replace(solution, points=points, least_points=min(points, found.bound))
    ids = offer.ids(problem.catalogue)
    chosen = [problem.catalogue.by_id[ids[one]] for one in sorted(found.plan) if one < stated.courses]
    order = ordering.ordered(chosen, start=problem.profile.levels)
    return replace(
        solution,
        steps=explain.steps(problem, [course.id for course in order]),
        waived=tuple(sorted(one.skill for one in stated.waived(found.plan))),
        points=found.cost,
        least_points=found.bound,
    )


def _search(problem: Problem, stated: Stated, solution: Solution, stop: StopWatch) -> exact.Found:
    """Over the plans of `stated` that cost no more than `solution`, from that one on."""
    task, cost = stated.task, solution.cost or 0
    of_course = offer.points(offer.of(problem.catalogue), problem.objective.prefer)
    limit = Limit(use=task.cost, most=cost)
    pointed = replace(task, cost=_of(task, of_course), limits=(*task.limits, limit))
    smaller = relevance.reduced(pointed, allowed=_in_cheapest(task, cost, stop))
    search = exact.Search(smaller.task, stop)
    known = _sources(problem, stated, solution)
    search.offer(np.flatnonzero(np.isin(smaller.task.source, known)).tolist())
    search.finish()
    return search.found()


def _of(task: Task, of_course: IntArray) -> IntArray:
    """Points per course of the task; waivers and other helpers have none."""
    padded = np.concatenate([of_course, np.zeros(1, dtype=np.int64)])
    return padded[np.minimum(task.source, len(of_course))]


def _in_cheapest(task: Task, cost: int, stop: StopWatch) -> BoolArray:
    """Courses that may be in a plan of `cost`: mask."""
    cut = bound.lm_cut(task, task.cost, go_on=lambda: stop.remaining() > 0)
    allowed: BoolArray = cut.value + cut.left <= cost
    return allowed


def _sources(problem: Problem, stated: Stated, solution: Solution) -> list[int]:
    """What stands in the task for the plan of `solution`, every helper without effort included."""
    places = offer.positions(problem.catalogue)
    number = {one.skill: stated.first_waiver + place for place, one in enumerate(stated.waivers)}
    return [
        *(places[step.course] for step in solution.steps),
        *range(stated.courses, stated.first_waiver),
        *(number[skill] for skill in solution.waived),
    ]
