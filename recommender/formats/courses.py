"""Course catalogues as tables (CSV, JSON) -> course records, by a mapping of their columns.

What a source does not state stays unknown: no hours, price or level is made up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from recommender.errors import MalformedInputError
from recommender.formats import course_values, json_items, moochub, tables
from recommender.formats.course_mappings import LEVELS, MOOCHUB, CourseMapping
from recommender.formats.course_records import CatalogueRecord
from recommender.formats.files import Source, sources
from recommender.formats.found import Code, Finding, Read, RowError, Weight
from recommender.formats.tables import Row

T = TypeVar("T")

LONGEST_TEXT = 20_000
"""Characters that are kept of a description or of prerequisites."""

_BETWEEN_KEYWORDS = re.compile(r"[,;|\n]|\s{2,}")


def source(path: Path) -> Source:
    """The one file at `path`. Raises MalformedInputError where it is not one."""
    found = list(sources(path).values())
    if len(found) != 1:
        raise MalformedInputError(f"{path}: holds {len(found)} files instead of one table")
    return found[0]


def read(table: Source, how: CourseMapping) -> Iterator[Read[CatalogueRecord] | Finding]:
    """The courses of `table` one by one, and what is wrong or doubtful with rows, each at its line.

    Raises MalformedInputError where the file has not the columns of the mapping.
    """
    reader = _Reader(table.name, how)
    for row in _rows(table, how):
        if isinstance(row, Finding):
            yield row
            continue
        try:
            record = reader.record(row)
            if how.shape == MOOCHUB and row.item is not None:
                record = replace(record, **moochub.stated(row.item, record))
        except RowError as error:
            yield error.at(table.name, row.line)
            continue
        yield from reader.take_notes()
        yield Read(table.name, row.line, record)


def _rows(table: Source, how: CourseMapping) -> Iterator[Row | Finding]:
    if Path(table.name.removesuffix(".gz")).suffix.lower() == ".json":
        return _items(table, how)
    return tables.rows(table, needs=how.columns.needed(), delimiter=tables.delimiter_of(table))


def _items(table: Source, how: CourseMapping) -> Iterator[Row | Finding]:
    found = False
    for one in json_items.walk(table):
        if isinstance(one, json_items.Member) or one.name not in ("", how.items):
            found |= one.name in ("", how.items) and isinstance(one, json_items.Member) and one.value == []
            continue
        found = True
        if one.error is not None:
            yield one.error.at(table.name, one.number)
        elif not isinstance(one.value, dict):
            expected: dict[str, str | int] = {"expected": "object"}
            yield Finding(file=table.name, line=one.number, code=Code.SHAPE, args=expected)
        else:
            yield Row(_cells(one.value, how), line=one.number, item=one.value)
    if not found:
        raise MalformedInputError(f"{table.name}: holds no list of courses")


def _cells(item: dict[str, Any], how: CourseMapping) -> dict[str, str]:
    return {column: _cell(_at(item, column)) for column in how.columns.named()}


def _at(item: dict[str, Any], column: str) -> object:
    """What stands at `column`: a name, or a path of names and numbers such as `attributes.inLanguage.0`."""
    if column in item:
        return item[column]
    value: object = item
    for step in column.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in value)
    return str(value)


def _keywords(text: str) -> tuple[str, ...]:
    """What stands between commas, semicolons, bars, or two blanks; each once."""
    words = (course_values.clean(one).strip("[]'\" ")[:200] for one in _BETWEEN_KEYWORDS.split(text))
    return tuple(dict.fromkeys(filter(None, words)))


class _Reader:
    """Turns rows into records; knows the ids and titles that came already."""

    def __init__(self, file: str, how: CourseMapping) -> None:
        self._file = file
        self._how = how
        self._levels = {**LEVELS, **how.levels}
        self._ids: dict[str, str] = {}
        self._titles: set[tuple[str, str]] = set()
        self._notes: list[tuple[int, RowError]] = []

    def take_notes(self) -> Iterator[Finding]:
        """What is to be said of the last row, which is kept."""
        for line, error in self._notes:
            found = error.at(self._file, line)
            yield Finding(file=found.file, line=line, code=found.code, args=found.args, weight=Weight.NOTE)

    def record(self, row: Row) -> CatalogueRecord:
        """The record of `row`. Raises RowError when the row cannot be used."""
        self._notes = []
        how, columns = self._how, self._how.columns
        title = course_values.clean(row.needed(columns.title))
        if not title:
            raise RowError(Code.EMPTY, column=columns.title)
        course_values.fits(title, column=columns.title, longest=300)
        url = self._noted(row, lambda: course_values.address(row, columns.url), "")
        provider = self._text(row, columns.provider, longest=200) or how.provider
        source_id = row.text(columns.id) or url or f"{title} | {provider}"
        course_values.fits(source_id, column=columns.id or columns.url, longest=200 if columns.id else 500)
        language = course_values.language(row, how)
        slug = course_values.slug(how.origin, source_id)
        self._remember(slug, source_id)
        hours = self._noted(row, lambda: course_values.hours(row, how), None)
        whole = course_values.whole(hours.hours) if hours else None
        unpriced: tuple[str, int | None] = (how.price_class, None)
        price_class, price = self._noted(row, lambda: course_values.price(row, how), unpriced)
        part = row.text(columns.part)
        if (part, title.casefold()) in self._titles:
            self._notes.append((row.line, RowError(Code.REPEATED, column=columns.title, value=title)))
        self._titles.add((part, title.casefold()))
        return CatalogueRecord(
            slug=slug,
            origin=how.origin,
            source_id=source_id if len(source_id) <= 200 else course_values.digest(source_id),
            title=title,
            language=language,
            format=how.format,
            provider=provider,
            url=url,
            level=self._noted(row, lambda: self._level(row), ""),
            hours=whole,
            hours_estimated=hours is not None and (hours.estimated or hours.hours != whole),
            price_class=price_class,
            price=price,
            topic=course_values.clean(row.text(columns.topic))[:60].strip(),
            prerequisites_text=course_values.clean(row.text(columns.prerequisites))[:LONGEST_TEXT],
            description=course_values.without_tags(row.text(columns.description))[:LONGEST_TEXT],
            keywords=_keywords(row.text(columns.keywords)),
            licence=row.text(columns.licence) or how.licence,
        )

    def _noted(self, row: Row, made: Callable[[], T], otherwise: T) -> T:
        """What `made` gives; where it cannot, a note and `otherwise`: the course is known without it."""
        try:
            return made()
        except RowError as error:
            self._notes.append((row.line, error))
            return otherwise

    def _text(self, row: Row, column: str, *, longest: int) -> str:
        value = course_values.clean(row.text(column))
        course_values.fits(value, column=column, longest=longest)
        return value

    def _remember(self, slug: str, source_id: str) -> None:
        if slug in self._ids:
            same = self._ids[slug] == source_id
            raise RowError(Code.DUPLICATE if same else Code.CLASH, value=source_id[:80])
        self._ids[slug] = source_id

    def _level(self, row: Row) -> str:
        word = row.text(self._how.columns.level)
        if word and word.lower() not in self._levels:
            raise RowError(Code.WORD, column=self._how.columns.level, value=word[:40])
        return self._levels[word.lower()] if word else ""
