"""Course catalogues as tables (CSV, JSON) -> course records, by a mapping of their columns.

What a source does not state stays unknown: no hours, price or level is made up.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from recommender.errors import MalformedInputError
from recommender.formats import durations, json_items, tables
from recommender.formats.course_mappings import LEVELS, CourseMapping, Unit
from recommender.formats.files import Source, sources
from recommender.formats.found import Code, Finding, Read, RowError, Weight
from recommender.formats.tables import Row

T = TypeVar("T")

LONGEST_FILE = 256 << 20
"""Bytes of one JSON file; it is read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRecord:
    """One course as its source describes it; hours and price are None where unknown."""

    slug: str
    origin: str
    source_id: str
    title: str
    language: str
    format: str
    provider: str = ""
    url: str = ""
    level: str = ""
    hours: int | None = None
    hours_estimated: bool = False
    price_class: str = ""
    price: int | None = None
    topic: str = ""
    prerequisites_text: str = ""
    licence: str = ""


_YES = {
    "true": True,
    "yes": True,
    "1": True,
    "paid": True,
    "false": False,
    "no": False,
    "0": False,
    "free": False,
}
_LANGUAGES = {
    "english": "en",
    "chinese": "zh",
    "chinese (simplified)": "zh",
    "chinese (traditional)": "zh-tw",
    "chinese (china)": "zh",
    "中文": "zh",
    "spanish": "es",
    "french": "fr",
    "german": "de",
    "portuguese": "pt",
    "portuguese (brazil)": "pt-br",
    "italian": "it",
    "japanese": "ja",
    "russian": "ru",
    "arabic": "ar",
    "korean": "ko",
    "hindi": "hi",
    "turkish": "tr",
    "dutch": "nl",
    "polish": "pl",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")
_PLAIN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


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
        except RowError as error:
            yield error.at(table.name, row.line)
            continue
        yield from reader.take_notes()
        yield Read(table.name, row.line, record)


def _rows(table: Source, how: CourseMapping) -> Iterator[Row | Finding]:
    if Path(table.name.removesuffix(".gz")).suffix.lower() == ".json":
        return _items(table, how)
    return tables.rows(table, needs=how.columns.named(), delimiter=tables.delimiter_of(table))


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
            yield Row(_cells(one.value, how), line=one.number)
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
        title = _clean(row.needed(columns.title))
        if not title:
            raise RowError(Code.EMPTY, column=columns.title)
        _fits(title, column=columns.title, longest=300)
        url = self._noted(row, lambda: _address(row, columns.url), "")
        provider = self._text(row, columns.provider, longest=200) or how.provider
        source_id = row.text(columns.id) or url or f"{title} | {provider}"
        _fits(source_id, column=columns.id or columns.url, longest=200 if columns.id else 500)
        language = _language(row, how)
        slug = _slug(how.origin, source_id)
        self._remember(slug, source_id)
        hours = self._noted(row, lambda: _hours(row, how), None)
        unpriced: tuple[str, int | None] = (how.price_class, None)
        price_class, price = self._noted(row, lambda: _price(row, how), unpriced)
        part = row.text(columns.part)
        if (part, title.casefold()) in self._titles:
            self._notes.append((row.line, RowError(Code.REPEATED, column=columns.title, value=title)))
        self._titles.add((part, title.casefold()))
        return CatalogueRecord(
            slug=slug,
            origin=how.origin,
            source_id=source_id if len(source_id) <= 200 else _digest(source_id),
            title=title,
            language=language,
            format=how.format,
            provider=provider,
            url=url,
            level=self._noted(row, lambda: self._level(row), ""),
            hours=_whole(hours.hours) if hours else None,
            hours_estimated=hours is not None and (hours.estimated or hours.hours != _whole(hours.hours)),
            price_class=price_class,
            price=price,
            topic=_clean(row.text(columns.topic))[:60].strip(),
            prerequisites_text=_clean(row.text(columns.prerequisites)),
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
        value = _clean(row.text(column))
        _fits(value, column=column, longest=longest)
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


def _slug(origin: str, source_id: str) -> str:
    """The id of a course: its own id where that is a plain word, or else a readable part and a digest."""
    if _PLAIN_ID.fullmatch(source_id) and len(source_id) <= 38:
        return f"{origin}-{source_id}"
    words = re.sub(r"[^a-z0-9]+", "-", source_id.lower().removeprefix("https://")).strip("-")[:25].strip("-")
    return "-".join(filter(None, (origin, words, _digest(source_id)[:12])))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _clean(text: str) -> str:
    """Without entities, marks of direction and repeated blanks."""
    plain = html.unescape(text)
    kept = "".join(
        char for char in plain if unicodedata.category(char) not in ("Cc", "Cf") or char in "\n\t\u200c\u200d"
    )
    return " ".join(kept.split())


def _fits(value: str, *, column: str, longest: int) -> None:
    if len(value) > longest:
        raise RowError(Code.LENGTH, column=column, longest=longest, got=len(value))


def _address(row: Row, column: str) -> str:
    url = row.text(column, longest=500)
    if url and not _URL.fullmatch(url):
        raise RowError(Code.ADDRESS, column=column, value=url[:80])
    return url


def _language(row: Row, how: CourseMapping) -> str:
    word = row.text(how.columns.language).lower()
    if not word:
        if not how.language:
            raise RowError(Code.EMPTY, column=how.columns.language)
        return how.language
    code = _LANGUAGES.get(word, word.replace("_", "-"))
    if not _LANGUAGE.fullmatch(code):
        raise RowError(Code.WORD, column=how.columns.language, value=word[:40])
    return code


def _hours(row: Row, how: CourseMapping) -> durations.Duration | None:
    column = how.columns.hours
    text = row.text(column)
    if not text or text.lower() in how.hours.unknown:
        return None
    try:
        if how.hours.unit is Unit.TEXT:
            effort = row.text(how.columns.effort)
            a_week = durations.parse_effort(effort) if effort else how.hours.a_week
            found = durations.parse(text, hours_a_week=a_week)
        else:
            found = durations.parse(f"{text} {how.hours.unit.value}")
    except durations.NoDurationError:
        raise RowError(Code.NUMBER, column=column, value=text[:40]) from None
    if found is None:
        return None
    return durations.Duration(
        hours=found.hours * how.hours.factor, estimated=found.estimated or how.hours.estimated
    )


def _whole(hours: Decimal) -> int:
    """Whole hours, at least one."""
    return max(1, int(hours.to_integral_value(rounding="ROUND_HALF_UP")))


def _price(row: Row, how: CourseMapping) -> tuple[str, int | None]:
    """Class and price in whole CNY; a price in another currency is not converted and stays unknown."""
    columns = how.columns
    paid = row.text(columns.paid).lower()
    if paid and paid not in _YES:
        raise RowError(Code.WORD, column=columns.paid, value=paid[:40])
    text = row.text(columns.price).lower()
    if (paid and not _YES[paid]) or text == "free":
        return "free", 0
    if not text:
        return ("paid", None) if paid else (how.price_class, 0 if how.price_class == "free" else None)
    try:
        amount = Decimal(text.strip("$€£¥ ").replace(",", ""))
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or amount < 0:
        raise RowError(Code.NUMBER, column=columns.price, value=text[:40])
    if amount == 0:
        return "free", 0
    return "paid", int(amount.to_integral_value(rounding="ROUND_HALF_UP")) if how.currency == "CNY" else None
