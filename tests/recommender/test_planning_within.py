"""The most of a role that fits into limits, against plain enumeration."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings

from recommender import planning, verify
from recommender.domain import Problem, Role, Status, after
from tests.recommender.planning_cases import Watch, course, problem, within_limits
from tests.recommender.test_planning import small_problems

FULL = problem(
    course("short", {"x": 2}, hours=10),
    course("long", {"x": 3}, hours=30),
    course("other", {"y": 1}, hours=15),
    goal={"x": 3, "y": 1},
    max_hours=25,
)


def test_half_of_a_role_is_better_than_none_and_the_rest_stays_open() -> None:
    found = planning.best_within(FULL, stop=Watch())
    assert [step.course for step in found.solution.steps] == ["other", "short"]
    assert found.role is not None
    assert found.role.requires == {"x": 2, "y": 1}
    assert (found.missed, found.least_missed) == (1, 1)
    assert found.solution.status is Status.OPTIMAL


def test_without_time_the_plan_that_was_found_is_still_returned() -> None:
    found = planning.best_within(FULL, stop=Watch(0.0))
    assert found.solution.status in (Status.OPTIMAL, Status.FEASIBLE)
    assert found.role is not None
    assert verify.verify_solution(replace(FULL, role=found.role), found.solution).valid


def test_weights_decide_what_is_closed_first() -> None:
    heavy = replace(FULL, role=Role(id="role", requires=FULL.role.requires, weights={"x": 1, "y": 9}))
    limited = replace(heavy, constraints=replace(FULL.constraints, max_hours=15))
    found = planning.best_within(limited, stop=Watch())
    assert [step.course for step in found.solution.steps] == ["other"]
    assert found.missed == 3


def test_limits_that_do_not_bind_leave_nothing_open() -> None:
    found = planning.best_within(replace(FULL, constraints=planning_limits(max_hours=45)), stop=Watch())
    assert (found.missed, found.role) == (0, FULL.role)


def planning_limits(**limits):
    return replace(FULL.constraints, **limits)


def test_what_must_be_taken_and_does_not_fit_leaves_no_role() -> None:
    case = replace(FULL, constraints=planning_limits(max_hours=5, include=frozenset({"long"})))
    found = planning.best_within(case, stop=Watch())
    assert (found.role, found.solution.status) == (None, Status.INFEASIBLE)


def least_missed(case: Problem) -> tuple[int, int] | None:
    """Weighted levels the best set of courses leaves open, and the cost of the cheapest such set."""
    limits = case.constraints
    allowed = [
        one for one in case.catalogue.courses if limits.allows(one) and one.id not in case.profile.taken
    ]
    best: tuple[int, int] | None = None
    for size in range(len(allowed) + 1):
        for chosen in combinations(allowed, size):
            levels, waiting = dict(case.profile.levels), list(chosen)
            while ready := next((one for one in waiting if one.can_be_taken(levels)), None):
                levels = after(ready, levels)
                waiting.remove(ready)
            if waiting or not within_limits(case, chosen):
                continue
            missed = sum(max(0, need - levels.get(skill, 0)) for skill, need in case.role.requires.items())
            key = missed, sum(case.objective.cost(one) for one in chosen)
            best = key if best is None else min(best, key)
    return best


@settings(max_examples=80, deadline=None)
@given(small_problems())
def test_every_answer_equals_enumeration(case: Problem) -> None:
    plain = replace(case, constraints=replace(case.constraints, min_hands_on=0, waivers={}))
    expected = least_missed(plain)
    found = planning.best_within(plain, stop=Watch())
    if expected is None:
        assert found.role is None
        return
    assert found.role is not None
    assert (found.missed, found.solution.cost) == expected
    assert found.least_missed == found.missed
    assert verify.verify_solution(replace(plain, role=found.role), found.solution).errors == ()
