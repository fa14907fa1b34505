"""Dates for a plan: one course after the other at so many hours a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from recommender.domain import Problem
from recommender.errors import MalformedInputError

DAYS = 7
MAX_HOURS_PER_WEEK = 80


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
    """
    if not 1 <= hours_per_week <= MAX_HOURS_PER_WEEK:
        raise MalformedInputError(
            f"hours per week must be from 1 to {MAX_HOURS_PER_WEEK}, got {hours_per_week}"
        )
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
