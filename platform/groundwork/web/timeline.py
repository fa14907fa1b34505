"""A path as a drawing: one stratum per step, each laid on the ones before it, from today to the last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from groundwork.web.presenting import PathView, StepView

WIDTH = 1000
ROW = 16
THICKNESS = 12
LEAST_WIDTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One step as a bar; all lengths are whole units of the drawing."""

    x: int
    y: int
    width: int
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """The bars, a line for each turn of the year as (x, year), one for the wished last day as (x, day)."""

    width: int
    height: int
    thickness: int
    strata: list[Stratum]
    years: list[tuple[int, int]]
    deadline: tuple[int, date] | None
    starts_on: date
    ends_on: date


def of(path: PathView, *, deadline: date | None = None) -> Timeline | None:
    """The drawing of a path, up to its `deadline` where it has one; None when there is nothing to draw."""
    if not path.steps:
        return None
    starts_on, ends_on = path.steps[0].starts_on, max(step.ends_on for step in path.steps)
    if deadline:
        ends_on = max(ends_on, deadline)
    days = (ends_on - starts_on).days + 1
    height = ROW * len(path.steps)

    def across(day: date) -> int:
        return WIDTH * (day - starts_on).days // days

    strata = [
        Stratum(
            x=across(step.starts_on),
            y=height - ROW * row,
            width=max(LEAST_WIDTH, across(step.ends_on) + WIDTH // days - across(step.starts_on)),
            kind=_kind(step),
            title=step.course.title,
        )
        for row, step in enumerate(path.steps, start=1)
    ]
    turns = [date(year, 1, 1) for year in range(starts_on.year + 1, ends_on.year + 1)]
    return Timeline(
        width=WIDTH,
        height=height,
        thickness=THICKNESS,
        strata=strata,
        years=[(across(day), day.year) for day in turns],
        # At the end of the day.
        deadline=(across(deadline) + WIDTH // days, deadline) if deadline else None,
        starts_on=starts_on,
        ends_on=ends_on,
    )


def _kind(step: StepView) -> str:
    if step.completed_on:
        return "done"
    return "hands-on" if step.course.hands_on else "study"
