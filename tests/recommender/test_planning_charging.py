"""Landmarks charged by the prices of the relaxation: as good a bound, and true without it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from recommender import planning, verify
from recommender.domain import Problem, Proof
from recommender.planning import bound, charging, exact, propagate, relevance, stating
from recommender.planning.certificate import Certifier
from recommender.planning.task import Task
from tests.recommender.planning_cases import Watch, course, problem
from tests.recommender.test_planning import small_problems
from tests.recommender.test_planning_stages import tangled


def task_of(case: Problem) -> Task | None:
    stated = stating.state(case)
    return relevance.reduced(stated.task).task if isinstance(stated, stating.Stated) else None


def charged(task: Task, *, hint: np.ndarray | None = None) -> charging.Charged:
    known = bound.lm_cut(task, task.cost, go_on=lambda: True).landmarks
    return charging.charged(
        task,
        known,
        hint=task.source if hint is None else hint,
        enough=lambda: 2**60,
        stop=planning.Unlimited(),
    )


def assert_true(task: Task, cut: bound.LandmarkBound) -> None:
    """Every landmark is one, shares are positive, and no course is charged more than it costs."""
    left = task.cost.copy()
    for courses, share in zip(cut.landmarks.split(), cut.shares.tolist(), strict=True):
        assert share > 0
        left[courses] -= share
        allowed = np.ones(task.size, dtype=np.bool_)
        allowed[courses] = False
        assert not propagate.reached(task, allowed=allowed)[task.goals].all()
    assert (left >= 0).all()
    assert (left == cut.left).all()
    assert cut.value == cut.shares.sum()


def cheapest(task: Task) -> float:
    search = exact.Search(task, Watch())
    search.finish()
    return search.best_cost


@settings(max_examples=150, deadline=None)
@given(small_problems())
def test_what_is_charged_is_true_and_no_less_than_by_lm_cut(case: Problem) -> None:
    task = task_of(case)
    if task is None or not task.size:
        return
    cut = charged(task).cut
    assert_true(task, cut)
    assert cut.value >= bound.lm_cut(task, task.cost, go_on=lambda: True).value
    if not task.limits:
        assert cut.value <= cheapest(task)


@pytest.mark.parametrize("seed", range(8))
def test_tangled_tasks_too_whatever_the_relaxation_begins_with(seed: int) -> None:
    task = task_of(tangled(seed, skills=40, courses=400))
    assert task is not None
    for hint in (task.source, task.source[::3], task.source[:0]):
        cut = charged(task, hint=hint).cut
        assert_true(task, cut)
        assert cut.value <= cheapest(task)


BEHIND_ONE_DOOR = problem(
    course("key", {"key": 1}, hours=10),
    course("left-entry", {"left": 1}, requires={"key": 1}, hours=6),
    course("right-entry", {"right": 1}, requires={"key": 1}, hours=6),
    course("by-left", {"goal": 1}, requires={"left": 1}, hours=3),
    course("by-right", {"goal": 1}, requires={"right": 1}, hours=3),
    goal={"goal": 1},
)


def test_prices_say_what_both_ways_have_in_common() -> None:
    task = task_of(BEHIND_ONE_DOOR)
    assert task is not None
    assert charged(task).cut.value == cheapest(task)


EACH_TWO_OF_THREE = problem(
    course("ab", {"a": 1, "b": 1}, hours=10),
    course("bc", {"b": 1, "c": 1}, hours=10),
    course("ac", {"a": 1, "c": 1}, hours=10),
    goal={"a": 1, "b": 1, "c": 1},
)


def test_prices_of_halves_are_charged_in_whole_shares() -> None:
    task = task_of(EACH_TWO_OF_THREE)
    assert task is not None
    best = cheapest(task)
    assert_true(task, charged(task).cut)
    assert best / 2 < charged(task).cut.value == math.ceil(best * 3 / 4)


def test_false_prices_charge_nothing_false() -> None:
    task = task_of(tangled(5, skills=30, courses=200))
    assert task is not None
    asking = charging.supply(task)
    crux = bound.crux(task, propagate.h_max(task, task.cost))
    rng = np.random.default_rng(7)
    for _ in range(20):
        price = rng.random(len(asking.fact)) * task.cost.max()
        need = rng.random(len(task.pre.item)) * task.cost.max()
        cut = charging.executed(task, charging.apart(task, asking, price, need, crux))
        assert_true(task, cut)
        assert cut.value <= cheapest(task)


@pytest.mark.parametrize("seed", range(6))
def test_most_plans_are_proven_without_a_solver_to_trust(seed: int) -> None:
    case = tangled(seed, skills=30, courses=150)
    solution = planning.solve(case, stop=Watch())
    assert verify.verify_solution(case, solution).valid
    assert solution.proof is Proof.VERIFIED


def test_a_round_that_says_nothing_new_is_not_kept() -> None:
    stated = stating.state(BEHIND_ONE_DOOR)
    assert isinstance(stated, stating.Stated)
    certifier = Certifier(stated.task, courses=stated.courses)
    task = certifier.smaller.task
    cut = bound.lm_cut(task, task.cost, go_on=lambda: True)
    certifier.add(cut)
    certifier.add(cut, cost=2**40)
    assert len(certifier.rounds) == 1
    certifier.narrow(cost=1)
    assert certifier.bound == 1
    assert not certifier.smaller.is_possible
