"""The plans none of which is better in everything: fewer hours, a lower price, a larger share of practice.

Epsilon constraints on integers (Haimes, Lasdon and Wismer, "On a bicriterion formulation", IEEE
Transactions on Systems, Man and Cybernetics, 1971): for a smallest share of practice, the fewest hours, at
these the lowest price, at both the most practice; then again below that price, until nothing is left. The
share is raised above the smallest one found and all is done again. Points found before are not searched for
twice: a plan that still has the share asked for is still the best one at its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from recommender.domain import Objective, Problem, Solution, Status
from recommender.planning import solving, what_if
from recommender.planning.stopwatch import StopWatch

MOST = 50
"""Points after which the search ends: more are no help to anybody who chooses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A plan in its order, with its hours, its price, the share of practice in whole per cent (rounded down)
    and its cost under the objective of the problem. Not proven: a better plan may have been missed."""

    courses: tuple[str, ...]
    hours: int
    price: int
    hands_on: int
    cost: int
    is_proven: bool

    def dominates(self, other: Point) -> bool:
        """Whether it is as good as `other` in everything, and another point."""
        ours, theirs = self.goods, other.goods
        return ours != theirs and all(our <= their for our, their in zip(ours, theirs, strict=True))

    @property
    def goods(self) -> tuple[int, int, int]:
        """Hours, price and missing per cent of practice: less is better."""
        return self.hours, self.price, 100 - self.hands_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """Points by hours, none better than another in everything; `complete` if they are all there are."""

    points: tuple[Point, ...]
    complete: bool


def pareto(problem: Problem, *, stop: StopWatch, most: int = MOST) -> Front:
    """The Pareto set of `problem` over hours, price and share of practice, one plan for each point.

    Every requirement is met: waivers of `problem` are left out. Time running out, or more than `most` points,
    leaves it incomplete. Raises MalformedInputError as `planning.solve` does.

    >>> from recommender.domain import Catalogue, Course, Profile, Role
    >>> from recommender.planning import Unlimited
    >>> quick = Course(id="quick", hours=5, price=90, requires={}, teaches={"sql": 2})
    >>> free = Course(id="free", hours=20, price=0, requires={}, teaches={"sql": 2})
    >>> problem = Problem(id="p", catalogue=Catalogue((quick, free), frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2}))
    >>> front = pareto(problem, stop=Unlimited())
    >>> [(one.hours, one.price) for one in front.points], front.complete
    ([(5, 90), (20, 0)], True)
    """
    return _Search(what_if.constrained(problem, waivers={}), stop, most).front()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A point, the smallest share it was asked for with, and the highest price."""

    point: Point
    share: int
    ceiling: int | None

    def answers(self, *, share: int, ceiling: int | None) -> bool:
        """Whether it is the answer to a tighter question, too."""
        price_fits = ceiling is None or self.point.price <= ceiling
        was_allowed = self.ceiling is None or (ceiling is not None and ceiling <= self.ceiling)
        return self.share <= share <= self.point.hands_on and price_fits and was_allowed


@dataclass
class _Search:
    problem: Problem
    stop: StopWatch
    most: int
    found: list[_Found] = field(default_factory=list)
    complete: bool = True

    def front(self) -> Front:
        share: int | None = self.problem.constraints.min_hands_on
        while share is not None and share <= 100:
            share = self.sweep(share)
        points = {one.point.goods: one.point for one in self.found}
        best = [one for one in points.values() if not any(other.dominates(one) for other in points.values())]
        return Front(points=tuple(sorted(best, key=lambda one: one.goods)), complete=self.complete)

    def sweep(self, share: int) -> int | None:
        """All points with at least `share` per cent of practice; the next share to ask for."""
        ceiling, lowest = self.problem.constraints.max_price, None
        while ceiling is None or ceiling >= 0:
            point = self.point(share=share, ceiling=ceiling)
            if point is None:
                break
            lowest = point.hands_on if lowest is None else min(lowest, point.hands_on)
            ceiling = point.price - 1
        return None if lowest is None or not self.complete else lowest + 1

    def point(self, *, share: int, ceiling: int | None) -> Point | None:
        """The point of fewest hours, with `share` and within `ceiling`; None: there is none, or no time."""
        for one in self.found:
            if one.answers(share=share, ceiling=ceiling):
                return one.point
        if self.stop.remaining() <= 0 or len({one.point.goods for one in self.found}) >= self.most:
            self.complete = False
            return None
        point = self.best(what_if.constrained(self.problem, min_hands_on=share, max_price=ceiling))
        if point is not None:
            self.complete &= point.is_proven
            self.found.append(_Found(point=point, share=share, ceiling=ceiling))
        return point

    def best(self, case: Problem) -> Point | None:
        """Fewest hours, then the lowest price, then the most practice, one search each."""
        least = self.solve(case, what_if.HOURS)
        if least.cost is None:
            self.complete &= least.status is Status.INFEASIBLE
            return None
        answers = [least]
        case = what_if.constrained(case, max_hours=self.of(least).hours)
        for objective in (what_if.PRICE, what_if.THEORY):
            answer = self.solve(case, objective)
            if answer.cost is not None:
                answers.append(answer)
                case = what_if.constrained(case, max_price=self.of(answer).price)
        names, figures = what_if.courses(answers[-1]), self.of(answers[-1])
        return Point(
            courses=names,
            hours=figures.hours,
            price=figures.price,
            hands_on=figures.hands_on,
            cost=what_if.cost(self.problem, names),
            is_proven=len(answers) == 3 and all(one.status is Status.OPTIMAL for one in answers),
        )

    def solve(self, case: Problem, objective: Objective) -> Solution:
        return solving.solve(what_if.priced(case, objective), stop=self.stop)

    def of(self, solution: Solution) -> what_if.Figures:
        return what_if.figures(self.problem, what_if.courses(solution))
