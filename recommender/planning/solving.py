"""From a problem to a solution with its certificate, and the most of a role that fits into limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from recommender import explain
from recommender.domain import (
    Landmark,
    Levels,
    Objective,
    Problem,
    Role,
    Solution,
    Status,
    Step,
    after,
)
from recommender.planning import exact, offer, ordering, proving, relevance, stating
from recommender.planning.certificate import Certifier, Round
from recommender.planning.exact import Found
from recommender.planning.stating import OutOfReach, Stated, Waiver
from recommender.planning.stopwatch import StopWatch
from recommender.planning.task import Limit, Rows
from recommender.planning.what_if import Turn

SEARCH = "landmarks that leave out courses"
ANY_GAP = 1000
SEARCHING = 1.1
"""The search may take ten elevenths of the time; the rest is for its proof."""
WIDEST = 1.25
"""The search for the least that stays open may take four fifths of the time; it is the hardest of three."""

Planner = Callable[..., Solution]


def solve(problem: Problem, *, stop: StopWatch, gap: int = 0) -> Solution:
    """The cheapest plan, proven if time allows.

    With `gap`, in per mille of the cost, the search ends as soon as the certificate proves that no plan is
    cheaper by more than that. Raises MalformedInputError when a constraint names an unknown course or costs
    are negative or too large.
    """
    return _solved(problem, stop=stop, gap=gap, known=())


def _solved(problem: Problem, *, stop: StopWatch, gap: int = 0, known: tuple[int, ...]) -> Solution:
    """`solve`, begun with the plan of the courses `known`, with which it ends at least."""
    stated = stating.state(problem)
    if isinstance(stated, OutOfReach):
        return Solution(status=Status.INFEASIBLE, unreachable=stated.skills)
    case = _Case(problem, stated)
    search = exact.Search(
        case.certifier.smaller.task,
        Turn(stop, turns=SEARCHING),
        certifier=case.certifier,
        gap=gap,
        to_the_end=not gap,
    )
    search.offer(_begun(stated, case.certifier.smaller, known))
    for _ in search.stages():
        if gap and search.is_certified():
            break
    search.stop = stop
    proving.prove(search)
    return case.solution(search.found())


def first_plan(problem: Problem, *, stop: StopWatch) -> Solution:
    """A plan within milliseconds, with the LM-cut bound; no solver runs."""
    return solve(problem, stop=stop, gap=ANY_GAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a plan costs at least, and the cost of one that was found (None: none within the limits)."""

    lower: int
    upper: int | None


def bounds(problem: Problem, *, stop: StopWatch, closer: bool = False) -> Bounds | None:
    """Bounds on the cost of a plan within milliseconds, without its steps; None for a role out of reach.

    `closer` ones come from the linear relaxation and take several times as long. Raises MalformedInputError
    as `solve` does.
    """
    stated = stating.state(problem)
    if isinstance(stated, OutOfReach):
        return None
    search = exact.Search(relevance.reduced(stated.task).task, stop)
    search.start()
    if closer:
        search.start_solver()
    found = search.found()
    return Bounds(lower=found.bound, upper=None if found.plan is None else found.cost)


PLANNERS: MappingProxyType[str, Planner] = MappingProxyType({"exact": solve, "first": first_plan})


