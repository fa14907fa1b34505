"""The tables of LinkedIn's "Get a copy of your data": one CSV per kind, told apart by their columns."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from groundwork.learners.resumes import plain
from groundwork.learners.resumes.values import Claim, Entry, Resume

Row = Mapping[str, str]

_PREAMBLE = 12
"""Lines of notes that may stand above the names of the columns."""

TABLES = frozenset(
    {
        "profile.csv",
        "positions.csv",
        "education.csv",
        "skills.csv",
        "certifications.csv",
        "projects.csv",
        "languages.csv",
        "courses.csv",
        "publications.csv",
    }
)
"""Files of the archive that say what somebody can do; messages, contacts and the rest stay packed."""


def is_wanted(path: str) -> bool:
    """Whether a part of an archive is one of the tables, in whatever folder."""
    return PurePosixPath(path).name.lower() in TABLES


def read(tables: Iterable[tuple[str, str]]) -> Resume | None:
    """The CV in tables given as (name, text); None when none of them has LinkedIn's columns."""
    found: Resume | None = None
    for name, text in tables:
        columns, rows = _rows(text)
        taken = _taken(PurePosixPath(name).name.lower(), columns, rows)
        if taken is not None:
            found = replace(found or Resume(), **taken)
    return found


def _rows(text: str) -> tuple[frozenset[str], list[Row]]:
    """The names of the columns, in lower case, and the rows; notes above them are passed over."""
    rest = text.lstrip("\ufeff")
    for _number in range(_PREAMBLE):
        head, _end, rest = rest.partition("\n")
        columns = _columns(head.strip())
        if _is_header(frozenset(columns)):
            return frozenset(columns), _read_rows(columns, rest)
    return frozenset(), []


def _columns(head: str) -> list[str]:
    try:
        return [one.strip().lower() for one in next(csv.reader([head]), [])]
    except csv.Error:
        return []


def _read_rows(columns: list[str], text: str) -> list[Row]:
    table = csv.reader(io.StringIO(text, newline=""))
    found: list[Row] = []
    try:
        found.extend(
            dict(zip(columns, row, strict=False))
            for row in itertools.islice(table, plain.MAX_ITEMS)
            if any(row)
        )
    except csv.Error:
        # A field longer than any CV: what stands above it counts.
        return found
    return found


def _is_header(columns: frozenset[str]) -> bool:
    return columns == _SKILLS or any(needed <= columns for needed, _read in _BY_COLUMNS)


def _taken(name: str, columns: frozenset[str], rows: list[Row]) -> dict[str, Any] | None:
    # One column called "Name" could be anything, so the file must say that it is about skills.
    if columns == _SKILLS:
        return {"skills": tuple(_claims(rows))} if name == "skills.csv" else None
    for needed, take in _BY_COLUMNS:
        if needed <= columns:
            return take(rows)
    return None


def _profile(rows: list[Row]) -> dict[str, Any]:
    said = [line for row in rows[:1] for key in ("headline", "summary") for line in plain.lines(row.get(key))]
    return {"summary": tuple(said)}


def _positions(rows: list[Row]) -> dict[str, Any]:
    return {"positions": tuple(_entry(row, title="title", place="company name") for row in rows)}


def _education(rows: list[Row]) -> dict[str, Any]:
    found = (_entry(row, title="degree name", place="school name") for row in rows)
    return {"education": tuple(replace(one, ongoing=False) for one in found)}


def _certificates(rows: list[Row]) -> dict[str, Any]:
    found = (_entry(row, title="name", place="authority") for row in rows)
    # How long a certificate is valid is no time of practice.
    return {"certificates": tuple(replace(one, ended=None, ongoing=False) for one in found)}


def _projects(rows: list[Row]) -> dict[str, Any]:
    return {"projects": tuple(_entry(row, title="title", place="") for row in rows)}


def _publications(rows: list[Row]) -> dict[str, Any]:
    found = (
        Entry(
            title=plain.word(row.get("name")),
            begun=plain.moment(row.get("published on")),
            lines=plain.lines(row.get("description")),
        )
        for row in rows
    )
    return {"publications": tuple(found)}


def _languages(rows: list[Row]) -> dict[str, Any]:
    return {"languages": tuple(_claims(rows))}


def _courses(rows: list[Row]) -> dict[str, Any]:
    """Courses say what was learnt, like studies, and no day."""
    return {"skill_lines": tuple(one.name for one in _claims(rows))}


def _claims(rows: list[Row]) -> Iterable[Claim]:
    for row in rows:
        if name := plain.word(row.get("name")):
            yield Claim(name=name, level=plain.word(row.get("proficiency")))


def _entry(row: Row, *, title: str, place: str) -> Entry:
    begun = plain.moment(row.get("started on") or row.get("start date"))
    ended = plain.moment(row.get("finished on") or row.get("end date"))
    said = (*plain.lines(row.get("description")), *plain.lines(row.get("notes")))
    return Entry(
        title=plain.word(row.get(title)),
        place=plain.word(row.get(place)),
        begun=begun,
        ended=ended,
        ongoing=begun is not None and ended is None,
        lines=said,
    )


_SKILLS = frozenset({"name"})
_BY_COLUMNS: tuple[tuple[frozenset[str], Callable[[list[Row]], dict[str, Any]]], ...] = (
    (frozenset({"first name", "last name", "headline", "summary"}), _profile),
    (frozenset({"company name", "title", "started on"}), _positions),
    (frozenset({"school name", "degree name"}), _education),
    (frozenset({"name", "authority"}), _certificates),
    (frozenset({"name", "published on"}), _publications),
    (frozenset({"title", "description", "started on"}), _projects),
    (frozenset({"name", "proficiency"}), _languages),
    (frozenset({"name", "number"}), _courses),
)
