"""A path as a drawing: one stratum per step, each laid on the ones before it, from the first day to the last.

Courses at the same time lie above each other in the same place. Days off are bands behind them, and marks
below count weeks or months, few enough to be read on a narrow screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from groundwork.web.days_off import DaysOff
from groundwork.web.presenting import PathView, StepView

WIDTH = 1000
ROW = 16
THICKNESS = 12
LEAST_WIDTH = 4
LEAST_BAND = 2
MOST_MARKS = 6
"""More would run into each other where the drawing is as narrow as a telephone."""
LAST_PLACE = 860
"""A mark further right would run out of the drawing."""
WEEKS = (1, 2, 4)
MONTHS = (1, 2, 3, 6, 12, 24, 60)
SEVEN_DAYS = timedelta(days=7)
DECEMBER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One step as a bar; all lengths are whole units of the drawing."""

    x: int
    y: int
    width: int
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Days off behind the bars, in units of the drawing."""

    x: int
    width: int
    days: DaysOff


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a week or month begins, in units of the drawing and in per cent of its width."""

    x: int
    name: str

    @property
    def percent(self) -> str:
        """With a point, in every language."""
        return f"{100 * self.x / WIDTH:.1f}%"

    @property
    def has_room(self) -> bool:
        """Whether the name fits between the mark and the right edge."""
        return self.x <= LAST_PLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The bars, bands and marks, a line for each turn of the year as (x, year), one for the wished last day
    as (x, day)."""

    width: int
    height: int
    thickness: int
    strata: list[Stratum]
    bands: list[Band]
    marks: list[Mark]
    years: list[tuple[int, int]]
    deadline: tuple[int, date] | None
    starts_on: date
    ends_on: date


def of(path: PathView, *, deadline: date | None = None, off: Sequence[DaysOff] = ()) -> Timeline | None:
    """The drawing of a path, up to its `deadline` where it has one; None when there is nothing to draw.

    `off` are the days off to show; whoever is not to know them gets the dates alone.
    """
    if not path.steps:
        return None
    starts_on = min(step.starts_on for step in path.steps)
    ends_on = max(step.ends_on for step in path.steps)
    if deadline:
        ends_on = max(ends_on, deadline)
    days = (ends_on - starts_on).days + 1
    height = ROW * len(path.steps)

    def across(day: date) -> int:
        return WIDTH * (day - starts_on).days // days

    def along(first: date, last: date, *, least: int) -> int:
        return max(least, across(last) + WIDTH // days - across(first))

    strata = [
        Stratum(
            x=across(step.starts_on),
            y=height - ROW * row,
            width=along(step.starts_on, step.ends_on, least=LEAST_WIDTH),
            kind=_kind(step),
            title=step.course.title,
        )
        for row, step in enumerate(path.steps, start=1)
    ]
    bands = [
        Band(x=across(first), width=along(first, last, least=LEAST_BAND), days=one)
        for one in off
        if (first := max(one.first, starts_on)) <= (last := min(one.last, ends_on))
    ]
    turns = [date(year, 1, 1) for year in range(starts_on.year + 1, ends_on.year + 1)]
    return Timeline(
        width=WIDTH,
        height=height,
        thickness=THICKNESS,
        strata=strata,
        bands=bands,
        marks=[Mark(x=across(day), name=name) for day, name in _marks(starts_on, ends_on)],
        years=[(across(day), day.year) for day in turns],
        # At the end of the day.
        deadline=(across(deadline) + WIDTH // days, deadline) if deadline else None,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _marks(first: date, last: date) -> list[tuple[date, str]]:
    """Weeks as the steps count them, or months where there are too many weeks, each by name."""
    for step in WEEKS:
        count = (last - first).days // 7 + 1
        if -(-count // step) <= MOST_MARKS:
            numbers = range(0, count, step)
            return [(first + SEVEN_DAYS * number, _("Week %(n)d") % {"n": number + 1}) for number in numbers]
    months = list(_months(first, last))
    for step in MONTHS:
        chosen = [day for day in months if (12 * day.year + day.month - 1) % step == 0]
        if len(chosen) <= MOST_MARKS:
            break
    return [(day, str(day.year) if day.month == 1 else date_format(day, "M")) for day in chosen]


def _months(first: date, last: date) -> Iterator[date]:
    """The first days of the months that begin after `first`, up to `last`."""
    year, month = first.year, first.month
    while True:
        year, month = (year + 1, 1) if month == DECEMBER else (year, month + 1)
        if date(year, month, 1) > last:
            return
        yield date(year, month, 1)


def _kind(step: StepView) -> str:
    if step.completed_on:
        return "done"
    return "hands-on" if step.course.hands_on else "study"
