"""The plans none of which is better in everything: fewer hours, a lower price, more of it practice.

More practice counts as fewer hours without it (theory). A larger share alone would be bought with practice on
top that replaces nothing, 10,000 hours of it for 99 per cent; the plans left then have no course that another
one could do without.

Epsilon constraints on integers (Haimes, Lasdon and Wismer, "On a bicriterion formulation", IEEE
Transactions on Systems, Man and Cybernetics, 1971): the fewest hours of any plan; then below its price, and
so on, until nothing is left; then all again with less theory than the most of any plan found. One task serves
all questions, pruned once of courses that another one beats in hours, price and theory. A question whose
answer follows from one before it is not searched for: an answer to a wider one that fits, or that there is
none to a wider one. Plans found before are where each search begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from recommender.domain import Problem
from recommender.planning import exact, offer, ordering, relevance, stating, what_if
from recommender.planning.offer import MAX_TOTAL
from recommender.planning.stating import OutOfReach, Stated
from recommender.planning.stopwatch import StopWatch
from recommender.planning.task import IntArray, Limit, Task

MOST = 50
"""Points after which the search ends: more are no help to anybody who chooses."""
TIES = 100
"""Steps in which a lower price and less theory break ties of hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A plan in its order, with its hours, how many of them are without practice (theory), its price, the
    share of practice in whole per cent (rounded down) and its cost under the objective of the problem. Not
    proven: a better plan may have been missed."""

    courses: tuple[str, ...]
    hours: int
    price: int
    theory: int
    hands_on: int
    cost: int
    is_proven: bool

    def dominates(self, other: Point) -> bool:
        """Whether it is as good as `other` in everything, and another point."""
        ours, theirs = self.goods, other.goods
        return ours != theirs and all(our <= their for our, their in zip(ours, theirs, strict=True))

    @property
    def goods(self) -> tuple[int, int, int]:
        """Hours, price and hours of theory: less is better."""
        return self.hours, self.price, self.theory


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """Points by hours, none better than another in everything; `complete` if they are all there are."""

    points: tuple[Point, ...]
    complete: bool


def pareto(problem: Problem, *, stop: StopWatch, most: int = MOST, within: int = 0) -> Front:
    """The Pareto set of `problem` over hours, price and hours of theory, one plan for each point.

    With `within`, in per cent of the figures of the fastest plan, points are left out to which another one
    comes that close: for every plan there is then a point of no more hours and less than that much dearer
    or richer in theory. Every requirement is met: waivers of `problem` are left out. Time running out, or
    more than `most` points, leaves it incomplete. Raises MalformedInputError as `planning.solve` does.

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
    strict = what_if.constrained(problem, waivers={})
    stated = stating.state(strict)
    if isinstance(stated, OutOfReach):
        return Front(points=(), complete=True)
    return _Search(problem=strict, stated=stated, stop=stop, most=most, within=within).front()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """The plan of fewest hours within a price and hours of theory; `MAX_TOTAL` is no limit."""

    price: int = MAX_TOTAL
    theory: int = MAX_TOTAL

    def allows(self, price: int, theory: int) -> bool:
        return price <= self.price and theory <= self.theory


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """`plan` as places of the pruned task; None: there is none."""

    question: _Question
    plan: tuple[int, ...] | None
    hours: int = 0
    price: int = 0
    theory: int = 0
    is_proven: bool = True

    def answers(self, question: _Question) -> bool:
        """Whether it is the answer to `question`, too."""
        if not self.question.allows(question.price, question.theory):
            return False
        return self.plan is None or question.allows(self.price, self.theory)


