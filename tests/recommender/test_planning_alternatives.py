"""Plans to choose from: the Pareto set, plans that differ, what fits into limits, and several goals."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import gaps, planning, verify
from recommender.domain import Problem, Profile, Role, Status
from recommender.errors import MalformedInputError
from recommender.planning import differing, goals, limits, pareto, what_if
from tests.recommender.planning_cases import Watch, course, leading, problem, takeable, within_limits
from tests.recommender.test_planning import small_problems

ROUTES = problem(
    course("quick", {"x": 1}, hours=5, price=90),
    course("free", {"x": 1}, hours=20),
    course("lab", {"x": 1}, hours=25, price=30, hands_on=25),
    course("poor", {"x": 1}, hours=30, price=95),
    goal={"x": 1},
)


def all_plans(case: Problem) -> list[tuple[str, ...]]:
    """Every set of courses that is a plan, by looking at all of them."""
    allowed = [one for one in case.catalogue.courses if case.constraints.allows(one)]
    allowed = [one for one in allowed if one.id not in case.profile.taken]
    if case.constraints.min_hands_on:
        allowed = [one for one in allowed if one.id in leading(case)]
    sets = (some for size in range(len(allowed) + 1) for some in combinations(allowed, size))
    return [
        tuple(one.id for one in some)
        for some in sets
        if within_limits(case, some) and takeable(case, some, waived=frozenset())
    ]


def test_each_good_trade_is_a_point_and_the_poor_one_is_none():
    front = pareto.pareto(ROUTES, stop=Watch())
    assert [(one.courses, one.hours, one.price, one.hands_on) for one in front.points] == [
        (("quick",), 5, 90, 0),
        (("free",), 20, 0, 0),
        (("lab",), 25, 30, 100),
    ]
    assert front.complete
    assert all(one.is_proven for one in front.points)


def test_too_many_points_or_no_time_are_said_to_be_incomplete():
    front = pareto.pareto(ROUTES, stop=Watch(), most=1)
    assert (len(front.points), front.complete) == (1, False)
    assert not pareto.pareto(ROUTES, stop=Watch(0.0)).complete


def test_a_problem_without_a_plan_has_an_empty_front():
    front = pareto.pareto(problem(goal={"x": 1}), stop=Watch())
    assert (front.points, front.complete) == ((), True)


@settings(max_examples=80, deadline=None)
@given(small_problems())
def test_points_are_plans_none_beats_another_and_no_plan_beats_a_point(case: Problem):
    strict = what_if.constrained(case, waivers={})
    front = pareto.pareto(strict, stop=Watch())
    assert front.complete
    assert {one.goods for one in front.points} == best_goods(strict)
    for one in front.points:
        assert verify.verify(strict, one.courses, cost=one.cost).valid
        assert one.goods == goods(strict, one.courses)


@settings(max_examples=60, deadline=None)
@given(small_problems(), st.integers(1, 60))
def test_points_left_out_are_close_to_one_that_is_there(case: Problem, within: int):
    strict = what_if.constrained(case, waivers={})
    front = pareto.pareto(strict, stop=Watch(), within=within)
    assert front.complete
    assert {one.goods for one in front.points} <= best_goods(strict)
    if not front.points:
        return
    # The first answer, at the fewest hours, gives the steps; of equals, any of them.
    fewest = min(best_goods(strict))
    price = max(one[1] for one in map(partial(goods, strict), all_plans(strict)) if one[0] == fewest[0])
    steps = max(1, within * price // 100), max(1, within * fewest[0] // 100)
    for hours, price, theory in best_goods(strict):
        assert any(
            one.hours <= hours and one.price < price + steps[0] and one.theory < theory + steps[1]
            for one in front.points
        )


def goods(case: Problem, names: tuple[str, ...]) -> tuple[int, int, int]:
    figures = what_if.figures(case, names)
    return figures.hours, figures.price, figures.hours - figures.practice


def best_goods(case: Problem) -> set[tuple[int, int, int]]:
    """Hours, price and hours of theory of the plans that no other beats, by enumeration."""
    found = {goods(case, names) for names in all_plans(case)}
    return {
        one
        for one in found
        if not any(
            other != one and all(its <= mine for its, mine in zip(other, one, strict=True)) for other in found
        )
    }


def test_the_next_plan_leaves_out_what_was_asked_and_is_the_cheapest_to_do_so():
    case = problem(
        course("door", {"d": 1}, hours=10),
        course("a", {"x": 1}, requires={"d": 1}, hours=10),
        course("b", {"x": 1}, requires={"d": 1}, hours=12),
        course("all-in-one", {"x": 1}, hours=50),
        goal={"x": 1},
    )
    half = differing.differing(case, count=3, share=50, stop=Watch())
    assert [(set(one.courses), one.cost, one.differs) for one in half.found] == [
        ({"door", "a"}, 20, 100),
        ({"door", "b"}, 22, 50),
        ({"all-in-one"}, 50, 100),
    ]
    wholly = differing.differing(case, count=3, share=51, stop=Watch())
    assert [set(one.courses) for one in wholly.found] == [{"door", "a"}, {"all-in-one"}]
    assert half.complete
    assert wholly.complete
    assert all(one.is_proven for one in (*half.found, *wholly.found))


def test_there_is_no_other_plan_where_all_lead_through_the_same_courses():
    only = differing.differing(problem(course("a", {"x": 1}), goal={"x": 1}), count=3, stop=Watch())
    assert (len(only.found), only.complete) == (1, True)
    nothing = differing.differing(problem(goal={}), count=3, stop=Watch())
    assert [one.courses for one in nothing.found] == [()]
    assert differing.differing(problem(goal={"x": 1}), count=3, stop=Watch()).found == ()


@settings(max_examples=50, deadline=None)
@given(small_problems(), st.integers(1, 100))
def test_the_second_plan_equals_the_cheapest_that_differs_by_enumeration(case: Problem, share: int):
    strict = what_if.constrained(case, waivers={}, min_hands_on=0)
    found = differing.differing(strict, count=2, share=share, stop=Watch()).found
    if not found or not found[0].courses:
        return
    first = set(found[0].courses)
    others = [
        what_if.cost(strict, names)
        for names in all_plans(strict)
        if 100 * len(first - set(names)) >= share * len(first)
    ]
    if not others:
        assert len(found) == 1
        return
    assert found[1].cost == min(others)
    assert found[1].is_proven
    assert found[1].differs >= share
    assert verify.verify(strict, found[1].courses, cost=found[1].cost).valid


def test_most_of_a_role_in_a_part_of_the_hours():
    role = Role(id="r", requires={"x": 4, "y": 1}, weights={"x": 2, "y": 2})
    case = replace(
        problem(
            course("x3", {"x": 3}, hours=10),
            course("x4", {"x": 4}, requires={"x": 3}, hours=30),
            course("y", {"y": 1}, hours=15),
            goal={},
            have={"x": 1},
            max_hours=30,
        ),
        role=role,
    )
    found = limits.within_limits(case, stop=Watch())
    assert (found.before, found.after, found.at_most) == (20, 80, 80)
    assert found.figures.hours == 25
    assert found.whole is not None
    assert found.whole.hours == 55
    assert [(one.skill, one.have, one.reached, one.need) for one in found.requirements] == [
        ("x", 1, 3, 4),
        ("y", 0, 1, 1),
    ]
    assert [(gap.skill, gap.have, gap.need) for gap in found.open] == [("x", 3, 4)]
    assert verify.verify_solution(found.problem, found.solution).valid


def test_what_must_be_taken_and_does_not_fit_leaves_everything_open():
    case = problem(course("a", {"x": 1}, hours=9), goal={"x": 1}, max_hours=5, include=frozenset({"a"}))
    found = limits.within_limits(case, stop=Watch())
    assert (found.solution.status, found.before, found.after, found.at_most) == (Status.INFEASIBLE, 0, 0, 0)
    assert len(found.open) == 1


@settings(max_examples=40, deadline=None)
@given(small_problems())
def test_coverage_within_limits_is_what_the_plan_leads_to(case: Problem):
    found = limits.within_limits(what_if.constrained(case, min_hands_on=0), stop=Watch())
    levels = {one.skill: one.reached for one in found.requirements}
    assert found.before <= found.after <= found.at_most
    assert found.after == gaps.coverage(case.role, Profile(levels=levels))
    if found.solution.cost is not None:
        assert verify.verify_solution(found.problem, found.solution).errors == ()


def test_two_goals_share_what_they_have_in_common():
    data, web = Role(id="data", requires={"x": 2, "y": 1}), Role(id="web", requires={"x": 1, "z": 1})
    both = goals.merged([data, web], name="both")
    assert both.role == Role(id="both", requires={"x": 2, "y": 1, "z": 1}, weights={"x": 2, "y": 1, "z": 1})
    assert both.shared == ("x",)
    assert [(one.role, one.level, one.decides) for one in both.asked["x"]] == [
        ("data", 2, True),
        ("web", 1, False),
    ]
    case = problem(
        course("x", {"x": 2}, hours=10), course("y", {"y": 1}), course("z", {"z": 1}), goal={"x": 1}
    )
    costs = [planning.solve(replace(case, role=role), stop=Watch()).cost for role in (data, web, both.role)]
    assert costs == [20, 20, 30]


@pytest.mark.parametrize("roles", [[], [Role(id="a", requires={}), Role(id="a", requires={"x": 1})]])
def test_no_roles_or_one_twice_are_refused(roles):
    with pytest.raises(MalformedInputError, match="roles"):
        goals.merged(roles)
