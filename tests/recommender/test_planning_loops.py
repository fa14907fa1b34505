"""The compiled loops and those of numpy give the same answers, to the last share of the last landmark."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from recommender import planning
from recommender.domain import Problem, Solution
from recommender.errors import MalformedInputError
from recommender.planning import backend, loops, offer, stating
from tests.recommender.planning_cases import Watch, course, problem
from tests.recommender.test_planning import small_problems
from tests.recommender.test_planning_stages import tangled

pytest.importorskip("numba", reason="without numba there is nothing to compare with")


def both(case: Problem) -> list[Solution]:
    answers = []
    for name in backend.NAMES:
        with backend.using(name):
            answers.append(planning.solve(case, stop=Watch()))
    return answers


@settings(max_examples=150, deadline=None)
@given(small_problems())
def test_small_problems_have_one_answer(case: Problem) -> None:
    compiled, plain = both(case)
    assert compiled == plain


@pytest.mark.parametrize("seed", range(12))
def test_tangled_problems_have_one_answer(seed: int) -> None:
    compiled, plain = both(tangled(seed, skills=40, courses=400))
    assert compiled == plain


def test_other_loops_than_those_two_are_refused() -> None:
    with pytest.raises(ValueError, match="numba, numpy"), backend.using("fortran"):
        pass


CHOICES = problem(
    course("a", {"x": 3}, requires={"x": 1, "y": 2}),
    course("b", {"y": 2, "x": 1}),
    course("c", {"z": 1}, requires={"x": 2}),
    goal={"z": 1},
)


def test_a_saved_offer_plans_as_the_compiled_one(tmp_path) -> None:
    compiled = offer.compiled(CHOICES.catalogue)
    offer.save(compiled, tmp_path / "deep" / "catalogue.offer")
    loaded = offer.load(tmp_path / "deep" / "catalogue.offer")
    for mine, its in zip(compiled.rows, loaded.rows, strict=True):
        assert np.array_equal(mine, its)
    assert (compiled.courses, compiled.skills) == (loaded.courses, loaded.skills)
    expected = planning.solve(CHOICES, stop=Watch())
    offer.given(CHOICES.catalogue, loaded)
    assert planning.solve(CHOICES, stop=Watch()) == expected


def test_a_file_that_is_no_offer_is_refused(tmp_path) -> None:
    path = tmp_path / "catalogue.offer"
    path.write_bytes(b"nothing of ours")
    with pytest.raises(MalformedInputError, match="not a compiled catalogue"):
        offer.load(path)


def test_the_order_of_a_catalogue_changes_nothing() -> None:
    case = tangled(3, skills=20, courses=200)
    turned = problem(*reversed(case.catalogue.courses), goal=case.role.requires)
    assert planning.solve(case, stop=Watch()) == planning.solve(turned, stop=Watch())


def test_the_task_has_only_what_can_be_reached_and_leads_to_the_role() -> None:
    case = problem(
        course("useful", {"x": 2}),
        course("useless", {"y": 2}),
        course("locked", {"x": 2}, requires={"never": 1}),
        goal={"x": 2},
    )
    stated = stating.state(case)
    assert isinstance(stated, stating.Stated)
    assert [offer.ids(case.catalogue)[place] for place in stated.task.source] == ["useful"]


def test_nothing_is_left_to_compile_once_the_loops_are_warm() -> None:
    planning.warm()
    before = {name: len(loop.signatures) for name, loop in compiled_loops().items()}
    assert all(before.values())
    planning.solve(tangled(3, skills=20, courses=200), stop=Watch())
    planning.best_within(CHOICES, stop=Watch())
    assert {name: len(loop.signatures) for name, loop in compiled_loops().items()} == before


def compiled_loops() -> dict[str, Any]:
    """Those that are called from outside; what they call is compiled with them."""
    return {
        name: loop
        for name, loop in vars(loops).items()
        if hasattr(loop, "signatures") and not name.startswith("_")
    }
