"""One timetable for all dates: what it keeps to, and that hours and last days agree with it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.plans import deadlines, timetables
from groundwork.plans.study_days import StudyDays
from recommender.domain import after
from recommender.planning.calendar import Holiday
from tests.recommender.dated_cases import MONDAY, Plan, holidays, plans
from tests.recommender.planning_cases import course, problem

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@st.composite
def study(draw):
    """Days off, courses at once, hours and a first day on any day of the week."""
    days = StudyDays(courses_at_once=draw(st.integers(1, 3)), off=draw(holidays()))
    starts_on = MONDAY + timedelta(days=draw(st.integers(0, 6)))
    return {"days": days, "starts_on": starts_on, "hours_per_week": draw(st.integers(1, 40))}


def dated(plan: Plan, dates):
    time = dates["days"].time(starts_on=dates["starts_on"], hours_per_week=dates["hours_per_week"])
    return timetables.of(plan.problem, plan.courses, time=time), time


@given(plans(), study())
@settings(deadline=None)
def test_every_step_stands_on_days_of_study_after_what_it_needs_and_with_few_beside_it(plan, dates):
    found, time = dated(plan, dates)
    by_id = plan.problem.catalogue.by_id
    assert Counter(one.course for one in found) == Counter(plan.courses)
    levels = plan.problem.profile.levels
    for one in found:
        assert by_id[one.course].can_be_taken(levels), "the order of the list is one to follow"
        levels = after(by_id[one.course], levels)
        assert time.is_study_day(one.starts_on)
        assert time.is_study_day(one.ends_on)
        before = plan.problem.profile.levels
        for other in found:
            if other is not one and other.ends_on <= one.starts_on:
                before = after(by_id[other.course], before)
        assert by_id[one.course].can_be_taken(before), "prerequisites have ended"
        nights = [other for other in found if other.starts_on <= one.starts_on < other.ends_on]
        assert len(nights) <= time.parallel


@given(plans(), study())
@settings(deadline=None)
def test_portions_hold_all_hours_in_weeks_with_room_for_them(plan, dates):
    found, time = dated(plan, dates)
    weeks = Counter[str]()
    for one in found:
        assert sum(sevenths for _week, sevenths in one.portions) == 7 * plan.hours(one.course)
        for week, sevenths in one.portions:
            monday = date.fromisoformat(week)
            assert monday.weekday() == 0
            assert monday <= one.ends_on
            assert monday + WEEK > one.starts_on
            weeks[week] += sevenths
    for week, sevenths in weeks.items():
        monday = date.fromisoformat(week)
        room = time.study_days(max(monday, time.start), monday + 6 * DAY)
        assert sevenths <= time.hours_per_week * room


@given(plans(least=1), study())
@settings(deadline=None)
def test_the_last_day_is_that_of_the_hours_one_by_one(plan, dates):
    found, _time = dated(plan, dates)
    hours = sum(plan.hours(name) for name in plan.courses)
    if not found:
        return
    ends_on = max(one.ends_on for one in found)
    assert ends_on == deadlines.last_day(hours, **dates)
    assert deadlines.hours_until(ends_on, **dates) >= hours
    assert deadlines.hours_until(ends_on - DAY, **dates) < hours
    needed = deadlines.hours_per_week_for(
        hours, until=ends_on, starts_on=dates["starts_on"], days=dates["days"]
    )
    assert needed is not None
    assert needed <= dates["hours_per_week"]
    assert deadlines.weeks(hours, **dates) == max(one.last_week for one in found)


@given(plans(), study(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_it_does_not_matter_how_the_courses_are_named(plan, dates, chance):
    shuffled = [*plan.courses]
    chance.shuffle(shuffled)
    first, time = dated(plan, dates)
    assert first == timetables.of(plan.problem, shuffled, time=time)


def test_weeks_count_from_the_first_day_and_portions_from_mondays():
    case = problem(course("only", {"python": 2}, hours=20), goal={"python": 2})
    thursday = MONDAY + 3 * DAY
    time = StudyDays().time(starts_on=thursday, hours_per_week=14)
    (only,) = timetables.of(case, ["only"], time=time)
    assert (only.starts_on, only.ends_on) == (thursday, thursday + 9 * DAY)
    assert (only.first_week, only.last_week) == (1, 2)
    assert only.portions == [(MONDAY.isoformat(), 4 * 14), ((MONDAY + WEEK).isoformat(), 6 * 14)]


def test_no_hours_take_no_weeks_and_a_calendar_ends():
    off = StudyDays(off=(Holiday(first=MONDAY, last=date.max),))
    assert deadlines.weeks(0, starts_on=MONDAY, hours_per_week=8) == 0
    assert deadlines.last_day(1, starts_on=MONDAY, hours_per_week=8, days=off) is None
    assert deadlines.weeks(1, starts_on=MONDAY, hours_per_week=8, days=off) is None
    assert deadlines.hours_per_week_for(1, until=MONDAY + WEEK, starts_on=MONDAY, days=off) is None
    assert deadlines.hours_until(MONDAY + WEEK, starts_on=MONDAY, hours_per_week=8, days=off) == 0