class _Case:
    """A problem with its task, and the proof that its plan gets."""

    def __init__(self, problem: Problem, stated: Stated) -> None:
        self.problem = problem
        self.stated = stated
        self.certifier = Certifier(stated.task, courses=stated.courses)

    def solution(self, found: Found) -> Solution:
        """What was found, with the proof."""
        if found.plan is None:
            return Solution(status=Status.INFEASIBLE if found.impossible else Status.UNKNOWN)
        verified = min(self.certifier.bound, found.cost)
        bound = max(found.bound, verified)
        return Solution(
            status=Status.OPTIMAL if bound >= found.cost else Status.FEASIBLE,
            cost=found.cost,
            bound=bound,
            steps=self.steps(found.plan),
            waived=tuple(sorted(one.skill for one in self.stated.waived(found.plan))),
            verified_bound=verified,
            certificate=tuple(self._spelled_out(one) for one in self.certifier.rounds),
            solver="" if verified == bound else found.solver or SEARCH,
        )

    def _spelled_out(self, one: Round) -> tuple[Landmark, ...]:
        ids, stated = offer.ids(self.problem.catalogue), self.stated
        sources = stated.task.source[one.landmarks.item]
        is_course = sources < stated.courses
        names = [ids[place] for place in sources[is_course].tolist()]
        ends = np.append(0, np.cumsum(is_course))[one.landmarks.at].tolist()
        rows = [row.tolist() for row in Rows(at=one.landmarks.at, item=sources).split()]
        return tuple(
            Landmark(
                courses=tuple(names[begin:end]),
                waivers=tuple(waiver.skill for waiver in stated.waived(row)),
                share=share,
            )
            for (begin, end), row, share in zip(pairwise(ends), rows, one.shares.tolist(), strict=True)
        )

    def steps(self, sources: tuple[int, ...]) -> tuple[Step, ...]:
        """The courses among `sources` in an order for people, with what each closes and opens."""
        problem, ids = self.problem, offer.ids(self.problem.catalogue)
        chosen = [problem.catalogue.by_id[ids[one]] for one in sorted(sources) if one < self.stated.courses]
        order = ordering.ordered(chosen, start=problem.profile.levels)
        return explain.steps(problem, [course.id for course in order])


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The plan that closes the most of a role within the limits, and of those the cheapest.

    `role` is the role lowered to what the plan reaches: `solution` is that of the problem with it. `missed`
    are the weighted levels left open, `least_missed` a proven bound on those of any plan within the limits.
    None for the role: not even what must be taken fits.
    """

    solution: Solution
    role: Role | None
    missed: int
    least_missed: int


def best_within(problem: Problem, *, stop: StopWatch) -> Within:
    """The most of the role, by weight x levels, that fits into the limits of `problem`.

    Two exact searches: the least that must stay open, then the cheapest plan that leaves no more open.
    Raises MalformedInputError as `solve` does.
    """
    waivers = tuple(
        Waiver(skill=skill, level=level, penalty=problem.role.weights.get(skill, 1))
        for skill, needed in sorted(problem.role.requires.items())
        for level in range(problem.profile.levels.get(skill, 0) + 1, needed + 1)
    )
    effortless = replace(problem, objective=Objective(hour=0, price=0))
    widest = _found(stating.state(effortless, waivers=waivers), stop=Turn(stop, turns=WIDEST))
    if widest is None or widest.plan is None:
        impossible = widest is None or widest.impossible
        status = Status.INFEASIBLE if impossible else Status.UNKNOWN
        return Within(solution=Solution(status=status), role=None, missed=0, least_missed=0)
    priced = stating.state(problem, waivers=waivers)
    within = _without_penalties(priced, most=widest.cost)
    cheapest = _found(within, stop=Turn(stop, turns=2), plan=widest.plan)
    plan = (cheapest and cheapest.plan) or widest.plan
    role = _lowered(problem, plan)
    solution = _solved(replace(problem, role=role), stop=stop, known=plan)
    return Within(solution=solution, role=role, missed=widest.cost, least_missed=widest.bound)


def _found(
    stated: Stated | OutOfReach, *, stop: StopWatch, plan: tuple[int, ...] | None = None
) -> Found | None:
    """What a whole search finds, begun with `plan`, or with leaving all open; None: nothing to search."""
    if isinstance(stated, OutOfReach):
        return None
    smaller = relevance.reduced(stated.task)
    search = exact.Search(smaller.task, stop)
    source = stated.task.source
    open_all = tuple(source[source >= stated.first_waiver].tolist())
    search.offer(_begun(stated, smaller, open_all if plan is None else plan))
    search.finish()
    return search.found()


def _begun(stated: Stated, smaller: relevance.Reduced, known: tuple[int, ...]) -> list[int]:
    """The courses of the pruned task for the known ones, which are numbered as in the catalogue."""
    courses = np.flatnonzero(np.isin(stated.task.source, known))
    begun: list[int] = smaller.standing_for(courses).tolist()
    return begun


def _without_penalties(stated: Stated | OutOfReach, *, most: int) -> Stated | OutOfReach:
    """The same task with the penalties of all waivers limited to `most` instead of priced."""
    if isinstance(stated, OutOfReach):
        return stated
    task = stated.task
    penalty = np.where(task.source >= stated.first_waiver, task.cost, 0)
    limit = Limit(use=penalty, most=most)
    return replace(stated, task=replace(task, cost=task.cost - penalty, limits=(*task.limits, limit)))


def _lowered(problem: Problem, sources: tuple[int, ...]) -> Role:
    """The role, each requirement lowered to what the courses among `sources` reach."""
    ids = offer.ids(problem.catalogue)
    levels: Levels = problem.profile.levels
    for one in sources:
        if one < len(ids):
            levels = after(problem.catalogue.by_id[ids[one]], levels)
    requires = {
        skill: min(needed, levels.get(skill, 0))
        for skill, needed in problem.role.requires.items()
        if levels.get(skill, 0)
    }
    return replace(problem.role, requires=requires)
