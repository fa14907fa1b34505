"""Who should be developed into what, so that all together need the least effort; with a proof.

A pair of a person and a role costs what the person's cheapest plan costs, which is dear to find out for every
pair. So bounds are computed for all pairs, people are assigned on the lower bounds, and only the pairs that
an assignment uses get closer bounds and, when all it uses have these, are solved exactly; what is found out
replaces the bounds, and people are assigned again. When an assignment uses exact pairs only, no other is
cheaper: it is cheapest even where the others cost no more than their lower bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import scipy  # its parts are loaded at their first use

from recommender.domain import Catalogue, Constraints, Objective, Problem, Profile, Role, Solution, Status
from recommender.errors import MalformedInputError
from recommender.planning import batch, preferring, solving
from recommender.planning.stopwatch import StopWatch, Unlimited
from recommender.planning.task import BoolArray, FloatArray, IntArray

Pair = tuple[int, int]
"""Place of a person, place of an opening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may be developed; `wishes` are the ids of the roles they would take (None: any)."""

    id: str
    profile: Profile
    wishes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A role and how many people it needs."""

    role: Role
    seats: int


@dataclass(frozen=True, kw_only=True)
class Workforce:
    """The question. `most_effort` is the highest cost that may be asked of one person (fairness), `budget`
    what all plans together may cost in money, in whole CNY; `constraints` hold for every single plan.

    As many seats as possible are filled, each with the person's plan of least effort, and of all ways to do
    that the one of least effort is chosen.
    """

    catalogue: Catalogue
    people: tuple[Person, ...]
    openings: tuple[Opening, ...]
    objective: Objective = field(default_factory=Objective)
    constraints: Constraints = field(default_factory=Constraints)
    most_effort: int | None = None
    budget: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One person's role and plan."""

    person: str
    role: str
    solution: Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkforcePlan:
    """Assignments by person, their total cost, a proven bound on the total of any assignment that fills as
    many seats, the seats left empty per role, and how many pairs had to be solved exactly."""

    assignments: tuple[Assignment, ...]
    cost: int
    bound: int
    empty: Mapping[str, int]
    solved: int

    @property
    def status(self) -> Status:
        """Optimal when the bound reaches the cost."""
        return Status.OPTIMAL if self.bound == self.cost else Status.FEASIBLE


def assign(
    workforce: Workforce, *, processes: int = 1, stop: Callable[[], StopWatch] = Unlimited
) -> WorkforcePlan:
    """The assignment of least total cost. `stop` makes the stop-watch of one pair (picklable when
    `processes` > 1). Raises MalformedInputError for repeated ids, seats below 1, and as `solve` does."""
    _check(workforce)
    with batch.crew(workforce.catalogue, processes=processes) as ask:
        pairs = _Pairs(workforce, ask, stop)
        pairs.bound(pairs.wished(), closer=False)
        while unsolved := pairs.unsolved(pairs.chosen()):
            rough = [pair for pair in unsolved if pair not in pairs.closer]
            if rough:
                pairs.bound(rough, closer=True)
            else:
                pairs.solve(unsolved)
        return pairs.result()


