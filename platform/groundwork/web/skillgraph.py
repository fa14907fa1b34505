"""The skills of a path as a drawing, left to right from what is held to the role; the same as a table."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.plans import skillgraph
from groundwork.plans.skillgraph import Edge, SkillGraph, Vertex
from groundwork.web import naming, weighing, wishing
from groundwork.web.naming import Names

WIDTH, HEIGHT = 200, 56
"""Of the box of a skill, in units of the drawing."""
ACROSS, DOWN = 70, 16
"""Between two columns, and between two boxes of one."""
MARGIN = 8
LINE_UNITS, MOST_LINES = 22, 2
"""A line of a name: a wide character (Chinese) counts two units."""
SWEEPS = 4
ZOOMS = (50, 75, 100, 150)
"""Sizes to choose from, in per cent."""
USUAL_ZOOM = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A skill in the drawing: its place, its name in lines (text and height), and what kind it is."""

    x: int
    y: int
    lines: list[tuple[str, int]]
    levels: str
    level_y: int
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An edge as a curve (an SVG path), and what it says."""

    d: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Boxes and lines in a field of `width` by `height` units, shown `shown_width` pixels wide."""

    width: int
    height: int
    shown_width: int
    shown_height: int
    boxes: list[Box]
    lines: list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A skill in the table: levels, and the courses that raise it and those that build on it."""

    name: str
    have: int
    reached: int
    asked: int | None
    raised_by: list[str]
    asked_by: list[str]


@require_GET
def graph(request: HttpRequest, slug: str) -> HttpResponse:
    """The skills of the path of the address, with the route through them."""
    role, planned, data = weighing.asked(request, slug)
    found = skillgraph.of(planned)
    names = naming.names(
        courses={course for edge in found.edges for course in edge.courses}.union(
            step.course for step in planned.steps
        ),
        skills=[one.skill for one in found.vertices],
    )
    numbers = {step.course: number for number, step in enumerate(planned.steps, start=1)}
    zoom, others = _zoom(request.GET.get("zoom", "")), "others" in request.GET
    context: dict[str, Any] = {
        "role": role,
        "query": wishing.query(data),
        "drawing": draw(found, names=names, zoom=zoom, others=others),
        "rows": [_row(one, names=names, numbers=numbers) for one in found.vertices],
        "zoom": zoom,
        "zooms": ZOOMS,
        "others": others,
    }
    return render(request, "web/skill_graph.html", context)


def _zoom(said: str) -> int:
    return int(said) if said in {str(one) for one in ZOOMS} else USUAL_ZOOM


def draw(found: SkillGraph, *, names: Names, zoom: int, others: bool = False) -> Drawing:
    """The outline of a graph: columns from left to right, edges as curves, shown at `zoom` per cent.

    With `others` it shows what other courses would build on what, too.
    """
    found = skillgraph.outline(found)
    if not others:
        found = replace(found, edges=tuple(one for one in found.edges if one.on_route))
    columns = _ordered(found)
    places = {
        skill: (MARGIN + place * (WIDTH + ACROSS), MARGIN + row * (HEIGHT + DOWN))
        for place, column in enumerate(columns)
        for row, skill in enumerate(column)
    }
    width = 2 * MARGIN + len(columns) * (WIDTH + ACROSS) - ACROSS
    height = 2 * MARGIN + max(map(len, columns), default=1) * (HEIGHT + DOWN) - DOWN
    # Others first, so that the route lies above them.
    edges = sorted(found.edges, key=lambda one: one.on_route)
    return Drawing(
        width=width,
        height=height,
        shown_width=width * zoom // 100,
        shown_height=height * zoom // 100,
        boxes=[_box(one, place=places[one.skill], names=names) for one in found.vertices],
        lines=[_line(one, places=places, names=names) for one in edges],
    )


def _ordered(found: SkillGraph) -> list[list[str]]:
    """The skills by column, those of one by the mean place of what they are joined to.

    Sweeps to and fro, the barycenter method of Sugiyama, Tagawa & Toda (1981): fewer edges cross.
    """
    columns: dict[int, list[str]] = defaultdict(list)
    for one in found.vertices:
        columns[one.column].append(one.skill)
    ordered = [columns[place] for place in sorted(columns)]
    joined: dict[str, list[str]] = defaultdict(list)
    for edge in found.edges:
        joined[edge.source].append(edge.target)
        joined[edge.target].append(edge.source)
    for sweep in range(SWEEPS):
        for column in ordered if sweep % 2 == 0 else reversed(ordered):
            rows = {skill: row for each in ordered for row, skill in enumerate(each)}
            means = {skill: _mean([rows[one] for one in joined[skill]] or [rows[skill]]) for skill in column}
            column.sort(key=means.__getitem__)
    return ordered


def _mean(places: list[int]) -> float:
    return sum(places) / len(places)


def _box(one: Vertex, *, place: tuple[int, int], names: Names) -> Box:
    x, y = place
    name = names.skill(one.skill)
    lines = _broken(name)
    first = y + 18
    return Box(
        x=x,
        y=y,
        lines=[(text, first + 15 * number) for number, text in enumerate(lines)],
        levels=_levels(one),
        level_y=first + 15 * len(lines),
        kind=_kind(one),
        title=f"{name}: {_levels(one)}",
    )


def _levels(one: Vertex) -> str:
    if one.reached > one.have:
        return f"{one.have} → {one.reached}"
    return _("level %(level)d") % {"level": one.have}


def _kind(one: Vertex) -> str:
    if one.asked is not None:
        return "asked"
    return "held" if one.reached == one.have else "passed"


def _line(edge: Edge, *, places: Mapping[str, tuple[int, int]], names: Names) -> Line:
    (x1, y1), (x2, y2) = places[edge.source], places[edge.target]
    start, end = (x1 + WIDTH, y1 + HEIGHT // 2), (x2, y2 + HEIGHT // 2)
    # Back to an earlier column, or within one, the curve swings out.
    bend = max(ACROSS // 2, (end[0] - start[0]) // 2)
    ends = {"source": names.skill(edge.source), "target": names.skill(edge.target)}
    said = _("%(target)s builds on %(source)s") % ends
    return Line(
        d=f"M{start[0]} {start[1]}C{start[0] + bend} {start[1]} {end[0] - bend} {end[1]} {end[0]} {end[1]}",
        kind="route" if edge.on_route else "beside",
        title=f"{said}: {', '.join(names.course(one) for one in edge.courses)}",
    )


def _broken(name: str) -> list[str]:
    """A name in at most two lines; what is too long ends in an ellipsis."""
    lines = [""]
    for part in _parts(name):
        if lines[-1] and _units(lines[-1] + part.rstrip()) > LINE_UNITS:
            lines.append("")
        lines[-1] += part
    lines = [line.strip() for line in lines]
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1] + "…"]
    return [_cut(line) for line in lines]


def _parts(name: str) -> Iterable[str]:
    """Where a line may end: after a blank, and after every wide character."""
    part = ""
    for character in name:
        part += character
        if character == " " or _units(character) > 1:
            yield part
            part = ""
    if part:
        yield part


def _cut(line: str) -> str:
    if _units(line) <= LINE_UNITS + 2:
        return line
    while _units(line) > LINE_UNITS + 1:
        line = line[:-1]
    return line.rstrip("…") + "…"


def _units(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _row(one: Vertex, *, names: Names, numbers: Mapping[str, int]) -> Row:
    def numbered(courses: Iterable[str]) -> list[str]:
        return [f"{numbers[course]}. {names.course(course)}" for course in courses]

    return Row(
        name=names.skill(one.skill),
        have=one.have,
        reached=one.reached,
        asked=one.asked,
        raised_by=numbered(one.raised_by),
        asked_by=numbered(one.asked_by),
    )
