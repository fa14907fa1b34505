"""Why a problem has no plan, told as the smallest changes after which it has one.

Each single change is tried, and made as small as it can be: the fewest hours or the least money of any plan
by a search of their own, a requirement level by level, a share of practice by bisection. Where no single
change helps, two at once are tried; where no two do, one set of changes of which none can be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from recommender.domain import Problem, Solution, Status
from recommender.planning import solving, what_if
from recommender.planning.levers import Change, Kind, Lever, levers
from recommender.planning.stopwatch import StopWatch

KEPT_FIRST = (
    *(Kind.REQUIREMENT, Kind.INSISTED, Kind.HANDS_ON, Kind.COURSE),
    *(Kind.PROVIDER, Kind.FORMAT, Kind.LANGUAGE, Kind.PRICE, Kind.HOURS),
)
"""What is kept first when more than two changes are needed: the goal before the wishes before the limits."""


@dataclass(frozen=True, kw_only=True)
class Relaxation:
    """Changes, the problem they lead to, and its best plan.

    Smallest: with the others as they are, none of the changes can be one unit less; proven.
    """

    changes: tuple[Change, ...]
    problem: Problem
    solution: Solution
    is_smallest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxations:
    """All single changes that help, in the order of `Kind`; or pairs; or one larger set. Empty for a problem
    that has a plan. `complete` unless time was too short for something."""

    found: tuple[Relaxation, ...]
    complete: bool


def relaxations(problem: Problem, *, stop: StopWatch) -> Relaxations:
    """The smallest changes that make `problem` feasible, each with the resulting plan and its cost.

    Raises MalformedInputError as `planning.solve` does.

    >>> from recommender.domain import Catalogue, Constraints, Course, Profile, Role
    >>> from recommender.planning import Unlimited
    >>> course = Course(id="ml", hours=60, price=0, requires={}, teaches={"ml": 3})
    >>> problem = Problem(id="p", catalogue=Catalogue((course,), frozenset({"ml"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"ml": 3}),
    ...                   constraints=Constraints(max_hours=40))
    >>> for one in relaxations(problem, stop=Unlimited()).found:
    ...     change, = one.changes
    ...     print(change.kind, change.subject, change.before, change.after, one.solution.cost)
    hours  40 60 60
    requirement ml 3 0 0
    """
    search = _Search(problem, stop)
    if search.is_feasible(problem):
        return Relaxations(found=(), complete=True)
    found = search.singles() or search.pairs() or search.several()
    return Relaxations(found=tuple(found), complete=search.complete)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """The value of a lever; smallest: it is proven that none before it helps."""

    value: int | None
    is_smallest: bool


class _Search:
    def __init__(self, problem: Problem, stop: StopWatch) -> None:
        self.problem = problem
        self.stop = stop
        self.levers = levers(problem)
        self.complete = True

    def singles(self) -> list[Relaxation]:
        """Every lever that alone makes the problem feasible."""
        return [one for lever in self.levers for one in self.relaxed([lever])]

    def pairs(self) -> list[Relaxation]:
        """Every pair of levers that does, without those of which something else is needed, too."""
        needed = [lever for lever in self.levers if not self.is_feasible(self.without(lever))]
        if len(needed) > 2:
            return []
        pairs = (pair for pair in combinations(self.levers, 2) if all(one in pair for one in needed))
        return [one for pair in pairs for one in self.relaxed(pair)]

    def several(self) -> list[Relaxation]:
        """All levers, then each taken back as far as it can be, the one that is kept first at first."""
        order = sorted(self.levers, key=lambda lever: KEPT_FIRST.index(lever.kind))
        kept = list(order)
        for lever in order:
            others = [one for one in kept if one != lever]
            if self.is_feasible(_loosened(self.problem, others)):
                kept = others
        return self.relaxed(kept)

    def without(self, lever: Lever) -> Problem:
        return _loosened(self.problem, [one for one in self.levers if one != lever])

    def relaxed(self, chosen: Sequence[Lever]) -> list[Relaxation]:
        """The `chosen` levers at their smallest; two limits also the other way round."""
        if not self.is_feasible(_loosened(self.problem, chosen)):
            return []
        orders = [list(chosen)]
        if len(chosen) == 2 and all(one.objective for one in chosen):
            orders.append(list(reversed(chosen)))
        found: dict[tuple[Change, ...], Relaxation] = {}
        for order in orders:
            relaxation = self.set_smallest(order)
            if relaxation is not None:
                found.setdefault(relaxation.changes, relaxation)
        return list(found.values())

    def set_smallest(self, order: Sequence[Lever]) -> Relaxation | None:
        """Each lever in turn at its smallest, those after it loosened and those before it as they are."""
        changed, changes, is_smallest = self.problem, [], True
        for place, lever in enumerate(order):
            setting = self.smallest(lever, _loosened(changed, order[place + 1 :]))
            if setting is None:
                self.complete = False
                return None
            changed = lever.applied(changed, setting.value)
            changes.append(lever.change(setting.value))
            is_smallest &= setting.is_smallest
        solution = solving.solve(changed, stop=self.stop)
        self.complete &= is_smallest and solution.cost is not None
        if solution.cost is None:
            return None
        places = {kind: place for place, kind in enumerate(Kind)}
        return Relaxation(
            changes=tuple(sorted(changes, key=lambda one: (places[one.kind], one.subject))),
            problem=changed,
            solution=solution,
            is_smallest=is_smallest,
        )

    def smallest(self, lever: Lever, problem: Problem) -> _Setting | None:
        """The smallest setting with which `problem` has a plan; None: none was found."""
        if lever.objective is not None:
            least = solving.solve(what_if.priced(lever.loosened(problem), lever.objective), stop=self.stop)
            if least.cost is None:
                return None
            return _Setting(value=least.cost, is_smallest=least.status is Status.OPTIMAL)
        before, self.complete = self.complete, True
        value = (
            self.by_bisection(lever, problem) if lever.kind is Kind.HANDS_ON else self.first(lever, problem)
        )
        setting = _Setting(value=value, is_smallest=self.complete)
        self.complete &= before
        return setting

    def first(self, lever: Lever, problem: Problem) -> int | None:
        """The first value that helps. One by one: fewer requirements leave fewer courses to practise in."""
        for value in lever.values[:-1]:
            if self.is_feasible(lever.applied(problem, value)):
                return value
        return lever.values[-1]

    def by_bisection(self, lever: Lever, problem: Problem) -> int | None:
        """The first value that helps, when every later one does too."""
        first, last = 0, len(lever.values) - 1
        while first < last:
            middle = (first + last) // 2
            if self.is_feasible(lever.applied(problem, lever.values[middle])):
                last = middle
            else:
                first = middle + 1
        return lever.values[last]

    def is_feasible(self, problem: Problem) -> bool:
        """Whether a plan was found; that there may be one all the same is noted."""
        if self.stop.remaining() <= 0:
            self.complete = False
            return False
        answer = solving.first_plan(problem, stop=self.stop)
        self.complete &= answer.status is not Status.UNKNOWN
        return answer.cost is not None


def _loosened(problem: Problem, chosen: Iterable[Lever]) -> Problem:
    for lever in chosen:
        problem = lever.loosened(problem)
    return problem
