"""Several good plans that really differ: each leaves out a stated share of the courses of all before it.

That a plan leaves out some courses of another is no constraint of a problem, but excluding given courses is.
So sets of excluded courses are searched, the cheapest plan first: where a plan keeps too much of an earlier
one, any plan that differs enough leaves out one of the courses they share, which gives a narrower problem for
each of them. The first plan that differs enough is then the cheapest that does.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from recommender.domain import Problem, Solution, Status
from recommender.planning import solving, what_if
from recommender.planning.stopwatch import StopWatch

SHARE = 30
MOST_PROBLEMS = 200
"""Narrower problems solved per plan before the best one so far is taken, unproven."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A plan in its order and its cost. `differs` is the smallest share, in whole per cent, of an earlier
    plan's courses that it leaves out (100 for the first). Proven: no cheaper plan differs enough."""

    courses: tuple[str, ...]
    waived: tuple[str, ...]
    cost: int
    differs: int
    is_proven: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """Plans, the best first; `complete` unless time was too short for one that was asked for."""

    found: tuple[Variant, ...]
    complete: bool


def differing(problem: Problem, *, count: int, stop: StopWatch, share: int = SHARE) -> Variants:
    """Up to `count` plans, each the cheapest that leaves out at least `share` per cent of the courses of each
    plan before it, rounded up; fewer where there are no more.

    Raises MalformedInputError as `planning.solve` does.

    >>> from recommender.domain import Catalogue, Course, Profile, Role
    >>> from recommender.planning import Unlimited
    >>> offer = tuple(Course(id=name, hours=hours, price=0, requires={}, teaches={"sql": 2})
    ...               for name, hours in {"a": 5, "b": 7, "c": 9}.items())
    >>> problem = Problem(id="p", catalogue=Catalogue(offer, frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2}))
    >>> [(one.courses, one.cost) for one in differing(problem, count=2, stop=Unlimited()).found]
    [(('a',), 5), (('b',), 7)]
    """
    best = solving.solve(problem, stop=what_if.Turn(stop, turns=count))
    if best.cost is None:
        return Variants(found=(), complete=best.status is Status.INFEASIBLE)
    found = [_variant(best, best.cost, [], is_proven=best.status is Status.OPTIMAL)]
    complete = found[0].is_proven
    while len(found) < count:
        turn = what_if.Turn(stop, turns=count - len(found))
        search = _Search(problem, best, [frozenset(one.courses) for one in found], share, turn)
        variant = search.run()
        complete &= search.is_exact
        if variant is None:
            break
        found.append(variant)
    return Variants(found=tuple(found), complete=complete)


def _variant(solution: Solution, cost: int, earlier: Sequence[frozenset[str]], *, is_proven: bool) -> Variant:
    names = what_if.courses(solution)
    return Variant(
        courses=names,
        waived=solution.waived,
        cost=cost,
        differs=min((100 * len(one.difference(names)) // len(one) for one in earlier if one), default=100),
        is_proven=is_proven,
    )


@dataclass
class _Search:
    """The next plan. `queue` holds (bound, how many are excluded, which, the best plan without them)."""

    problem: Problem
    best: Solution
    earlier: list[frozenset[str]]
    share: int
    stop: StopWatch
    queue: list[tuple[int, int, tuple[str, ...], Solution]] = field(default_factory=list)
    seen: set[frozenset[str]] = field(default_factory=set)
    found: Solution | None = None
    is_exact: bool = True

    def run(self) -> Variant | None:
        """The cheapest plan that differs enough; None: there is none, or no time to find it."""
        self.is_exact = self.best.status is Status.OPTIMAL
        self.offer(self.fewest_shared())
        self.queue = [(self.best.bound or 0, 0, (), self.best)]
        while self.queue and not self.is_found() and self.has_time():
            _, _, excluded, solution = heapq.heappop(self.queue)
            shared = self.shared(solution)
            if shared:
                for course in sorted(shared):
                    self.explore(frozenset({*excluded, course}))
            else:
                self.offer(solution)
        if self.found is None or self.found.cost is None:
            return None
        return _variant(
            self.found, self.found.cost, self.earlier, is_proven=self.is_exact and self.is_found()
        )

    def is_found(self) -> bool:
        """Whether nothing that is left can be cheaper than what was found."""
        if self.found is None or self.found.cost is None:
            return False
        return not self.queue or self.found.cost <= self.queue[0][0]

    def has_time(self) -> bool:
        if self.stop.remaining() > 0 and len(self.seen) < MOST_PROBLEMS:
            return True
        self.is_exact = False
        return False

    def shared(self, solution: Solution) -> frozenset[str]:
        """The courses shared with an earlier plan from which this one does not differ enough; or none."""
        names = frozenset(what_if.courses(solution))
        for one in self.earlier:
            shared = names & one
            if 100 * (len(one) - len(shared)) < self.share * len(one) or one == names:
                return shared
        return frozenset()

    def explore(self, excluded: frozenset[str]) -> None:
        """Solve the problem without these courses, once."""
        if excluded in self.seen or self.stop.remaining() <= 0:
            self.is_exact &= excluded in self.seen
            return
        self.seen.add(excluded)
        without = self.problem.constraints.exclude | excluded
        solution = solving.solve(what_if.constrained(self.problem, exclude=without), stop=self.stop)
        if solution.cost is None:
            self.is_exact &= solution.status is Status.INFEASIBLE
            return
        self.is_exact &= solution.status is Status.OPTIMAL
        entry = solution.bound or 0, len(excluded), tuple(sorted(excluded)), solution
        heapq.heappush(self.queue, entry)

    def offer(self, solution: Solution) -> None:
        """Keep a plan that differs enough if it is the cheapest so far."""
        names = frozenset(what_if.courses(solution))
        if solution.cost is None or self.shared(solution) or names in self.earlier:
            return
        if self.found is None or self.found.cost is None or solution.cost < self.found.cost:
            self.found = solution

    def fewest_shared(self) -> Solution:
        """A plan that shares little with the earlier ones: their courses are made very dear."""
        given, penalty = self.problem.objective, (self.best.cost or 0) + 1
        extra = dict(given.extra)
        for course in frozenset[str]().union(*self.earlier):
            extra[course] = extra.get(course, 0) + penalty
        dear = replace(self.problem, objective=replace(given, extra=extra))
        solution = solving.solve(dear, stop=what_if.Turn(self.stop, turns=4))
        if solution.cost is None:
            return solution
        waivers = self.problem.constraints.waivers
        waived = sum(waivers[skill] for skill in solution.waived)
        return replace(solution, cost=what_if.cost(self.problem, what_if.courses(solution)) + waived)
