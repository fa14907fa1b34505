"""The ways out of wishes that leave no plan, as a page can offer them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from groundwork.frameworks.models import Role
from groundwork.plans import deadlines, planning, relaxing, snapshot
from groundwork.plans.relaxing import WaysOut
from groundwork.plans.snapshot import Wishes
from tests import builders

MONDAY = date(2026, 11, 23)

needs_rows = pytest.mark.django_db


@pytest.fixture
def role(db: None) -> Role:  # rows need the database
    """Three ways to the role: free and slow, dear and quick, in Chinese between the two."""
    builders.make_course("slow", hours=50, teaches={"cpp": 3})
    builders.make_course("quick", hours=20, price=900, teaches={"cpp": 3})
    builders.make_course("chinese", hours=30, teaches={"cpp": 3}, language="zh")
    builders.make_course("half", hours=8, teaches={"cpp": 2}, hands_on=True)
    return builders.make_role("engineer", requires={"cpp": 3})


def ways(role: Role, **wishes: object) -> WaysOut:
    problem = snapshot.take(levels={}, role=role, wishes=Wishes(**wishes))  # type: ignore[arg-type]
    return relaxing.ways_out(problem, seconds=60)


def told(found: WaysOut) -> list[list[tuple[str, str, int | None]]]:
    return [[(one.kind.value, one.subject, one.after) for one in way.changes] for way in found.found]


@needs_rows
def test_each_wish_is_a_way_out_and_the_goal_is_given_up_last(role):
    found = ways(role, languages=("en",), max_hours=10, max_price=900)
    assert found.complete
    assert told(found) == [[("hours", "", 20)], [("requirement", "cpp", 2)]]
    found = ways(role, languages=("en",), max_hours=45, max_price=0)
    assert told(found) == [
        [("price", "", 900)],
        [("language", "zh", None)],
        [("hours", "", 50)],
        [("requirement", "cpp", 2)],
    ]
    assert [(one.hours, one.price, one.courses) for one in found.found] == [
        (20, 900, 1),
        (30, 0, 1),
        (50, 0, 1),
        (8, 0, 1),
    ]


@needs_rows
def test_a_way_out_leads_to_a_plan(role):
    lowered = Wishes(languages=("en",), max_hours=10, lowered=(("cpp", 2),))
    planned = planning.compute(
        snapshot.take(levels={}, role=role, wishes=lowered), hours_per_week=5, starts_on=MONDAY
    )
    assert [step.course for step in planned.steps] == ["half"]
    nothing = snapshot.take(levels={}, role=role, wishes=Wishes(lowered=(("cpp", 0), ("unknown", 0))))
    assert nothing.role.requires == {}


@needs_rows
def test_a_requirement_is_only_ever_lowered(role):
    problem = snapshot.take(levels={}, role=role, wishes=Wishes(lowered=(("cpp", 5),)))
    assert problem.role.requires == {"cpp": 3}


@needs_rows
def test_a_course_is_insisted_on_unless_it_is_left_out_or_not_on_offer(role):
    wishes = Wishes(include=frozenset({"slow", "half", "gone"}), exclude=frozenset({"half"}))
    problem = snapshot.take(levels={}, role=role, wishes=wishes)
    assert problem.constraints.include == {"slow"}
    planned = planning.compute(problem, hours_per_week=5, starts_on=MONDAY)
    assert [step.course for step in planned.steps] == ["slow"]


@needs_rows
def test_what_was_found_in_a_hurry_is_looked_for_again(role):
    cache.clear()
    problem = snapshot.take(levels={}, role=role, wishes=Wishes(max_hours=1))
    hurried = relaxing.ways_out(problem, seconds=0)
    assert (hurried.found, hurried.complete) == ((), False)
    cache.clear()
    assert relaxing.ways_out(problem, seconds=60).complete
    assert relaxing.ways_out(problem, seconds=0).complete, "kept"


@needs_rows
@pytest.mark.parametrize("hours_per_week", [1, 3, 7, 10, 60])
@pytest.mark.parametrize("days", [1, 6, 7, 20, 365])
def test_a_last_day_and_its_hours_agree_with_the_dates_of_a_plan(role, hours_per_week, days):
    day = MONDAY + timedelta(days=days)
    most = deadlines.hours_until(day, starts_on=MONDAY, hours_per_week=hours_per_week)
    for hours, in_time in ((most, True), (most + 1, False)):
        if not hours:
            continue
        builders.make_course(f"of-{hours}-{in_time}", hours=hours, teaches={f"x{in_time}": 1})
        problem = snapshot.take(levels={}, role=builders.make_role(requires={f"x{in_time}": 1}))
        planned = planning.compute(problem, hours_per_week=hours_per_week, starts_on=MONDAY)
        assert planned.ends_on == deadlines.last_day(hours, starts_on=MONDAY, hours_per_week=hours_per_week)
        assert planned.ends_on is not None
        assert (planned.ends_on <= day) is in_time


def test_hours_a_week_are_the_fewest_that_meet_a_last_day():
    until = MONDAY + timedelta(days=29)
    for hours in range(1, 200):
        needed = deadlines.hours_per_week_for(hours, until=until, starts_on=MONDAY)
        assert needed is not None
        assert deadlines.hours_until(until, starts_on=MONDAY, hours_per_week=needed) >= hours
        assert deadlines.hours_until(until, starts_on=MONDAY, hours_per_week=needed - 1) < hours


def test_a_day_that_has_passed_leaves_no_hours():
    yesterday = MONDAY - timedelta(days=1)
    assert deadlines.hours_until(yesterday, starts_on=MONDAY, hours_per_week=9) == 0
    assert deadlines.hours_per_week_for(9, until=yesterday, starts_on=MONDAY) is None
    assert deadlines.last_day(10**9, starts_on=MONDAY, hours_per_week=1) is None
