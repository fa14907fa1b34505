"""What every timetable keeps to, whatever the plan, the weeks and the start dates."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain import Course, HalfLife, after
from recommender.planning import calendar, fading, schedule, timetable
from recommender.planning.calendar import DAYS, StudyTime
from recommender.planning.timetable import Obstacle, Timetable
from tests.recommender.dated_cases import MONDAY, Plan, holidays, in_parallel, offerings, plans, study_times


def day(number: int) -> date:
    """The day of the plan, counted from 0."""
    return MONDAY + timedelta(days=number)


@given(st.data(), plans(), study_times())
@settings(deadline=None)
def test_every_timetable_keeps_the_rules(data, plan, time):
    dates = data.draw(offerings(plan))
    table = timetable.lay_out(plan.problem, plan.courses, time=time, offerings=dates)
    placed = [step.course for step in table.steps]
    assert Counter([*placed, *(one.course for one in table.unplaced)]) == Counter(plan.courses)
    _starts_after_its_prerequisites(plan, table)
    _runs_within_limits(time, table)
    _studies_all_hours_on_study_days(plan, time, table)
    for step in table.steps:
        assert step.course not in dates or step.starts_on in dates[step.course]
    without_dates = [one for one in table.unplaced if one.obstacle is Obstacle.NO_OFFERING]
    assert all(one.course in dates for one in without_dates)
    assert without_dates or table.is_complete


def _starts_after_its_prerequisites(plan: Plan, table: Timetable) -> None:
    by_id = plan.problem.catalogue.by_id
    for step in table.steps:
        levels = plan.problem.profile.levels
        for other in table.steps:
            if other is not step and other.ends_on <= step.starts_on:
                levels = after(by_id[other.course], levels)
        assert by_id[step.course].can_be_taken(levels)


def _runs_within_limits(time: StudyTime, table: Timetable) -> None:
    """A course that ends makes room on the same day, so what runs overnight is counted."""
    for night in {step.starts_on for step in table.steps}:
        assert sum(step.starts_on <= night < step.ends_on for step in table.steps) <= time.parallel
    weeks = Counter[int]()
    for portion in table.portions:
        weeks[portion.week] += portion.sevenths
    assert all(sevenths <= DAYS * time.hours_per_week for sevenths in weeks.values())


def _studies_all_hours_on_study_days(plan: Plan, time: StudyTime, table: Timetable) -> None:
    studied = Counter[str]()
    for portion in table.portions:
        assert type(portion.sevenths) is int
        assert time.week(portion.starts_on) == time.week(portion.ends_on) == portion.week
        whole = (portion.ends_on - portion.starts_on).days + 1
        assert time.study_days(portion.starts_on, portion.ends_on) == whole
        studied[portion.course] += portion.sevenths
    for step in table.steps:
        assert studied[step.course] == DAYS * plan.hours(step.course)
        assert time.is_study_day(step.starts_on)
        assert time.is_study_day(step.ends_on)
        assert time.start <= step.starts_on <= step.ends_on


@given(plans(), study_times(parallel=1))
@settings(deadline=None)
def test_one_by_one_without_offerings_is_the_simple_schedule(plan, time):
    time = replace(time, holidays=())
    simple = schedule.schedule(plan.problem, plan.courses, hours_per_week=time.hours_per_week, start=MONDAY)
    assert timetable.lay_out(plan.problem, plan.courses, time=time).steps == simple


@given(plans(least=1), study_times())
@settings(deadline=None)
def test_side_by_side_nothing_ends_later_than_one_by_one(plan, time):
    one_by_one = timetable.lay_out(plan.problem, plan.courses, time=in_parallel(time, 1))
    table = timetable.lay_out(plan.problem, plan.courses, time=time)
    assert table.ends_on == one_by_one.ends_on


@given(plans(), study_times(), holidays())
@settings(deadline=None)
def test_more_holidays_never_make_the_finish_earlier(plan, time, more):
    longer = replace(time, holidays=time.holidays + more)
    before = timetable.lay_out(plan.problem, plan.courses, time=time).ends_on
    later = timetable.lay_out(plan.problem, plan.courses, time=longer).ends_on
    assert (before or MONDAY) <= (later or MONDAY)


@given(st.data(), plans(least=1), study_times())
@settings(deadline=None)
def test_start_dates_never_make_the_finish_earlier(data, plan, time):
    dates = data.draw(offerings(plan))
    dated = timetable.lay_out(plan.problem, plan.courses, time=time, offerings=dates)
    free = timetable.lay_out(plan.problem, plan.courses, time=time)
    if dated.is_complete and free.ends_on and dated.ends_on:
        assert free.ends_on <= dated.ends_on


@given(plans(least=1), study_times(), st.integers(-3, 200))
@settings(deadline=None)
def test_a_plan_meets_the_deadline_when_its_hours_fit(plan, time, days):
    deadline = day(days)
    room = calendar.hours_until(
        deadline, start=MONDAY, hours_per_week=time.hours_per_week, holidays=time.holidays
    )
    assert type(room) is int
    ends_on = timetable.lay_out(plan.problem, plan.courses, time=time).ends_on
    if ends_on is not None:
        fits = sum(plan.hours(one) for one in plan.courses) <= room
        assert fits == (ends_on <= deadline)


@given(holidays(), st.integers(0, 120))
@settings(deadline=None)
def test_study_days_are_the_days_that_are_no_holiday(free, length):
    time = StudyTime(start=MONDAY, hours_per_week=10, holidays=free)
    single = [
        day(number)
        for number in range(length)
        if not any(one.first <= day(number) <= one.last for one in free)
    ]
    assert time.study_days(MONDAY, day(length - 1)) == len(single)
    assert [day(number) for number in range(length) if time.is_study_day(day(number))] == single
    assert time.holidays == replace(time, holidays=free[::-1] + free).holidays


@given(plans())
@settings(deadline=None)
def test_lasting_first_is_a_valid_order_of_the_same_courses(plan):
    courses: list[Course] = [plan.problem.catalogue.by_id[one] for one in plan.courses]
    levels = plan.problem.profile.levels
    order = fading.lasting_first(courses, levels=levels, half_lives={"git": HalfLife.TOOL})
    fading.check_order(order, levels=levels)
    assert sorted(one.id for one in order) == sorted(plan.courses)
    assert fading.lasting_first(courses, levels=levels, half_lives={}) == courses