@dataclass
class _Search:
    problem: Problem
    stated: Stated
    stop: StopWatch
    most: int
    within: int
    answers: list[_Answer] = field(default_factory=list)
    complete: bool = True

    def __post_init__(self) -> None:
        self.task = self.pruned()
        self.hours, self.price, self.theory = self.figures(self.task)

    def figures(self, task: Task) -> tuple[IntArray, IntArray, IntArray]:
        """Hours, price and hours of theory per course of `task`; helpers have none."""
        offered = offer.of(self.problem.catalogue)
        columns = offered.hours, offered.price, offered.hours - offered.practice
        hours, price, theory = (np.append(one, 0)[np.minimum(task.source, offered.size)] for one in columns)
        return hours, price, theory

    def pruned(self) -> Task:
        """The task without courses that are beaten in everything that counts, whatever its limits are."""
        given = self.stated.task
        hours, price, theory = self.figures(given)
        limits = [Limit(use=use, most=MAX_TOTAL) for use in (price, theory)]
        task = replace(given, cost=hours, limits=(*given.limits, *limits))
        smaller = relevance.reduced(task).task
        return replace(smaller, limits=smaller.limits[: len(given.limits)])

    def front(self) -> Front:
        theory: int | None = MAX_TOTAL
        while theory is not None:
            theory = self.sweep(theory)
        found = {one.goods: one for one in map(self.point, self.answers) if one is not None}
        best = [one for one in found.values() if not any(other.dominates(one) for other in found.values())]
        return Front(points=tuple(sorted(best, key=lambda one: one.goods)), complete=self.complete)

    def sweep(self, theory: int) -> int | None:
        """All points with at most `theory` hours of theory; up to how many the next ones are to have."""
        price, most = MAX_TOTAL, -1
        while price >= 0:
            answer = self.ask(_Question(price=price, theory=theory))
            if answer is None or answer.plan is None:
                break
            price, most = answer.price - self.step(self.answers[0].price), max(most, answer.theory)
        return None if most <= 0 or not self.complete else max(0, most - self.step(self.answers[0].hours))

    def step(self, whole: int) -> int:
        """The smallest difference that counts."""
        return max(1, self.within * whole // 100)

    def ask(self, question: _Question) -> _Answer | None:
        """The answer; None: no time for it, or too many already."""
        for one in self.answers:
            if one.answers(question):
                return one
        points = {(one.hours, one.price, one.theory) for one in self.answers if one.plan is not None}
        if self.stop.remaining() <= 0 or len(points) >= self.most:
            self.complete = False
            return None
        found = self.search(question)
        if found is None or not found.is_proven:
            self.complete = False
        if found is not None:
            self.answers.append(found)
        return found

    def search(self, question: _Question) -> _Answer | None:
        task = self.limited(question)
        search = exact.Search(task, self.stop)
        for one in self.answers:
            if one.plan is not None and question.allows(one.price, one.theory):
                search.offer(list(one.plan))
        search.finish()
        found = search.found()
        if found.plan is None:
            return _Answer(question=question, plan=None) if found.impossible else None
        plan = np.flatnonzero(np.isin(task.source, found.plan))
        return _Answer(
            question=question,
            plan=tuple(plan.tolist()),
            hours=int(self.hours[plan].sum()),
            price=int(self.price[plan].sum()),
            theory=int(self.theory[plan].sum()),
            is_proven=found.bound >= found.cost,
        )

    def limited(self, question: _Question) -> Task:
        """The task within the limits of `question`: fewest hours, and between equals nearly the least of what
        is limited."""
        cost, limits, scale = self.hours, list(self.task.limits), 1
        ties = np.zeros_like(cost)
        for use, most in ((self.price, question.price), (self.theory, question.theory)):
            if most < MAX_TOTAL:
                limits.append(Limit(use=use, most=most))
                # Rounded down, the courses of a plan together stay within TIES, less than an hour counts.
                ties += TIES * use // (most + 1)
                scale += TIES
        return replace(self.task, cost=scale * cost + ties, limits=tuple(limits))

    def point(self, answer: _Answer) -> Point | None:
        if answer.plan is None:
            return None
        ids, sources = offer.ids(self.problem.catalogue), self.task.source[list(answer.plan)].tolist()
        chosen = [self.problem.catalogue.by_id[ids[one]] for one in sources if one < len(ids)]
        ordered = ordering.ordered(chosen, start=self.problem.profile.levels)
        names = tuple(course.id for course in ordered)
        return Point(
            courses=names,
            hours=answer.hours,
            price=answer.price,
            theory=answer.theory,
            hands_on=what_if.figures(self.problem, names).hands_on,
            cost=what_if.cost(self.problem, names),
            is_proven=answer.is_proven,
        )
