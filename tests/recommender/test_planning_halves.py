"""Cuts of halved rows: what is whole keeps them, what lies half between breaks them."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.planning import backend, exact, halves, relevance, stating
from recommender.planning.model import Model
from recommender.planning.program import Rows
from tests.recommender.planning_cases import Watch, course, problem


def rows(*given: tuple[dict[int, int], int]) -> Rows:
    """Each row by its coefficients and its limit."""
    return Rows(
        np.array([len(of) for of, _ in given]),
        np.array([column for of, _ in given for column in of]),
        np.array([float(value) for of, _ in given for value in of.values()]),
        np.array([float(limit) for _, limit in given]),
    )


def as_dense(found: Rows, width: int) -> tuple[np.ndarray, np.ndarray]:
    dense = np.zeros((len(found.limits), width))
    dense[np.repeat(np.arange(len(found.limits)), found.lengths), found.columns] = found.values
    return dense, found.limits


EACH_TWO_OF_THREE = rows(({0: -1, 1: -1}, -1), ({1: -1, 2: -1}, -1), ({0: -1, 2: -1}, -1))


def test_of_three_that_stand_in_for_each_other_two_are_taken() -> None:
    found = halves.cuts(EACH_TWO_OF_THREE, np.array([0.5, 0.5, 0.5]))
    assert found is not None
    dense, limits = as_dense(found, 3)
    assert dense.tolist() == [[-1.0, -1.0, -1.0]]
    assert limits.tolist() == [-2.0]


def test_a_whole_answer_breaks_nothing() -> None:
    assert halves.cuts(EACH_TWO_OF_THREE, np.array([1.0, 1.0, 0.0])) is None


COEFFICIENTS = st.dictionaries(st.integers(0, 4), st.sampled_from([-2, -1, 1, 2, 3]), min_size=1, max_size=4)
ROWS = st.lists(st.tuples(COEFFICIENTS, st.integers(-3, 4)), min_size=1, max_size=8)
ANSWERS = st.lists(st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 0.75, 1.0]), min_size=5, max_size=5)


@settings(max_examples=400, deadline=None)
@given(ROWS, ANSWERS)
def test_every_whole_answer_keeps_the_cuts_and_the_answer_breaks_them(
    given: list[tuple[dict[int, int], int]], answer: list[float]
) -> None:
    values = np.array(answer)
    kept = [(of, limit) for of, limit in given if sum(v * values[c] for c, v in of.items()) <= limit + 1e-9]
    if not kept:
        return
    found = halves.cuts(rows(*kept), values)
    with backend.using("numpy"):
        plain = halves.cuts(rows(*kept), values)
    assert (found is None) == (plain is None)
    if found is None or plain is None:
        return
    assert all(np.array_equal(mine, its) for mine, its in zip(found, plain, strict=True))
    known, limits = as_dense(rows(*kept), 5)
    cut, most = as_dense(found, 5)
    assert (cut @ values > most + halves.BROKEN).all()
    for whole in product([0, 1], repeat=5):
        if (known @ whole <= limits).all():
            assert (cut @ whole <= most).all()


def test_the_relaxation_with_cuts_needs_no_branching() -> None:
    case = problem(
        course("ab", {"a": 1, "b": 1}, hours=10),
        course("bc", {"b": 1, "c": 1}, hours=10),
        course("ac", {"a": 1, "c": 1}, hours=10),
        goal={"a": 1, "b": 1, "c": 1},
    )
    stated = stating.state(case)
    assert isinstance(stated, stating.Stated)
    task = relevance.reduced(stated.task).task
    search = exact.Search(task, Watch())
    search.model = Model(task, [])
    plain = search.model.relax(seconds=10)
    tightened = search.tightened()
    ten_hours = task.cost[0] / search.model.unit
    assert plain.objective == 1.5 * ten_hours
    assert round(tightened.objective, 6) == 2 * ten_hours
