"""Many problems over one catalogue give what each of them gives alone."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from recommender import planning
from recommender.domain import Problem, Profile, Status
from recommender.errors import MalformedInputError
from tests.recommender.planning_cases import course, problem
from tests.recommender.test_planning_stages import tangled

CASE = tangled(3, skills=20, courses=200)
PEOPLE = [
    replace(CASE, id=f"p{number}", profile=Profile(levels={f"s{number % 20}": 1 + number % 3}))
    for number in range(40)
]
WATCH = partial(planning.Deadline, 60, clock=time.monotonic)


@pytest.mark.parametrize("processes", [1, 2])
def test_the_answers_come_in_order_and_are_those_of_each_alone(processes: int) -> None:
    found = list(planning.solve_many(PEOPLE, processes=processes, stop=WATCH))
    assert found == [planning.solve(one, stop=WATCH()) for one in PEOPLE]


def test_nobody_is_nothing() -> None:
    assert list(planning.solve_many([])) == []


def test_endless_problems_are_read_only_as_far_as_needed() -> None:
    read = 0

    def endless() -> Iterator[Problem]:
        nonlocal read
        for one in itertools.cycle(PEOPLE):
            read += 1
            yield one

    found = list(itertools.islice(planning.solve_many(endless(), processes=2), 50))
    assert len(found) == 50
    assert all(one.status is Status.OPTIMAL for one in found)
    assert read < 300


def test_a_problem_over_another_catalogue_is_refused() -> None:
    other = problem(course("a", {"x": 1}), goal={"x": 1})
    with pytest.raises(MalformedInputError, match="another catalogue"):
        list(planning.solve_many([CASE, other]))
