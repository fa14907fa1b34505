"""Reasons of each step, quick ones and those that take a search, and marginal prices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from recommender import explain, planning
from recommender.domain import Landmark, Problem, Solution, Status, Step
from recommender.planning import counterfactuals, what_if
from recommender.planning.counterfactuals import Difference
from tests.recommender.planning_cases import Watch, cheapest_by_enumeration, course, problem
from tests.recommender.test_planning import small_problems

LADDER = problem(
    course("basics", {"python": 2}, hours=20),
    course("ml", {"ml": 3}, requires={"python": 2}, hours=30),
    course("slow", {"ml": 3}, requires={"python": 1}, hours=45),
    course("book", {"ml": 3, "python": 1}, hours=70),
    goal={"ml": 3},
)


def solve(case: Problem) -> Solution:
    return planning.solve(case, stop=Watch())


def test_a_step_can_open_a_later_one_through_an_alternative():
    case = problem(
        course("r", {"r": 1}),
        course("stats", {"stats": 1}, one_of=(({"python": 1}, {"r": 1}),)),
        goal={"stats": 1},
    )
    first, _second = explain.explain(case, ["r", "stats"])
    assert first.opens == (explain.Opening(course="stats", skills=("r",)),)
    met = problem(*case.catalogue.courses, goal={"stats": 1}, have={"python": 1})
    assert explain.explain(met, ["r", "stats"])[0].opens == ()


def test_what_is_not_allowed_or_taken_already_is_no_alternative():
    courses = [course(name, {"x": 1}, language=language) for name, language in [("a", "en"), ("b", "zh")]]
    case = problem(*courses, goal={"x": 1}, languages=frozenset({"en"}))
    (step,) = explain.explain(case, ["a"])
    assert (step.alternatives, step.on_every_route) == ((), True)
    case = problem(*courses, goal={"x": 1}, taken=frozenset({"b"}))
    assert explain.explain(case, ["a"])[0].alternatives == ()


def test_a_waiver_is_a_route_and_a_course_insisted_on_is_on_every_one():
    case = problem(course("a", {"x": 1}), goal={"x": 1}, waivers={"x": 99})
    assert not explain.explain(case, ["a"])[0].on_every_route
    case = problem(course("a", {"x": 1}), goal={}, include=frozenset({"a"}))
    assert explain.explain(case, ["a"])[0].on_every_route


@settings(max_examples=60, deadline=None)
@given(small_problems())
def test_no_plan_does_without_what_is_on_every_route_and_steps_are_told_alike(case: Problem):
    solution = solve(case)
    if solution.cost is None:
        return
    names = what_if.courses(solution)
    for told, step in zip(explain.steps(case, names), solution.steps, strict=True):
        assert (told.course, told.closes) == (step.course, step.closes)
        # A choice that is met already opens nothing.
        assert set(told.opens) <= set(step.opens)
    for reasons in explain.explain(case, names):
        without = what_if.constrained(case, exclude=case.constraints.exclude | {reasons.course})
        if reasons.on_every_route:
            assert solve(without).cost is None


def test_the_narrowest_landmark_a_step_answers_comes_first():
    wide = Landmark(courses=("a", "b", "c"), share=1)
    narrow = Landmark(courses=("a", "b"), share=2)
    solution = Solution(
        status=Status.OPTIMAL,
        steps=(Step(course="a"), Step(course="z")),
        certificate=((wide, narrow), (Landmark(courses=("a",), share=3),)),
    )
    assert explain.needed_sets(solution) == {"a": (narrow, wide), "z": ()}
    assert explain.needed_sets(Solution(status=Status.OPTIMAL)) == {}


def test_a_step_names_its_strongest_rival_and_by_how_much_that_loses():
    basics, ml = counterfactuals.worth_of_steps(LADDER, solve(LADDER), stop=Watch())
    assert (ml.status, ml.courses, ml.cost) == (Status.OPTIMAL, ("basics", "slow"), 65)
    assert (ml.rival, ml.instead, ml.loses) == ("slow", ("slow",), Difference(least=15, most=15))
    assert (basics.rival, basics.courses, basics.cost) == ("book", ("book",), 70)
    assert basics.loses is not None
    assert basics.loses.is_exact


def test_a_step_that_cannot_be_done_without_loses_nothing_to_anybody():
    case = problem(course("only", {"x": 1}), goal={"x": 1})
    (worth,) = counterfactuals.worth_of_steps(case, solve(case), stop=Watch())
    assert (worth.status, worth.loses, worth.rival) == (Status.INFEASIBLE, None, None)


def test_a_level_of_a_requirement_has_its_price():
    case = problem(
        course("a1", {"a": 1}, hours=4),
        course("a2", {"a": 2}, requires={"a": 1}, hours=9),
        course("b", {"b": 1, "a": 1}, hours=5),
        goal={"a": 2, "b": 1, "c": 1},
        have={"c": 1},
    )
    prices = counterfactuals.prices_of_skills(case, solve(case), stop=Watch())
    assert [(one.skill, one.level, one.saves.least, one.saves.most) for one in prices] == [
        ("a", 2, 9, 9),
        ("b", 1, 1, 1),
    ]
    assert counterfactuals.prices_of_skills(case, Solution(status=Status.UNKNOWN), stop=Watch()) == ()


@settings(max_examples=40, deadline=None)
@given(small_problems())
def test_what_a_step_loses_lies_between_its_bounds(case: Problem):
    solution = solve(case)
    if solution.cost is None:
        return
    for worth in counterfactuals.worth_of_steps(case, solution, stop=Watch()):
        without = what_if.constrained(case, exclude=case.constraints.exclude | {worth.course})
        best = cheapest_by_enumeration(without)
        assert (best is None) == (worth.status is Status.INFEASIBLE)
        if best is not None:
            assert worth.loses == Difference(least=best - solution.cost, most=best - solution.cost)


@pytest.mark.parametrize(("turns", "expected"), [(1, 12.0), (3, 4.0)])
def test_a_turn_is_a_part_of_the_time_that_is_left(turns, expected):
    watch = Watch(12.0)
    turn = what_if.Turn(watch, turns=turns)
    assert turn.remaining() == pytest.approx(expected)
    watch.seconds = 9.0
    assert turn.remaining() == pytest.approx(expected - 3.0)
    assert what_if.Turn(Watch(-1.0), turns=2).remaining() == -1.0
