"""The stages of the planner one by one: what each promises to the next."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import planning, verify
from recommender.domain import Problem, Status
from recommender.planning import bound, construct, exact, propagate, relevance, separate, stating
from recommender.planning.highs import Outcome
from recommender.planning.model import Landmark, Model
from recommender.planning.task import Task
from tests.recommender.planning_cases import Watch, cheapest_by_enumeration, course, problem

CIRCLE = problem(
    course("door", {"x": 1}, hours=9),
    course("x-to-y", {"y": 1}, requires={"x": 1}, hours=1),
    course("y-to-x", {"x": 1}, requires={"y": 1}, hours=1),
    course("side-door", {"y": 1}, hours=8),
    course("last", {"z": 2}, requires={"x": 1, "y": 1}, hours=2),
    goal={"z": 2},
)


class Asked:
    """A stop-watch that lets the planner ask `times` times and then says stop."""

    def __init__(self, times: int) -> None:
        self.left = times

    def remaining(self) -> float:
        self.left -= 1
        return 60.0 if self.left >= 0 else 0.0


def unreduced(case: Problem) -> Task:
    """The task of a problem without goals out of reach, and without any pruning beyond that."""
    stated = stating.state(case)
    assert isinstance(stated, stating.Stated)
    return stated.task


def searched(task: Task) -> exact.Found:
    search = exact.Search(task, planning.Unlimited())
    search.finish()
    return search.found()


def tangled(seed: int, *, skills: int = 6, courses: int = 10) -> Problem:
    """A random problem in which prerequisites run in circles; some have no plan."""
    rng = random.Random(seed)
    names = [f"s{number}" for number in range(skills)]

    def levels(most: int, *, least: int) -> dict[str, int]:
        return {rng.choice(names): rng.randint(1, 3) for _ in range(rng.randint(least, most))}

    return problem(
        *(
            course(f"c{n}", levels(3, least=1), requires=levels(2, least=0), hours=rng.choice([1, 2, 5, 13]))
            for n in range(courses)
        ),
        goal=levels(4, least=1),
    )


def plans_without_waste(task: Task) -> Iterator[list[int]]:
    """All plans of which no course can be left out."""
    for size in range(1, task.size + 1):
        for plan in map(list, combinations(range(task.size), size)):
            order, _ = propagate.closure(task, plan)
            fewer = ([one for one in plan if one != left] for left in plan)
            is_plan = len(order) == size and construct.reaches_goals(task, plan)
            if is_plan and not any(construct.reaches_goals(task, one) for one in fewer):
                yield plan


def solvable(seeds: range) -> Iterator[tuple[Problem, int]]:
    for seed in seeds:
        case = tangled(seed)
        best = cheapest_by_enumeration(case)
        if best:
            yield case, best


def test_the_model_alone_lets_courses_supply_each_other() -> None:
    task = unreduced(CIRCLE)
    chosen = Model(task, []).choose(seconds=60)
    assert chosen.outcome is Outcome.SOLVED
    assert chosen.courses is not None
    assert task.cost_of(chosen.courses) == 4
    assert not construct.reaches_goals(task, chosen.courses)


def test_landmarks_of_what_was_missed_forbid_the_circle() -> None:
    task = unreduced(CIRCLE)
    model = Model(task, [])
    chosen = model.choose(seconds=60).courses
    assert chosen is not None
    model.landmarks += separate.missed_fact(task, chosen, int(task.goals[0]))
    again = model.choose(seconds=60).courses
    assert again is not None
    assert construct.reaches_goals(task, again)
    assert task.cost_of(again) == cheapest_by_enumeration(CIRCLE) == 11


def test_the_search_is_exact_without_pruning_first_plans_or_guidance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Only the model, its cuts and its bounds are left: the part that small problems hardly ever need."""
    monkeypatch.setattr(exact.Search, "start", lambda self: None)
    monkeypatch.setattr(exact.Search, "offer_guided", lambda self, answer: None)
    found = 0
    for case, best in solvable(range(120)):
        task = unreduced(case)
        answer = searched(task)
        assert answer.plan is not None
        assert (answer.cost, answer.bound) == (best, best)
        found += 1
    assert found > 20


def test_pruning_keeps_a_cheapest_plan() -> None:
    for case, best in solvable(range(200, 300)):
        task = relevance.reduced(unreduced(case)).task
        answer = searched(task)
        assert answer.plan is not None
        assert answer.cost == best


