"""A last day as hours, and hours as a last day: the same integers as the dates of a plan are made with."""

from __future__ import annotations

from datetime import date, timedelta

DAYS = 7


def hours_until(day: date, *, starts_on: date, hours_per_week: int) -> int:
    """The most hours a plan from `starts_on` may take to be finished on `day`; 0 where it has passed.

    >>> hours_until(date(2026, 12, 6), starts_on=date(2026, 11, 23), hours_per_week=10)
    20
    """
    days = (day - starts_on).days + 1
    return max(0, hours_per_week * days // DAYS)


def last_day(hours: int, *, starts_on: date, hours_per_week: int) -> date | None:
    """The first day by which `hours` are studied; None beyond the calendar.

    >>> last_day(20, starts_on=date(2026, 11, 23), hours_per_week=10)
    datetime.date(2026, 12, 6)
    """
    days = max(0, -(-DAYS * hours // hours_per_week) - 1)
    return starts_on + timedelta(days=days) if days <= (date.max - starts_on).days else None


def hours_per_week_for(hours: int, *, until: date, starts_on: date) -> int | None:
    """The fewest hours a week with which `hours` are studied by the day `until`; None where it has passed.

    >>> hours_per_week_for(21, until=date(2026, 12, 6), starts_on=date(2026, 11, 23))
    11
    """
    days = (until - starts_on).days + 1
    return -(-DAYS * hours // days) if days > 0 else None
