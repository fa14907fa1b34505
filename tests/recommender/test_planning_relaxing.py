"""Why there is no plan: the smallest changes after which there is one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from recommender import verify
from recommender.domain import Problem, Status
from recommender.planning import levers, relaxing, what_if
from recommender.planning.levers import Change, Kind
from tests.recommender.planning_cases import Watch, cheapest_by_enumeration, course, problem
from tests.recommender.test_planning import small_problems

SHORT = course("short", {"x": 2}, hours=10, price=90)
LONG = course("long", {"x": 3}, hours=40)
QUICK = course("quick", {"x": 3}, hours=30, price=200)


def changes(case: Problem) -> list[tuple[Change, ...]]:
    return [one.changes for one in relaxing.relaxations(case, stop=Watch()).found]


def single(kind: Kind, subject: str = "", before: int | None = None, after: int | None = None):
    return (Change(kind=kind, subject=subject, before=before, after=after),)


def test_a_problem_that_has_a_plan_needs_no_change():
    answer = relaxing.relaxations(problem(SHORT, goal={"x": 1}), stop=Watch())
    assert (answer.found, answer.complete) == ((), True)


def test_a_deadline_is_moved_or_money_spent_or_a_level_given_up():
    case = problem(SHORT, LONG, QUICK, goal={"x": 3}, max_hours=30, max_price=100)
    answer = relaxing.relaxations(case, stop=Watch())
    assert [one.changes for one in answer.found] == [
        single(Kind.HOURS, before=30, after=40),
        single(Kind.PRICE, before=100, after=200),
        single(Kind.REQUIREMENT, "x", before=3, after=2),
    ]
    assert [one.solution.cost for one in answer.found] == [40, 30, 10]
    assert all(one.is_smallest for one in answer.found)
    assert answer.complete


def test_more_hours_are_told_in_weeks():
    assert Change(kind=Kind.HOURS, before=30, after=41).weeks(hours_per_week=5) == 3


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        ({"exclude": frozenset({"long"})}, single(Kind.COURSE, "long")),
        ({"languages": frozenset({"fr"})}, single(Kind.LANGUAGE, "en")),
        ({"formats": frozenset()}, single(Kind.FORMAT, "book")),
        ({"providers": frozenset({"us"})}, single(Kind.PROVIDER, "them")),
        ({"min_hands_on": 80}, single(Kind.HANDS_ON, before=80, after=60)),
    ],
)
def test_a_wish_is_given_up(constraints, expected):
    wanted = course("long", {"x": 3}, hours=40, hands_on=24, language="en", format="book", provider="them")
    case = problem(wanted, course("other", {"z": 1}, language="de"), goal={"x": 3}, **constraints)
    assert expected in changes(case)
    assert not [one for one in changes(case) if one[0].subject in ("de", "other")]


@pytest.mark.parametrize(
    ("constraints", "subject"),
    [
        ({"include": frozenset({"stuck"})}, "stuck"),
        ({"one_of": (frozenset({"stuck", "lost"}),)}, "lost|stuck"),
    ],
)
def test_a_course_insisted_on_is_given_up_alone_or_as_a_choice(constraints, subject):
    stuck = course("stuck", {"y": 1}, requires={"magic": 1})
    lost = course("lost", {"y": 1}, requires={"magic": 2})
    case = problem(LONG, stuck, lost, goal={"x": 3}, **constraints)
    assert changes(case) == [single(Kind.INSISTED, subject)]


def test_a_level_that_nobody_teaches_is_lowered_to_the_highest_that_is():
    case = problem(LONG, goal={"x": 5})
    assert changes(case) == [single(Kind.REQUIREMENT, "x", before=5, after=3)]


def test_where_no_single_change_helps_two_do():
    case = problem(course("a", {"x": 1}, hours=20, price=50), goal={"x": 1, "magic": 1}, max_hours=5)
    assert changes(case) == [
        (
            Change(kind=Kind.HOURS, before=5, after=20),
            Change(kind=Kind.REQUIREMENT, subject="magic", before=1, after=0),
        ),
        (
            Change(kind=Kind.REQUIREMENT, subject="magic", before=1, after=0),
            Change(kind=Kind.REQUIREMENT, subject="x", before=1, after=0),
        ),
    ]


def test_two_limits_are_traded_against_each_other_both_ways():
    dear = course("dear", {"x": 1, "y": 1}, hours=10, price=90)
    slow = course("slow", {"x": 1, "y": 1}, hours=50, price=20)
    case = problem(dear, slow, goal={"x": 1, "y": 1}, max_hours=5, max_price=5)
    both = [one for one in changes(case) if {change.kind for change in one} == {Kind.HOURS, Kind.PRICE}]
    assert [[change.after for change in one] for one in both] == [[10, 90], [50, 20]]


def test_three_missing_skills_are_one_set_of_changes_of_which_none_can_be_left_out():
    case = problem(LONG, goal={"x": 3, "a": 1, "b": 2, "c": 3}, max_hours=50)
    (only,) = changes(case)
    assert [change.subject for change in only] == ["a", "b", "c"]


def test_without_time_nothing_is_claimed_to_be_complete():
    case = problem(LONG, goal={"x": 3}, max_hours=5)
    answer = relaxing.relaxations(case, stop=Watch(0.0))
    assert not answer.complete


def one_unit_less(case: Problem, change: Change) -> Problem | None:
    """`case` with the change as it is but for one unit; None when there is nothing between."""
    lever = next(
        one for one in levers.levers(case) if (one.kind, one.subject) == (change.kind, change.subject)
    )
    if lever.objective is None and change.kind not in (Kind.HANDS_ON, Kind.REQUIREMENT):
        return case
    assert change.after is not None
    less = change.after + (-1 if change.kind in (Kind.HOURS, Kind.PRICE) else 1)
    return lever.applied(case, less)


@settings(max_examples=80, deadline=None)
@given(small_problems())
def test_a_changed_problem_has_the_plan_and_one_unit_less_has_none(case: Problem):
    if cheapest_by_enumeration(case) is not None:
        return
    answer = relaxing.relaxations(case, stop=Watch())
    assert answer.complete
    for one in answer.found:
        assert one.is_smallest
        assert one.solution.status is Status.OPTIMAL
        assert verify.verify_solution(one.problem, one.solution).errors == ()
        if len(one.changes) == 1:
            less = one_unit_less(case, one.changes[0])
            assert less is not None
            assert cheapest_by_enumeration(less) is None


def test_a_lever_that_is_lifted_leaves_the_rest_as_it_is():
    case = problem(LONG, goal={"x": 3}, max_hours=5, include=frozenset({"long"}))
    for lever in levers.levers(case):
        loosened = lever.loosened(case)
        assert loosened != case
        assert replace(loosened, role=case.role, constraints=case.constraints) == case
    assert what_if.constrained(case, max_hours=5) == case
