"""Dates for a plan: one course after the other at so many hours a week.

`timetable` does the same with courses side by side, offerings, holidays and a deadline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recommender.domain import Problem
from recommender.errors import MalformedInputError
from recommender.planning.calendar import DAYS, check_hours_per_week


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledStep:
    """One course with its first and last day, and its first and last week counted from 1."""

    course: str
    starts_on: date
    ends_on: date
    first_week: int
    last_week: int


def schedule(
    problem: Problem, courses: Sequence[str], *, hours_per_week: int, start: date
) -> tuple[ScheduledStep, ...]:
    """Lay the courses end to end from `start`, spreading the weekly hours evenly over seven days.

    Integers only: a course that begins after h hours starts on day floor(7 h / hours_per_week).
    Raises MalformedInputError unless 1 <= hours_per_week <= 80.

    >>> from recommender.domain import Catalogue, Course, Profile, Role
    >>> course = Course(id="sql", hours=20, price=0, requires={}, teaches={"sql": 2})
    >>> problem = Problem(id="p", catalogue=Catalogue((course,), frozenset({"sql"})),
    ...                   profile=Profile(levels={}), role=Role(id="r", requires={"sql": 2}))
    >>> step, = schedule(problem, ["sql"], hours_per_week=10, start=date(2026, 11, 23))
    >>> str(step.ends_on), step.last_week
    ('2026-12-06', 2)
    """
    check_hours_per_week(hours_per_week)
    hours = sum(problem.catalogue.by_id[course].hours for course in courses)
    if DAYS * hours // hours_per_week > (date.max - start).days:
        raise MalformedInputError(f"{hours} hours at {hours_per_week} a week end after {date.max}")
    steps = []
    done = 0
    for course in courses:
        first = DAYS * done // hours_per_week
        done += problem.catalogue.by_id[course].hours
        last = max(first, -(-DAYS * done // hours_per_week) - 1)
        steps.append(
            ScheduledStep(
                course=course,
                starts_on=start + timedelta(days=first),
                ends_on=start + timedelta(days=last),
                first_week=first // DAYS + 1,
                last_week=last // DAYS + 1,
            )
        )
    return tuple(steps)
