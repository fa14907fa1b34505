"""Our own branch and bound, the rows with gates it lives on, and the linear program kept between runs."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import sparse

from recommender import planning
from recommender.domain import Problem, Status
from recommender.planning import (
    branching,
    construct,
    exact,
    highs,
    parts,
    propagate,
    separate,
    stating,
)
from recommender.planning.highs import Outcome
from recommender.planning.model import Model, Relaxed
from recommender.planning.program import Program, Rows
from recommender.planning.task import Task
from tests.recommender.planning_cases import Watch, cheapest_by_enumeration, course, problem
from tests.recommender.test_planning import small_problems
from tests.recommender.test_planning_stages import tangled


def program(rows: list[list[float]], limits: list[float], cost: list[int]) -> Program:
    return Program(
        cost=np.array(cost, dtype=np.int64),
        matrix=sparse.csr_array(np.array(rows, dtype=np.float64)),
        limits=np.array(limits, dtype=np.float64),
        low=np.zeros(len(cost)),
        high=np.ones(len(cost)),
    )


# Of every two of three one is taken: half of each suffices the relaxation.
TRIANGLE = program([[-1, -1, 0], [0, -1, -1], [-1, 0, -1]], [-1, -1, -1], [2, 2, 2])


def test_a_kept_program_takes_rows_and_bounds_and_goes_on() -> None:
    linear = highs.Linear(TRIANGLE)
    assert linear.run(seconds=math.inf).objective == pytest.approx(3)
    two = Rows(np.array([3]), np.array([0, 1, 2]), np.full(3, -1.0), np.array([-2.0]))
    linear.add(two)
    assert linear.run(seconds=math.inf).objective == pytest.approx(4)
    linear.within(np.zeros(3), np.array([0.0, 1.0, 1.0]))
    answer = linear.run(seconds=math.inf)
    assert answer.values == pytest.approx([0, 1, 1])
    linear.within(np.zeros(3), np.array([0.0, 0.0, 1.0]))
    assert linear.run(seconds=math.inf).outcome is Outcome.INFEASIBLE
    linear.within(np.zeros(3), np.ones(3))
    assert linear.run(seconds=math.inf).objective == pytest.approx(4)


def test_an_objective_above_the_most_counts_as_none() -> None:
    linear = highs.Linear(TRIANGLE)
    assert linear.run(seconds=math.inf, most=2.9).outcome is Outcome.INFEASIBLE
    assert linear.run(seconds=math.inf, most=3.1).objective == pytest.approx(3)


def test_whole_answers_come_with_their_bound() -> None:
    answer = highs.choose(TRIANGLE, whole=3, seconds=math.inf)
    assert (answer.outcome, answer.objective, answer.bound) == (Outcome.SOLVED, 4, 4)
    assert sorted(answer.values.round().tolist()) == [0, 1, 1]


def test_what_highs_refuses_is_loud() -> None:
    twice = Rows(np.array([2]), np.array([0, 0]), np.ones(2), np.array([1.0]))
    with pytest.raises(RuntimeError, match="HiGHS refuses"):
        highs.Linear(TRIANGLE).add(twice)


# Both ways to "ml" need "maths", which no single prerequisite row of the relaxation sees: half of each way is
# taken, and half of the dear course.
SHARED = problem(
    course("maths", {"maths": 1}, hours=100),
    course("one-way", {"ml": 1}, requires={"maths": 1}, hours=10),
    course("other-way", {"ml": 1, "art": 1}, requires={"maths": 1}, hours=12),
    goal={"ml": 1},
)


def task_of(case: Problem) -> Task:
    stated = stating.state(case)
    assert isinstance(stated, stating.Stated)
    return stated.task


def test_what_all_givers_need_is_a_gate() -> None:
    task = task_of(SHARED)
    x, y = np.full(task.size, 0.5), np.full(task.facts, 0.5)
    y[0], y[task.goals] = 1.0, 1.0
    [row] = separate.gated(task, task.always_before, x, y)
    assert row.fact == task.goals[0]
    assert (len(row.courses), len(row.gates)) == (0, 1)
    y[row.gates] = 1.0
    assert separate.gated(task, task.always_before, x, y) == []


@settings(max_examples=300, deadline=None)
@given(small_problems())
def test_every_plan_obeys_every_row_with_gates(case: Problem) -> None:
    """Whatever a wrong answer breaks: rows that a real plan broke would cost the optimum."""
    stated = stating.state(case)
    if not isinstance(stated, stating.Stated) or stated.task.size > 9:
        return
    task = stated.task
    rng = np.random.default_rng(task.size)
    rows = [
        row
        for _ in range(5)
        for row in separate.gated(task, task.always_before, rng.random(task.size), rng.random(task.facts))
    ]
    for count in range(task.size + 1):
        for chosen in combinations(range(task.size), count):
            order, holds = propagate.closure(task, list(chosen))
            for row in rows:
                is_given = row.fact is not None and holds[row.fact]
                assert not is_given or holds[row.gates].any() or set(row.courses.tolist()) & set(order)


def started(case: Problem) -> exact.Search:
    search = exact.Search(task_of(case), Watch(), to_the_end=True)
    search.offer(construct.supporter_plan(search.task, search.task.cost))
    search.model = Model(search.task, [])
    return search


@settings(max_examples=200, deadline=None)
@given(small_problems())
def test_the_tree_alone_finds_the_optimum(case: Problem) -> None:
    if not isinstance(stating.state(case), stating.Stated):
        return
    search = started(case)
    if search.task.size:
        assert branching.branch(search, nodes=10_000)
    cheapest = cheapest_by_enumeration(case)
    found = search.found()
    if cheapest is None:
        assert found.plan is None
    else:
        assert (found.cost, found.bound) == (cheapest, cheapest)


def optimum_of(case: Problem) -> int:
    best = planning.solve(case, stop=Watch())
    assert best.status is Status.OPTIMAL
    assert best.cost is not None
    return best.cost


@pytest.mark.parametrize("seed", range(6))
def test_a_tree_cut_short_leaves_a_sound_bound(seed: int) -> None:
    case = tangled(seed, skills=30, courses=300)
    optimum = optimum_of(case)
    for nodes in (0, 1, 3, 10):
        search = started(case)
        done = branching.branch(search, nodes=nodes)
        found = search.found()
        assert found.bound <= optimum <= found.cost
        assert done == (found.bound == found.cost)


@pytest.mark.parametrize("seed", range(4))
def test_parts_move_the_bounds_soundly(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = tangled(seed, skills=60, courses=900)
    optimum = optimum_of(case)
    monkeypatch.setattr(parts, "CHEAPEST", 15)
    monkeypatch.setattr(parts, "AROUND", 40)
    search = started(case)
    search.start_solver()
    for work in (parts.search_cheapest, parts.search_around):
        before = search.best_cost
        work(search)
        assert search.bound <= optimum <= search.best_cost <= before


@pytest.mark.parametrize("rounds", [1, 2, 3, 4])
def test_however_often_a_task_shrinks_its_landmarks_are_its_own(rounds: int, monkeypatch) -> None:
    case = tangled(5, skills=60, courses=900)
    optimum = optimum_of(case)
    monkeypatch.setattr(exact, "SHRINKING_ROUNDS", rounds)
    search = started(case)
    search.start()
    assert all(row.courses.max(initial=0) < search.task.size for row in search.landmarks)
    assert optimum_of(case) == optimum


@pytest.mark.parametrize("seed", range(4))
def test_a_part_is_smaller_than_the_whole_where_all_courses_look_alike(seed: int, monkeypatch) -> None:
    """A part that took all of equal reduced cost would be the whole, for ever."""
    search = started(tangled(seed, skills=40, courses=400))
    optimum = optimum_of(tangled(seed, skills=40, courses=400))
    size, facts = search.task.size, search.task.facts
    search.answer = Relaxed(
        outcome=Outcome.SOLVED,
        objective=0.0,
        x=np.zeros(size),
        y=np.zeros(facts),
        reduced=np.zeros(size),
    )
    monkeypatch.setattr(parts, "CHEAPEST", 5)
    sizes: list[int] = []
    of_part = exact.Search.of_part

    def counted(whole: exact.Search, task: Task) -> exact.Search:
        sizes.append(task.size)
        assert task.size < whole.task.size
        return of_part(whole, task)

    monkeypatch.setattr(exact.Search, "of_part", counted)
    parts.search_cheapest(search)
    assert sizes[0] <= 5 + len(search.best or ())
    assert search.bound <= optimum <= search.best_cost
