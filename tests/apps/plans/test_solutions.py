"""Answers of the engine are kept: the proven ones for all, the others until somebody gives more time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.cache import cache

from groundwork.plans import distances, snapshot, solutions
from recommender import domain, planning
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def problem() -> domain.Problem:
    cache.clear()
    builders.make_course("long", hours=30, teaches={"x": 2})
    builders.make_course("short", hours=20, teaches={"x": 2})
    return snapshot.take(levels={}, role=builders.make_role(requires={"x": 2}))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[domain.Problem]:
    """The problems that reach the engine."""
    problems: list[domain.Problem] = []
    solve = planning.solve

    def noting(problem: domain.Problem, **options: object) -> domain.Solution:
        problems.append(problem)
        return solve(problem, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(planning, "solve", noting)
    return problems


def test_a_proven_answer_is_found_once_and_serves_the_distance_too(problem, asked):
    first = solutions.solve(problem, seconds=5)
    assert first.status is domain.Status.OPTIMAL
    assert solutions.solve(problem, seconds=60) == first == solutions.known(problem)
    assert distances.measure(problem).hours == 20
    assert asked == [problem]


def test_another_problem_is_asked_anew(problem, asked):
    solutions.solve(problem, seconds=5)
    other = replace(problem, constraints=domain.Constraints(exclude=frozenset({"short"})))
    assert [step.course for step in solutions.solve(other, seconds=5).steps] == ["long"]
    assert len(asked) == 2


def test_an_answer_in_a_hurry_stands_until_more_time_is_given(problem, asked):
    hurried = solutions.solve(problem, seconds=0)
    assert not solutions.is_final(hurried.status)
    assert solutions.known(problem) is None
    assert solutions.solve(problem, seconds=0) == hurried
    assert len(asked) == 1
    assert solutions.solve(problem, seconds=5).status is domain.Status.OPTIMAL
    assert len(asked) == 2