def test_every_landmark_of_lm_cut_is_one_and_they_carry_the_bound() -> None:
    for case, best in solvable(range(400, 480)):
        task = unreduced(case)
        found = bound.lm_cut(task, task.cost, go_on=lambda: True)
        assert 0 < found.value <= best
        for landmark in found.landmarks.split():
            allowed = np.ones(task.size, dtype=np.bool_)
            allowed[landmark] = False
            holds = propagate.reached(task, allowed=allowed)
            assert not holds[task.goals].all()


def test_landmarks_that_fractions_break_are_landmarks_of_their_fact() -> None:
    seen = 0
    for case, _ in solvable(range(500, 600)):
        task = unreduced(case)
        answer = Model(task, []).relax(seconds=60)
        assert answer.outcome is Outcome.SOLVED
        for broken in separate.fractional(task, answer.x, answer.y, facts=list(range(1, task.facts))):
            allowed = np.ones(task.size, dtype=np.bool_)
            allowed[broken.courses] = False
            assert not propagate.reached(task, allowed=allowed)[broken.fact]
            seen += 1
    assert seen > 0


def test_a_plan_without_waste_pays_the_detours_of_each_of_its_courses() -> None:
    seen = 0
    for case, _ in solvable(range(40)):
        task = unreduced(case)
        rest = np.array([random.Random(n).randint(0, 9) for n in range(task.size)], dtype=np.int64)
        extra = rest + propagate.detours(task, rest)
        for plan in plans_without_waste(task):
            assert (extra[plan] <= rest[plan].sum()).all()
            seen += bool((extra[plan] > rest[plan]).any())
    assert seen > 30


def test_what_comes_before_and_after_a_course_is_its_detour() -> None:
    case = problem(
        course("first", {"x": 1}, hours=1),
        course("middle", {"y": 1}, requires={"x": 1}, hours=1),
        course("last", {"z": 1}, requires={"y": 1}, hours=1),
        goal={"z": 1},
    )
    assert propagate.detours(unreduced(case), np.array([2, 3, 5])).tolist() == [8, 7, 5]


def test_h_max_and_h_add_agree_with_the_definition() -> None:
    task = unreduced(CIRCLE)
    costliest = propagate.h_max(task, task.cost)[task.goals].max()
    added = propagate.h_add(task, task.cost).value[task.goals].max()
    assert (costliest, added) == (11, 19)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), times=st.integers(0, 40))
def test_stopping_anywhere_leaves_a_sound_answer(seed: int, times: int) -> None:
    case = tangled(seed)
    best = cheapest_by_enumeration(case)
    solution = planning.solve(case, stop=Asked(times))
    if best is None:
        assert solution.status is Status.INFEASIBLE
        return
    assert solution.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert solution.cost is not None
    assert solution.bound is not None
    assert solution.bound <= best <= solution.cost
    assert (solution.status is Status.OPTIMAL) == (solution.bound == solution.cost)
    assert verify.verify_solution(case, solution).valid


def test_time_that_runs_out_before_a_plan_within_the_limits_is_unknown() -> None:
    """The cheap plans break the limit; only the model finds the one that fits, and it is not asked."""
    pairs = [
        one
        for n in range(6)
        for one in (
            course(f"paid{n}", {f"s{n}": 1}, hours=1 + n, price=10),
            course(f"free{n}", {f"s{n}": 1}, hours=50),
        )
    ]
    case = problem(*pairs, goal={f"s{n}": 1 for n in range(6)}, max_price=30, max_hours=170)
    solution = planning.solve(case, stop=Watch(0.0))
    assert (solution.status, solution.cost, solution.bound, solution.steps) == (
        Status.UNKNOWN,
        None,
        None,
        (),
    )
    assert planning.solve(case, stop=Watch()).status is Status.OPTIMAL


def test_a_landmark_without_a_fact_is_a_row_of_its_own() -> None:
    task = unreduced(CIRCLE)
    side = next(
        n for n in range(task.size) if CIRCLE.catalogue.courses[int(task.source[n])].id == "side-door"
    )
    model = Model(task, [Landmark(fact=None, courses=np.array([side]))])
    chosen = model.choose(seconds=60).courses
    assert chosen is not None
    assert side in chosen
