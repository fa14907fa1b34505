"""What is preferred: between plans of the same effort, or at an open price."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import planning, verify
from recommender.domain import Merit, Objective, Preferences, Problem, Solution, Status
from recommender.errors import MalformedInputError
from recommender.planning import offer
from tests.recommender.planning_cases import Watch, course, leading, problem, takeable, within_limits
from tests.recommender.test_planning import preferences, small_problems

LAB = Preferences(hands_on=1)
WANTED = Preferences(merits=(Merit(name="demand", weight=1, skills={"mlops": 90}),))
TWO_WAYS = (
    course("lecture", {"x": 1}, hours=10),
    course("lab", {"x": 1}, hours=10, hands_on=8),
    course("with-mlops", {"x": 1, "mlops": 1}, hours=12),
)


def solve(case: Problem, prefer: Preferences) -> Solution:
    case = replace(case, objective=replace(case.objective, prefer=prefer))
    solution = planning.solve(case, stop=Watch())
    assert verify.verify_solution(case, solution).errors == ()
    return solution


def names(solution: Solution) -> set[str]:
    return {step.course for step in solution.steps}


def test_of_two_plans_of_the_same_effort_the_preferred_one_is_taken() -> None:
    solution = solve(problem(*TWO_WAYS, goal={"x": 1}), LAB)
    assert (names(solution), solution.cost, solution.surcharge) == ({"lab"}, 10, None)
    assert (solution.points, solution.least_points) == (200, 200)


def test_a_preference_that_only_breaks_ties_never_costs_an_hour() -> None:
    solution = solve(problem(*TWO_WAYS, goal={"x": 1}), WANTED)
    assert (solution.cost, solution.true_cost, solution.points) == (10, 10, 1000)


def test_a_priced_preference_may_cost_hours_and_says_how_much_of_the_cost_it_is() -> None:
    solution = solve(problem(*TWO_WAYS, goal={"x": 1}), replace(WANTED, price=1))
    # 12 hours at a merit of 45: 660 points, so 6 units; the shorter ones would cost 10 + 10.
    assert (names(solution), solution.cost, solution.surcharge) == ({"with-mlops"}, 18, 6)
    assert solution.true_cost == 12
    assert solution.points is None


def test_without_a_preference_nothing_is_said_of_points() -> None:
    solution = solve(problem(*TWO_WAYS, goal={"x": 1}), Preferences())
    assert (solution.surcharge, solution.points, solution.least_points) == (None, None, None)


def test_a_false_claim_about_points_or_surcharge_is_refused() -> None:
    case = problem(*TWO_WAYS, goal={"x": 1}, objective=Objective(prefer=LAB))
    solution = planning.solve(case, stop=Watch())
    claims = (
        replace(solution, points=100),
        replace(solution, surcharge=1),
        replace(solution, least_points=300),
    )
    assert not any(verify.verify_solution(case, claim).valid for claim in claims)


@pytest.mark.parametrize(
    "prefer",
    [
        Preferences(hands_on=-1),
        Preferences(price=-1, hands_on=1),
        Preferences(merits=(Merit(name="d", weight=-1, skills={}),)),
        Preferences(merits=(Merit(name="d", weight=1, skills={"x": 101}),)),
        Preferences(merits=(Merit(name="d", weight=2**50, skills={}),)),
    ],
)
def test_impossible_weights_are_refused(prefer: Preferences) -> None:
    case = problem(*TWO_WAYS, goal={"x": 1}, objective=Objective(prefer=prefer))
    with pytest.raises(MalformedInputError):
        planning.solve(case, stop=Watch())


@settings(max_examples=100, deadline=None)
@given(small_problems(), preferences())
def test_points_by_arrays_are_those_of_each_course(case: Problem, prefer: Preferences) -> None:
    found = offer.points(offer.of(case.catalogue), prefer)
    for place, name in enumerate(offer.ids(case.catalogue)):
        assert found[place] == prefer.points(case.catalogue.by_id[name])


def best_by_enumeration(case: Problem) -> tuple[int, int] | None:
    """The least cost, and the fewest points at it, over every set of courses and waivers."""
    limits = case.constraints
    allowed = [
        one
        for one in case.catalogue.courses
        if limits.allows(one)
        and one.id not in case.profile.taken
        and (not limits.min_hands_on or one.id in leading(case))
    ]
    waivable = sorted(limits.waivers.keys() & case.role.requires.keys())
    return min(
        (
            (
                sum(limits.waivers[skill] for skill in waived) + sum(map(case.objective.cost, chosen)),
                sum(map(case.objective.prefer.points, chosen)),
            )
            for many in range(len(waivable) + 1)
            for waived in combinations(waivable, many)
            for size in range(len(allowed) + 1)
            for chosen in combinations(allowed, size)
            if within_limits(case, chosen) and takeable(case, chosen, waived=frozenset(waived))
        ),
        default=None,
    )


@settings(max_examples=150, deadline=None)
@given(small_problems(), preferences(), st.integers(0, 1))
def test_the_least_cost_and_then_the_fewest_points_by_enumeration(
    case: Problem, prefer: Preferences, hour: int
) -> None:
    objective = Objective(hour=hour, price=case.objective.price, prefer=replace(prefer, price=0))
    case = replace(case, objective=objective)
    solution = planning.solve(case, stop=Watch())
    best = best_by_enumeration(case)
    if best is None:
        assert solution.status is Status.INFEASIBLE
        return
    assert verify.verify_solution(case, solution).errors == ()
    assert solution.cost == best[0]
    if objective.prefer.break_ties:
        assert (solution.points, solution.least_points) == (best[1], best[1])
