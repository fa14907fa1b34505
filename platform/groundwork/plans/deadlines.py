"""A last day as hours, and hours as a last day: the same days and integers as the dates of a plan."""

from __future__ import annotations

from datetime import date, timedelta

from groundwork.plans.study_days import EVERY_DAY, StudyDays
from recommender.planning.calendar import StudyTime

DAYS = 7
"""Of a week."""
DAY = timedelta(days=1)


def hours_until(day: date, *, starts_on: date, hours_per_week: int, days: StudyDays = EVERY_DAY) -> int:
    """The most hours a plan from `starts_on` may take to be finished on `day`; 0 where it has passed.

    Exactly the plans of so many hours, or fewer, end by then, with however many courses at once.

    >>> hours_until(date(2026, 12, 6), starts_on=date(2026, 11, 23), hours_per_week=10)
    20
    """
    return hours_per_week * _days_from(starts_on, days).study_days(starts_on, day) // DAYS


def last_day(hours: int, *, starts_on: date, hours_per_week: int, days: StudyDays = EVERY_DAY) -> date | None:
    """The first day by which `hours` are studied; None beyond the calendar.

    >>> last_day(20, starts_on=date(2026, 11, 23), hours_per_week=10)
    datetime.date(2026, 12, 6)
    """
    number = max(1, -(-DAYS * hours // hours_per_week))
    return _study_day(number, time=_days_from(starts_on, days))


def weeks(hours: int, *, starts_on: date, hours_per_week: int, days: StudyDays = EVERY_DAY) -> int | None:
    """Weeks from the first day to the `last_day` of so many hours; 0 for none, None beyond the calendar.

    >>> weeks(20, starts_on=date(2026, 11, 23), hours_per_week=10)
    2
    """
    if not hours:
        return 0
    last = last_day(hours, starts_on=starts_on, hours_per_week=hours_per_week, days=days)
    return None if last is None else weeks_to(last, starts_on=starts_on)


def weeks_to(day: date, *, starts_on: date) -> int:
    """The week a day lies in, counted from 1.

    >>> weeks_to(date(2026, 12, 6), starts_on=date(2026, 11, 23))
    2
    """
    return (day - starts_on).days // DAYS + 1


def hours_per_week_for(
    hours: int, *, until: date, starts_on: date, days: StudyDays = EVERY_DAY
) -> int | None:
    """The fewest hours a week with which `hours` are studied by the day `until`; None where none are enough.

    >>> hours_per_week_for(21, until=date(2026, 12, 6), starts_on=date(2026, 11, 23))
    11
    """
    open_days = _days_from(starts_on, days).study_days(starts_on, until)
    return -(-DAYS * hours // open_days) if open_days else None


def _days_from(starts_on: date, days: StudyDays) -> StudyTime:
    """Which days are study days does not depend on the hours."""
    return days.time(starts_on=starts_on, hours_per_week=1)


def _study_day(number: int, *, time: StudyTime) -> date | None:
    """The study day of that number, counted from 1; None beyond the calendar."""
    first = time.start
    for holiday in time.holidays:
        if holiday.last < first:
            continue
        before = max(0, (holiday.first - first).days)
        if number <= before:
            break
        number -= before
        if holiday.last == date.max:
            return None
        first = holiday.last + DAY
    return first + timedelta(days=number - 1) if number - 1 <= (date.max - first).days else None
