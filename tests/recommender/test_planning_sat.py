"""The 0/1 model on CP-SAT: the same answers as on HiGHS, with circles, limits and roles out of reach."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import sparse

from recommender import planning, verify
from recommender.domain import Problem, Status
from recommender.planning import deciding, exact, sat
from recommender.planning.program import Program
from tests.recommender.planning_cases import Watch
from tests.recommender.test_planning import small_problems
from tests.recommender.test_planning_stages import tangled


def program(rows, limits, cost, *, low=None, high=None) -> Program:
    width = len(cost)
    return Program(
        cost=np.array(cost, dtype=np.int64),
        matrix=sparse.csr_array(np.array(rows, dtype=np.float64).reshape(len(limits), width)),
        limits=np.array(limits, dtype=np.float64),
        low=np.zeros(width) if low is None else np.array(low, dtype=np.float64),
        high=np.ones(width) if high is None else np.array(high, dtype=np.float64),
    )


def answer(case: Program, *, effort: float = 10.0):
    seen: list[list[bool]] = []
    found = sat.minimise(
        case, seconds=math.inf, effort=effort, see=lambda values: seen.append(values.tolist())
    )
    return found, seen


def test_rows_of_both_kinds_hold_and_every_improvement_is_shown():
    either, heavy = [-1, -1, 0], [5, 1, 7]
    found, seen = answer(program([either, heavy], [-1, 6], [1, 4, 0]))
    assert found.final
    assert found.values is not None
    assert found.values.tolist()[:2] == [True, False]
    assert found.bound == 1
    assert seen[-1] == found.values.tolist()
    tighter, _ = answer(program([either, heavy], [-1, 4], [1, 4, 0]))
    assert tighter.bound == 4


def test_fixed_variables_are_kept_and_what_cannot_be_is_said():
    either = [-1, -1]
    without, _ = answer(program([either], [-1], [1, 4], high=[0, 1]))
    assert (without.bound, without.final) == (4, True)
    sure, _ = answer(program([either], [-1], [1, 4], low=[0, 1]))
    assert sure.bound == 4
    impossible, seen = answer(program([either], [-1], [1, 4], high=[0, 0]))
    assert (impossible.values, impossible.final, impossible.bound, seen) == (None, True, math.inf, [])


def test_an_error_while_an_improvement_is_shown_is_not_swallowed():
    def see(values: object) -> None:
        raise ZeroDivisionError("in the callback")

    case = program([[-1, -1]], [-1], [1, 4])
    with pytest.raises(ZeroDivisionError, match="in the callback"):
        sat.minimise(case, seconds=math.inf, effort=10.0, see=see)
    assert answer(case)[0].final, "the next search is as if nothing had happened"


def solved(case: Problem, monkeypatch: pytest.MonkeyPatch, *, large: int):
    with monkeypatch.context() as patch:
        patch.setattr(exact, "LARGE", large)
        return planning.solve(case, stop=Watch())


@settings(max_examples=60, deadline=None)
@given(case=small_problems())
def test_small_problems_have_the_same_optimum(case: Problem):
    with pytest.MonkeyPatch.context() as patch:
        expected = planning.solve(case, stop=Watch())
        patch.setattr(exact, "LARGE", -1)
        found = planning.solve(case, stop=Watch())
    assert (found.status, found.cost) == (expected.status, expected.cost)
    assert verify.verify_solution(case, found).valid


@pytest.mark.parametrize("seed", range(4))
def test_circles_are_broken_and_the_solver_is_named(seed: int, monkeypatch: pytest.MonkeyPatch):
    case = tangled(seed, skills=25, courses=250)
    expected = solved(case, monkeypatch, large=10_000)
    monkeypatch.setattr(deciding, "FIRST_EFFORT", 0.001)
    found = solved(case, monkeypatch, large=-1)
    assert (found.status, found.cost) == (Status.OPTIMAL, expected.cost)
    assert found == solved(case, monkeypatch, large=-1), "the same problem, the same steps"
    assert verify.verify_solution(case, found).valid
    assert not found.solver or sat.name() in found.solver


def test_without_it_large_models_are_solved_too(monkeypatch: pytest.MonkeyPatch):
    case = tangled(1, skills=25, courses=250)
    expected = solved(case, monkeypatch, large=-1)
    monkeypatch.setattr(sat, "is_installed", lambda: False)
    assert solved(case, monkeypatch, large=-1).cost == expected.cost
