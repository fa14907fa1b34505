"""A level over time as a drawing: what plans read as steps, the estimate as a band, evidence as dots."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from groundwork.learners.answering import Answer, Line, Point

WIDTH = 1000
LEVEL = 20
TOP = 5
SAMPLES = 48
MOST_DAYS = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A line of evidence; `kind` is "counts" or "idle"."""

    x: int
    y: int
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Paths in units of the drawing, 0 at the upper left; levels lie `LEVEL` apart."""

    width: int
    height: int
    grid: list[int]
    band: str
    mean: str
    steps: str
    forecast: str
    floor: str
    today: int
    dots: list[Dot]
    starts_on: date
    ends_on: date


def days_of(lines: Sequence[Line], *, today: date, until: date) -> list[date]:
    """The days to draw: each day of evidence and an even spread from the first one to `until`."""
    shown = sorted({one.evidence.evidenced_on for one in lines})[-MOST_DAYS:]
    first = min(shown[0], today)
    span = (until - first).days
    spread = {first + timedelta(days=span * place // SAMPLES) for place in range(SAMPLES + 1)}
    eves = {day - timedelta(days=1) for day in shown[1:]}
    return sorted({*shown, *eves, *spread, today, until})


def of(answer: Answer, points: Sequence[Point], *, today: date) -> Chart:
    """The drawing of `points`, with a floor where one stands."""
    starts_on, ends_on = points[0].on, points[-1].on
    days = max((ends_on - starts_on).days, 1)

    def across(day: date) -> int:
        return WIDTH * (day - starts_on).days // days

    upper = [(across(one.on), _height(one.mean + one.sd)) for one in points]
    lower = [(across(one.on), _height(one.mean - one.sd)) for one in points]
    past = [one for one in points if one.on <= today]
    coming = [one for one in points if one.on >= today]
    verified = answer.floor and answer.verified_on
    return Chart(
        width=WIDTH,
        height=LEVEL * TOP,
        grid=[_height(level) for level in range(TOP + 1)],
        band=_line([*upper, *reversed(lower)]) + "Z",
        mean=_line([(across(one.on), _height(one.mean)) for one in points]),
        steps=_stairs([(across(one.on), _height(one.level)) for one in past]),
        forecast=_stairs([(across(one.on), _height(one.level)) for one in coming]),
        floor=f"M{across(max(answer.verified_on, starts_on))} {_height(answer.floor)}H{WIDTH}"
        if verified and answer.verified_on
        else "",
        today=across(today),
        dots=[_dot(one, x=across(one.evidence.evidenced_on)) for one in answer.lines],
        starts_on=starts_on,
        ends_on=ends_on,
    )


def turns(points: Sequence[Point], lines: Sequence[Line]) -> list[tuple[Point, list[Line]]]:
    """The same for a table: the first day, each day with evidence, and each day when the level changes."""
    shown: dict[date, list[Line]] = {}
    for line in lines:
        shown.setdefault(line.evidence.evidenced_on, []).append(line)
    pairs = zip([None, *points], points, strict=False)
    return [
        (one, shown.get(one.on, []))
        for before, one in pairs
        if before is None or one.on in shown or one.level != before.level
    ]


def _dot(line: Line, *, x: int) -> Dot:
    evidence = line.evidence
    return Dot(
        x=x,
        y=_height(evidence.level),
        kind="counts" if line.weight >= 0.005 else "idle",
        title=f"{evidence.get_kind_display()} {evidence.level} · {evidence.evidenced_on:%Y-%m-%d}",
    )


def _height(level: float) -> int:
    return round(LEVEL * (TOP - min(max(level, 0), TOP)))


def _line(places: Sequence[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in places)


def _stairs(places: Sequence[tuple[int, int]]) -> str:
    if not places:
        return ""
    (x, y), rest = places[0], itertools.pairwise(places)
    return f"M{x} {y}" + "".join(f"H{after[0]}V{after[1]}" for _before, after in rest)