class _Pairs:
    """Lower bounds of all pairs, better ones where a pair has been looked at more closely or solved."""

    def __init__(self, workforce: Workforce, ask: batch.Crew, stop: Callable[[], StopWatch]) -> None:
        self.workforce, self.ask, self.stop = workforce, ask, stop
        shape = len(workforce.people), len(workforce.openings)
        self.lower: IntArray = np.zeros(shape, dtype=np.int64)
        self.price: IntArray = np.zeros(shape, dtype=np.int64)
        self.possible = np.zeros(shape, dtype=np.bool_)
        self.closer: set[Pair] = set()
        self.solutions: dict[Pair, Solution] = {}
        self.seat_of = np.repeat(np.arange(shape[1]), [one.seats for one in workforce.openings])

    def wished(self) -> list[Pair]:
        """The pairs that people's wishes allow."""
        return [
            (person, opening)
            for person, one in enumerate(self.workforce.people)
            for opening, other in enumerate(self.workforce.openings)
            if one.wishes is None or other.role.id in one.wishes
        ]

    def bound(self, pairs: Sequence[Pair], *, closer: bool) -> None:
        """Bound the pairs; what is out of reach, or too much for one person, is not possible."""
        question = partial(_bounds, stop=self.stop, closer=closer)
        answers = self.ask(question, map(self._problem, pairs), 1 if closer else batch.CHUNK)
        for pair, found in zip(pairs, answers, strict=True):
            self.possible[pair] = found is not None and not self._is_too_much(found.lower)
            if found is not None:
                self.lower[pair] = max(self.lower[pair], found.lower)
        if closer:
            self.closer.update(pairs)

    def chosen(self) -> list[Pair]:
        """The pairs of the cheapest assignment by what is known; it fills as many seats as possible."""
        if self.workforce.budget is not None:
            return self._within(self.workforce.budget)
        dear = int(self.lower.max(initial=0)) * (min(len(self.lower), len(self.seat_of)) + 1) + 1
        price = np.where(self.possible, self.lower, dear)[:, self.seat_of]
        people, seats = scipy.optimize.linear_sum_assignment(price)
        pairs = zip(people.tolist(), self.seat_of[seats].tolist(), strict=True)
        return [pair for pair in pairs if self.possible[pair]]

    def _within(self, budget: int) -> list[Pair]:
        """The same within a budget, by an integer programme; a pair's price counts once it is known."""
        people, openings = np.nonzero(self.possible)
        if not len(people):
            return []
        count = np.arange(len(people))
        once = scipy.sparse.csr_array((np.ones(len(people)), (people, count)))
        seats = scipy.sparse.csr_array((np.ones(len(people)), (openings, count)))
        spent = scipy.sparse.csr_array(self.price[people, openings].astype(np.float64).reshape(1, -1))
        limits = np.concatenate(
            [
                np.ones(once.shape[0]),
                [one.seats for one in self.workforce.openings[: seats.shape[0]]],
                [float(budget)],
            ]
        )
        rows = scipy.sparse.csr_array(scipy.sparse.vstack([once, seats, spent], format="csr"))
        most = self._best(-np.ones(len(people)), rows, limits)
        filled = scipy.sparse.csr_array(-np.ones((1, len(people))))
        rows = scipy.sparse.csr_array(scipy.sparse.vstack([rows, filled], format="csr"))
        cost = self.lower[people, openings].astype(np.float64)
        found = np.flatnonzero(self._best(cost, rows, np.append(limits, -most.sum())))
        return [(int(people[one]), int(openings[one])) for one in found]

    def _best(self, cost: FloatArray, rows: scipy.sparse.csr_array, limits: FloatArray) -> BoolArray:
        answer: Any = scipy.optimize.milp(
            cost,
            integrality=np.ones(len(cost), dtype=np.int64),
            bounds=scipy.optimize.Bounds(0, 1),
            constraints=scipy.optimize.LinearConstraint(rows, -np.inf, limits),
            options={"mip_rel_gap": 0.0},
        )
        if answer.x is None:
            raise RuntimeError(f"the assignment could not be decided: {answer.message}")
        chosen: BoolArray = answer.x > 0.5
        return chosen

    def unsolved(self, pairs: Sequence[Pair]) -> list[Pair]:
        return [pair for pair in pairs if pair not in self.solutions]

    def solve(self, pairs: Sequence[Pair]) -> None:
        """Solve the pairs; those that turn out impossible, or too much for one person, drop out."""
        question = partial(_solved, stop=self.stop)
        found = self.ask(question, map(self._problem, pairs), 1)
        for pair, solution in zip(pairs, found, strict=True):
            self.solutions[pair] = solution
            if solution.cost is None or self._is_too_much(solution.cost):
                self.possible[pair] = False
            elif solution.bound is not None:
                self.lower[pair] = max(self.lower[pair], solution.bound)
                by_id = self.workforce.catalogue.by_id
                self.price[pair] = sum(by_id[step.course].price for step in solution.steps)

    def result(self) -> WorkforcePlan:
        workforce, chosen = self.workforce, self.chosen()
        filled = [opening for _, opening in chosen]
        assignments = tuple(
            Assignment(
                person=workforce.people[person].id,
                role=workforce.openings[opening].role.id,
                solution=self.solutions[person, opening],
            )
            for person, opening in sorted(chosen)
        )
        return WorkforcePlan(
            assignments=assignments,
            cost=sum(one.solution.cost or 0 for one in assignments),
            bound=sum(int(self.lower[pair]) for pair in chosen),
            empty={
                one.role.id: one.seats - filled.count(place)
                for place, one in enumerate(workforce.openings)
                if filled.count(place) < one.seats
            },
            solved=len(self.solutions),
        )

    def _problem(self, pair: Pair) -> Problem:
        workforce = self.workforce
        person, opening = workforce.people[pair[0]], workforce.openings[pair[1]]
        return Problem(
            id=f"{person.id} -> {opening.role.id}",
            catalogue=workforce.catalogue,
            profile=person.profile,
            role=opening.role,
            objective=workforce.objective,
            constraints=workforce.constraints,
        )

    def _is_too_much(self, cost: int) -> bool:
        most = self.workforce.most_effort
        return most is not None and cost > most


def _bounds(problem: Problem, *, stop: Callable[[], StopWatch], closer: bool) -> solving.Bounds | None:
    return solving.bounds(problem, stop=stop(), closer=closer)


def _solved(problem: Problem, *, stop: Callable[[], StopWatch]) -> Solution:
    return preferring.solve(problem, stop=stop())


def _check(workforce: Workforce) -> None:
    for what, ids in (
        ("person", [one.id for one in workforce.people]),
        ("role", [one.role.id for one in workforce.openings]),
    ):
        if len(set(ids)) < len(ids):
            repeated = next(one for one in ids if ids.count(one) > 1)
            raise MalformedInputError(f"workforce: the {what} {repeated!r} occurs twice")
    for one in workforce.openings:
        if one.seats < 1:
            raise MalformedInputError(f"workforce: role {one.role.id!r} needs at least one seat")
