"""A plan in progress is planned again: as cheap as can be, then as little changed as can be."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import verify
from recommender.domain import Objective, Problem, Status
from recommender.planning import replanning, what_if
from tests.recommender.planning_cases import (
    Watch,
    cheapest_by_enumeration,
    course,
    leading,
    problem,
    takeable,
    within_limits,
)
from tests.recommender.test_planning import small_problems


def names(plan: replanning.Replan) -> list[str]:
    return [step.course for step in plan.solution.steps]


def test_of_equally_good_courses_those_on_the_schedule_stay():
    case = problem(
        *(course(name, {"x": 1}, hours=10) for name in ("a", "b", "c")),
        *(course(name, {"y": 1}, hours=10) for name in ("d", "e")),
        goal={"x": 1, "y": 1},
    )
    plan = replanning.replan(case, ["e", "b"], stop=Watch())
    assert (plan.kept, plan.added, plan.dropped, plan.moved) == (("e", "b"), (), (), ())
    assert (plan.solution.status, plan.solution.cost, plan.is_least) == (Status.OPTIMAL, 20, True)


def test_a_cheaper_plan_is_taken_whatever_it_changes():
    case = problem(course("old", {"x": 1}, hours=11), course("new", {"x": 1}, hours=10), goal={"x": 1})
    plan = replanning.replan(case, ["old"], stop=Watch())
    assert (plan.kept, plan.added, plan.dropped) == ((), ("new",), ("old",))


def test_what_is_finished_withdrawn_or_excluded_is_no_longer_scheduled():
    case = problem(
        course("done", {"x": 1}),
        course("unwanted", {"y": 1}, hours=1),
        course("b", {"y": 1}),
        goal={"x": 1, "y": 1},
        have={"x": 1},
        taken=frozenset({"done"}),
        exclude=frozenset({"unwanted"}),
    )
    plan = replanning.replan(case, ["done", "unwanted", "gone"], stop=Watch())
    assert (plan.kept, plan.added, plan.dropped) == ((), ("b",), ("unwanted", "gone"))


def test_courses_stay_in_their_order_and_a_new_one_comes_in_just_before_it_is_needed():
    case = problem(
        course("x", {"x": 5}, hours=3),
        course("y", {"y": 1}, requires={"door": 1}),
        course("door", {"door": 1}),
        course("z", {"z": 1}),
        goal={"x": 5, "y": 1, "z": 1},
    )
    plan = replanning.replan(case, ["x", "y", "z"], stop=Watch())
    assert names(plan) == ["x", "door", "y", "z"]
    assert (plan.added, plan.moved) == (("door",), ())


def test_a_course_that_must_now_come_later_is_moved():
    case = problem(course("late", {"x": 1}, requires={"y": 1}), course("y", {"y": 1}), goal={"x": 1, "y": 1})
    plan = replanning.replan(case, ["late", "y"], stop=Watch())
    assert names(plan) == ["y", "late"]
    assert len(plan.moved) == 1


def test_an_impossible_problem_drops_everything():
    plan = replanning.replan(problem(course("a", {"x": 1}), goal={"x": 2}), ["a"], stop=Watch())
    assert (plan.solution.status, plan.solution.unreachable) == (Status.INFEASIBLE, ("x",))
    assert (plan.kept, plan.dropped) == ((), ("a",))


def test_money_and_practice_break_ties_where_an_hour_is_free():
    courses = [course(name, {"x": 1}, hours=5, price=7) for name in ("a", "b")]
    for objective in (Objective(hour=0, price=3), Objective(hour=0, price=0, theory=1)):
        plan = replanning.replan(problem(*courses, goal={"x": 1}, objective=objective), ["b"], stop=Watch())
        assert (plan.kept, plan.is_least) == (("b",), True)


def most_kept(case: Problem, cost: int, old: list[str]) -> int:
    """How many of `old` a plan of this cost can keep, by looking at every one."""
    allowed = [one for one in case.catalogue.courses if case.constraints.allows(one)]
    if case.constraints.min_hands_on:
        allowed = [one for one in allowed if one.id in leading(case)]
    return max(
        sum(one.id in old for one in some)
        for size in range(len(allowed) + 1)
        for some in combinations(allowed, size)
        if sum(case.objective.cost(one) for one in some) == cost
        and not case.profile.taken.intersection(one.id for one in some)
        and within_limits(case, some)
        and takeable(case, some, waived=frozenset())
    )


@settings(max_examples=120, deadline=None)
@given(small_problems(), st.permutations([f"c{number}" for number in range(7)]), st.integers(0, 5))
def test_it_never_costs_more_than_the_optimum_nor_keeps_fewer_steps(case: Problem, order, size):
    dear = Objective(hour=case.objective.hour, price=case.objective.price + 1, extra=case.objective.extra)
    strict = what_if.constrained(replace(case, objective=dear), waivers={})
    old = order[:size]
    best = cheapest_by_enumeration(strict)
    plan = replanning.replan(strict, old, stop=Watch())
    assert plan.solution.cost == best
    assert {*plan.kept, *plan.dropped} == {name for name in old if name not in strict.profile.taken}
    assert sorted([*plan.kept, *plan.added]) == sorted(names(plan))
    assert verify.verify_solution(strict, plan.solution).errors == ()
    if best is not None and plan.is_least:
        assert len(plan.kept) == most_kept(strict, best, old)
