"""The dates of a path or a plan, all from one timetable of the engine, and its portions week by week.

Courses stand in the order in which they begin. That is an order they can be taken in, too: a course begins
when all it needs has ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from recommender import domain
from recommender.planning import ordering, timetable
from recommender.planning.calendar import Holiday, StudyTime
from recommender.planning.timetable import Timetable

DAY = timedelta(days=1)

Portions = list[tuple[str, int]]
"""Study of one course as (Monday of the week as an ISO date, sevenths of an hour)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A course with its first and last day, its first and last week counted from 1, and its portions."""

    course: str
    starts_on: date
    ends_on: date
    first_week: int
    last_week: int
    portions: Portions


def of(problem: domain.Problem, courses: Iterable[str], *, time: StudyTime) -> list[Dated]:
    """The timetable of a plan that was verified, whatever order its courses are named in.

    The last one ends on the day it would end on if they were taken one by one: no course waits for a date.
    Raises MalformedInputError for courses that cannot all be taken, and for a plan beyond the calendar.
    """
    chosen = [problem.catalogue.by_id[course] for course in sorted(set(courses))]
    order = ordering.ordered(chosen, start=problem.profile.levels)
    return dated(timetable.lay_out(problem, [one.id for one in order], time=by_weeks(time)), time=time)


def dated(found: Timetable, *, time: StudyTime) -> list[Dated]:
    """What the engine found for `by_weeks(time)`, with weeks counted from the first day of study."""
    portions: dict[str, Portions] = {step.course: [] for step in found.steps}
    for portion in found.portions:
        portions[portion.course].append((monday_of(portion.starts_on).isoformat(), portion.sevenths))
    return [
        Dated(
            course=step.course,
            starts_on=step.starts_on,
            ends_on=step.ends_on,
            first_week=time.week(step.starts_on),
            last_week=time.week(step.ends_on),
            portions=portions[step.course],
        )
        for step in found.steps
    ]


def monday_of(day: date) -> date:
    """The first day of the ISO week of `day`."""
    return day - timedelta(days=day.weekday())


def by_weeks(time: StudyTime) -> StudyTime:
    """The same days of study, counted from a Monday: the engine parts portions where its weeks turn."""
    monday = monday_of(time.start)
    if monday == time.start:
        return time
    before = Holiday(first=monday, last=time.start - DAY)
    return replace(time, start=monday, holidays=(before, *time.holidays))
