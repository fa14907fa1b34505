"""Dates with courses side by side, offerings, holidays and a deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from recommender.domain import HalfLife
from recommender.errors import MalformedInputError
from recommender.planning import fading, timetable
from recommender.planning.calendar import Holiday, StudyTime
from recommender.planning.placing import Entry
from recommender.planning.timetable import Obstacle, Timetable
from tests.recommender.dated_cases import MONDAY
from tests.recommender.planning_cases import course, problem

CASE = problem(
    course("basics", {"python": 2}, hours=20),
    course("ml", {"ml": 3}, requires={"python": 2}, hours=30),
    course("law", {"law": 2}, hours=20),
    goal={"ml": 3, "law": 2},
)
PLAN = ["basics", "ml", "law"]


def day(number: int) -> date:
    """The day of the plan, counted from 0."""
    return MONDAY + timedelta(days=number)


def ten_hours(**changes) -> StudyTime:
    return replace(StudyTime(start=MONDAY, hours_per_week=10), **changes)


def days_of(table: Timetable) -> dict[str, tuple[int, int]]:
    """Course -> its first and last day, counted from 0."""
    return {s.course: ((s.starts_on - MONDAY).days, (s.ends_on - MONDAY).days) for s in table.steps}


def test_two_courses_side_by_side_share_the_weekly_hours():
    table = timetable.lay_out(CASE, PLAN, time=ten_hours(parallel=2))
    assert days_of(table) == {"basics": (0, 27), "law": (0, 27), "ml": (28, 48)}
    first_week = [(one.course, one.sevenths) for one in table.portions if one.week == 1]
    assert first_week == [("basics", 35), ("law", 35)]


def test_a_course_waits_for_its_start_date_and_others_go_on_meanwhile():
    table = timetable.lay_out(CASE, PLAN, time=ten_hours(), offerings={"ml": [day(9), day(28), day(90)]})
    assert days_of(table) == {"basics": (0, 13), "law": (14, 27), "ml": (28, 48)}
    assert table.is_complete


def test_a_course_that_would_take_the_last_place_on_the_last_date_waits():
    table = timetable.lay_out(CASE, PLAN, time=ten_hours(), offerings={"ml": [day(20)]})
    assert days_of(table) == {"basics": (0, 13), "ml": (20, 40), "law": (41, 54)}


def test_with_a_place_to_spare_nobody_waits_for_the_others_date():
    time = ten_hours(parallel=2)
    table = timetable.lay_out(CASE, ["basics", "law", "ml"], time=time, offerings={"law": [day(10)]})
    assert days_of(table)["basics"] == (0, 17)
    assert days_of(table)["law"][0] == 10


def test_nothing_is_studied_on_holidays_and_weeks_go_on_counting():
    time = ten_hours(holidays=(Holiday(first=day(7), last=day(13)),))
    first, second, _ = timetable.lay_out(CASE, PLAN, time=time).steps
    assert (first.ends_on, first.last_week) == (day(20), 3)
    assert (second.starts_on, second.first_week) == (day(21), 4)


def test_slack_and_late_steps_are_counted_to_the_deadline():
    on_time = timetable.lay_out(CASE, PLAN, time=ten_hours(deadline=day(50)))
    assert (on_time.slack, on_time.late) == (2, ())
    missed = timetable.lay_out(CASE, PLAN, time=ten_hours(deadline=day(40)))
    assert (missed.slack, missed.late) == (-8, ("law",))
    assert timetable.lay_out(CASE, PLAN, time=ten_hours()).slack is None


def test_what_fades_fast_comes_late_where_prerequisites_allow():
    case = problem(
        course("git", {"git": 3}),
        course("numpy", {"numpy": 3}, requires={"maths": 3}),
        course("maths", {"maths": 3}),
        course("ml", {"ml": 3}, requires={"numpy": 3}),
        goal={"git": 3, "ml": 3},
    )
    half_lives = {
        "git": HalfLife.TOOL,
        "numpy": HalfLife.TOOL,
        "maths": HalfLife.FOUNDATION,
        "ml": HalfLife.METHOD,
    }
    plan = ["git", "maths", "numpy", "ml"]
    table = timetable.lay_out(case, plan, time=ten_hours(), half_lives=half_lives)
    assert [step.course for step in table.steps] == ["maths", "git", "numpy", "ml"]


def test_a_level_that_is_taught_again_later_does_not_push_its_course_back():
    plan = [course("first", {"git": 3}), course("again", {"git": 3}), course("maths", {"maths": 3})]
    half_lives = {"git": HalfLife.TOOL, "maths": HalfLife.FOUNDATION}
    order = fading.lasting_first(plan, levels={}, half_lives=half_lives)
    assert [one.id for one in order] == ["first", "maths", "again"]


def test_a_refresher_whose_course_is_held_up_does_not_stop_the_plan():
    taught_late = course("late", {"z": 1}, hours=500)
    dated = course("dated", {"y": 1})
    again = course("again", {"x": 1}, requires={"z": 1})
    entries = [Entry(course=again, before="dated"), Entry(course=dated), Entry(course=taught_late)]
    table = timetable.laid_out(entries, levels={}, time=ten_hours(), offerings={"dated": [day(30)]})
    assert [step.course for step in table.steps] == ["late", "again"]
    assert [one.course for one in table.unplaced] == ["dated"]


def test_a_course_without_a_start_date_left_is_a_finding_and_so_is_what_needs_it():
    dates = {"basics": [day(-30)], "law": [day(3)]}
    table = timetable.lay_out(CASE, PLAN, time=ten_hours(deadline=day(99)), offerings=dates)
    assert days_of(table) == {"law": (3, 16)}
    missing = {one.course: (one.obstacle, one.last_offering) for one in table.unplaced}
    assert missing == {"basics": (Obstacle.NO_OFFERING, None), "ml": (Obstacle.WAITS, None)}
    assert (table.slack, table.late) == (None, ("basics", "ml"))


def test_a_start_within_a_holiday_cannot_be_joined():
    time = ten_hours(holidays=(Holiday(first=day(20), last=day(25)),))
    table = timetable.lay_out(CASE, PLAN, time=time, offerings={"ml": [day(21)]})
    assert [one.course for one in table.unplaced] == ["ml"]


def test_the_last_date_that_was_missed_is_named():
    table = timetable.lay_out(CASE, PLAN, time=ten_hours(), offerings={"ml": [day(5), day(12)]})
    (missing,) = table.unplaced
    assert (missing.course, missing.last_offering) == ("ml", day(12))
    assert days_of(table) == {"basics": (0, 13), "law": (14, 27)}


@pytest.mark.parametrize(
    ("courses", "says"),
    [
        (["ml", "basics"], "step 1, ml: a prerequisite is missing"),
        (["basics", "basics"], "taken twice"),
        (["basket"], "basket is not in the catalogue"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused(courses, says):
    with pytest.raises(MalformedInputError, match=says):
        timetable.lay_out(CASE, courses, time=ten_hours())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"hours_per_week": 0}, "hours per week"),
        ({"hours_per_week": 81}, "hours per week"),
        ({"parallel": 0}, "at least one course"),
    ],
)
def test_weeks_that_cannot_be_are_refused(changes, says):
    with pytest.raises(MalformedInputError, match=says):
        ten_hours(**changes)


def test_a_holiday_that_ends_before_it_begins_is_refused():
    with pytest.raises(MalformedInputError, match="swap the two days"):
        Holiday(first=day(1), last=day(0))


def test_start_dates_out_of_order_are_refused():
    with pytest.raises(MalformedInputError, match="start dates of ml must be sorted"):
        timetable.lay_out(CASE, PLAN, time=ten_hours(), offerings={"ml": [day(9), day(3)]})


def test_two_courses_with_one_id_are_refused():
    entry = Entry(course=course("a", {"x": 1}))
    with pytest.raises(MalformedInputError, match="same id"):
        timetable.laid_out([entry, entry], levels={}, time=ten_hours())


@pytest.mark.parametrize(
    "time",
    [
        StudyTime(start=date.max - timedelta(days=3), hours_per_week=10),
        ten_hours(holidays=(Holiday(first=day(3), last=date.max),)),
        ten_hours(holidays=(Holiday(first=day(-3), last=date.max),)),
    ],
)
def test_a_plan_that_ends_after_the_calendar_is_refused(time):
    with pytest.raises(MalformedInputError, match="9999-12-31"):
        timetable.lay_out(CASE, PLAN, time=time)
