"""The planner against answers known by construction and against plain enumeration."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import planning, verify
from recommender.domain import Merit, Objective, Preferences, Problem, Solution, Status
from recommender.errors import MalformedInputError
from tests.recommender.planning_cases import Watch, cheapest_by_enumeration, course, problem


def solve(case: Problem) -> Solution:
    return planning.solve(case, stop=Watch())


def courses_of(solution: Solution) -> list[str]:
    return [step.course for step in solution.steps]


def test_a_learner_who_is_ready_gets_an_empty_proven_plan():
    solution = solve(problem(course("a", {"sql": 3}), goal={"sql": 2}, have={"sql": 2}))
    assert (solution.status, solution.cost, solution.bound, solution.steps) == (Status.OPTIMAL, 0, 0, ())
    assert solution.gap == 0


def test_the_cheaper_of_two_routes_is_taken_in_a_valid_order():
    case = problem(
        course("basics", {"python": 2}, hours=20),
        course("ml", {"ml": 3}, requires={"python": 2}, hours=30),
        course("bootcamp", {"ml": 3, "python": 2}, hours=60),
        goal={"ml": 3},
    )
    solution = solve(case)
    assert (solution.status, solution.cost) == (Status.OPTIMAL, 50)
    assert courses_of(solution) == ["basics", "ml"]
    assert solution.steps[0].opens == ("ml",)
    assert solution.steps[1].closes == (("ml", 3),)


def test_a_level_that_no_course_teaches_is_named_as_unreachable():
    case = problem(course("a", {"sql": 3}), goal={"sql": 4, "python": 1})
    solution = solve(case)
    assert solution.status is Status.INFEASIBLE
    assert solution.unreachable == ("python", "sql")
    assert (solution.cost, solution.bound, solution.gap, solution.steps) == (None, None, None, ())


def test_two_courses_that_need_each_other_are_no_plan():
    case = problem(
        course("a", {"x": 1}, requires={"y": 1}, hours=1),
        course("b", {"y": 1}, requires={"x": 1}, hours=1),
        course("door", {"x": 1}, hours=50),
        goal={"x": 1, "y": 1},
    )
    solution = solve(case)
    assert (solution.status, solution.cost) == (Status.OPTIMAL, 51)
    assert courses_of(solution) == ["door", "b"]


def test_a_price_limit_that_leaves_no_plan_names_no_skill():
    case = problem(course("a", {"x": 1}, price=100), goal={"x": 1}, max_price=99)
    solution = solve(case)
    assert (solution.status, solution.unreachable) == (Status.INFEASIBLE, ())


def test_a_limit_moves_the_plan_to_the_course_that_fits():
    short_and_paid = course("paid", {"x": 1}, hours=5, price=100)
    long_and_free = course("free", {"x": 1}, hours=50)
    assert courses_of(solve(problem(short_and_paid, long_and_free, goal={"x": 1}))) == ["paid"]
    limited = problem(short_and_paid, long_and_free, goal={"x": 1}, max_price=50)
    assert courses_of(solve(limited)) == ["free"]


def test_a_course_that_must_be_taken_brings_its_prerequisites():
    case = problem(
        course("wanted", {"z": 1}, requires={"y": 1}, hours=3),
        course("y", {"y": 1}, hours=4),
        course("x", {"x": 1}, hours=5),
        goal={"x": 1},
        include=frozenset({"wanted"}),
    )
    solution = solve(case)
    assert set(courses_of(solution)) == {"wanted", "y", "x"}
    assert verify.verify(case, courses_of(solution), cost=12).valid


def test_an_included_course_that_teaches_nothing_new_is_still_taken():
    case = problem(course("old", {"x": 1}), goal={"x": 1}, have={"x": 1}, include=frozenset({"old"}))
    assert courses_of(solve(case)) == ["old"]


def test_an_excluded_course_is_never_taken():
    case = problem(
        course("a", {"x": 1}, hours=1),
        course("b", {"x": 1}, hours=9),
        goal={"x": 1},
        exclude=frozenset({"a"}),
    )
    assert courses_of(solve(case)) == ["b"]


@pytest.mark.parametrize(
    "constraints", [{"include": frozenset({"ghost"})}, {"exclude": frozenset({"ghost"})}]
)
def test_an_unknown_course_in_a_constraint_is_refused(constraints: dict[str, Any]):
    case = problem(course("a", {"x": 1}), goal={"x": 1}, **constraints)
    with pytest.raises(MalformedInputError, match="ghost"):
        solve(case)


def test_free_courses_cost_nothing_and_are_proven_at_once():
    case = problem(course("a", {"x": 1}), goal={"x": 1}, objective=Objective(hour=0, price=1))
    solution = solve(case)
    assert (solution.status, solution.cost, solution.gap) == (Status.OPTIMAL, 0, 0)


def test_no_time_still_gives_an_answer_and_never_an_error():
    case = problem(course("a", {"x": 1}), course("b", {"y": 2}, requires={"x": 1}), goal={"y": 2})
    solution = planning.solve(case, stop=Watch(0.0))
    assert solution.status in (Status.FEASIBLE, Status.OPTIMAL, Status.UNKNOWN)
    if solution.cost is not None:
        assert solution.bound is not None
        assert solution.bound <= solution.cost


def test_the_same_problem_gives_the_same_plan():
    case = problem(*(course(f"c{n}", {"x": 1}, hours=7) for n in range(6)), goal={"x": 1})
    assert courses_of(solve(case)) == courses_of(solve(case))


LEVELS = st.integers(1, 3)
SKILLS = st.sampled_from("abcd")


@st.composite
def small_problems(draw: st.DrawFn) -> Problem:
    """Everything a problem can ask for, now and then."""
    rarely = st.integers(0, 3).map(lambda number: number == 0)
    count = draw(st.integers(1, 7))
    courses = [
        course(
            f"c{number}",
            draw(st.dictionaries(SKILLS, LEVELS, min_size=1, max_size=3)),
            requires=draw(st.dictionaries(SKILLS, LEVELS, max_size=2)),
            hours=(hours := draw(st.integers(0, 9))),
            price=draw(st.integers(0, 9)),
            one_of=draw(choices()) if draw(rarely) else (),
            hands_on=draw(st.integers(0, hours)),
            language=draw(st.sampled_from(["en", "zh"])),
            format=draw(st.sampled_from(["online", "onsite"])),
            provider=draw(st.sampled_from(["north", "south"])),
        )
        for number in range(count)
    ]
    names = st.sampled_from([one.id for one in courses])
    include = draw(st.frozensets(names, max_size=1))
    return problem(
        *courses,
        goal=draw(st.dictionaries(SKILLS, LEVELS, min_size=1, max_size=3)),
        have=draw(st.dictionaries(SKILLS, LEVELS, max_size=2)),
        taken=draw(st.frozensets(names, max_size=1)) if draw(rarely) else frozenset(),
        objective=Objective(
            hour=draw(st.integers(0, 3)),
            price=draw(st.integers(0, 2)),
            theory=draw(st.integers(0, 1)),
            extra=draw(st.dictionaries(names, st.integers(0, 5), max_size=1)),
            prefer=draw(preferences()) if draw(rarely) else Preferences(),
        ),
        max_price=draw(st.none() | st.integers(0, 25)),
        max_hours=draw(st.none() | st.integers(0, 25)),
        include=include,
        exclude=draw(st.frozensets(names, max_size=2)) - include,
        one_of=draw(st.lists(st.frozensets(names, min_size=1, max_size=2), max_size=1).map(tuple)),
        languages=draw(st.none() | st.just(frozenset({"en"}))) if draw(rarely) else None,
        formats=frozenset({"online"}) if draw(rarely) and draw(rarely) else None,
        providers=frozenset({"north"}) if draw(rarely) and draw(rarely) else None,
        waivers=draw(st.dictionaries(SKILLS, st.integers(0, 15), max_size=2)) if draw(rarely) else {},
        min_hands_on=draw(st.integers(0, 100)) if draw(rarely) else 0,
    )


def preferences() -> st.SearchStrategy[Preferences]:
    """Preferences that break ties, or at a price."""
    merit = st.builds(
        Merit,
        name=st.just("demand"),
        weight=st.integers(0, 2),
        skills=st.dictionaries(SKILLS, st.integers(0, 100)),
    )
    return st.builds(
        Preferences,
        hands_on=st.integers(0, 2),
        merits=st.lists(merit, max_size=2).map(tuple),
        price=st.integers(0, 2),
    )


def choices() -> st.SearchStrategy[tuple[tuple[dict[str, int], ...], ...]]:
    """One either/or prerequisite with two alternatives."""
    alternative = st.dictionaries(SKILLS, LEVELS, min_size=1, max_size=2)
    return st.tuples(st.tuples(alternative, alternative))


@settings(max_examples=250, deadline=None)
@given(small_problems())
def test_every_answer_equals_plain_enumeration(case: Problem):
    expected = cheapest_by_enumeration(case)
    solution = solve(case)
    if expected is None:
        assert solution.status is Status.INFEASIBLE
        if solution.unreachable:
            assert verify.verify_unreachable(case, solution.unreachable).valid
        return
    assert (solution.status, solution.cost, solution.bound) == (Status.OPTIMAL, expected, expected)
    assert verify.verify_solution(case, solution).errors == ()


def test_practice_that_a_share_of_it_asks_for_may_come_from_a_course_the_plan_could_do_without():
    case = problem(
        course("talk", {"x": 1}, hours=10),
        course("labs", {"x": 1}, hours=20, hands_on=20),
        course("must", {"x": 1}, hours=20),
        goal={"x": 1},
        include=frozenset({"must"}),
        min_hands_on=50,
    )
    assert set(courses_of(solve(case))) == {"must", "labs"}


def test_practice_beside_the_way_needs_its_prerequisites_all_the_same():
    """A circle: the labs give what they ask for, so a model without an order takes them out of nothing."""
    case = problem(
        course("labs", {"b": 1}, hours=1, hands_on=1, one_of=(({"a": 1, "b": 1}, {"a": 1, "b": 1}),)),
        course("talk", {"a": 1}, hours=1),
        course("again", {"a": 1}, hours=0, requires={"a": 1}),
        course("detour", {"a": 1}, hours=0, requires={"b": 1}),
        course("seminar", {"b": 1}, hours=0, one_of=(({"a": 1}, {"a": 1}),)),
        goal={"a": 1},
        objective=Objective(hour=0, price=0),
        min_hands_on=1,
    )
    solution = solve(case)
    assert (solution.status, solution.cost) == (Status.OPTIMAL, 0)
    assert courses_of(solution) == ["talk", "seminar", "labs"]


@settings(max_examples=60, deadline=None)
@given(small_problems())
def test_a_first_plan_is_a_plan_and_its_bound_is_sound(case: Problem):
    solution = planning.first_plan(case, stop=Watch())
    if solution.cost is None:
        return
    assert verify.verify_solution(case, solution).errors == ()
    best = cheapest_by_enumeration(case)
    assert best is not None
    assert solution.bound is not None
    assert solution.bound <= best <= solution.cost
