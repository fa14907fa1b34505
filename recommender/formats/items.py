"""Tables whatever they are written in: CSV, a JSON list, or JSON with one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from recommender.errors import MalformedInputError
from recommender.formats import tables
from recommender.formats.files import Source
from recommender.formats.found import Code, Finding
from recommender.formats.tables import Row

LONGEST_FILE = 256 << 20
"""Bytes of one JSON list; it is read whole."""
LONGEST_LINE = 4 << 20
LINES = (".jsonl", ".ndjson")


def rows(table: Source, *, columns: Sequence[str], items: str = "") -> Iterator[Row | Finding]:
    """The rows of `table` with the cells of `columns`, which in JSON may be paths such as `a.b.0`.

    In a JSON list the line of a row is its number; `items` names the list, where the file is not the list
    itself. Raises MalformedInputError where the file is no such table.
    """
    suffix = Path(table.name.removesuffix(".gz")).suffix.lower()
    if suffix == ".json":
        return _objects(_listed(table, items=items), table, columns)
    if suffix in LINES:
        return _objects(_lines(table), table, columns)
    return tables.rows(table, needs=columns, delimiter=tables.delimiter_of(table))


def _objects(values: Iterator[object], table: Source, columns: Sequence[str]) -> Iterator[Row | Finding]:
    for number, item in enumerate(values, start=1):
        if not isinstance(item, dict):
            yield Finding(file=table.name, line=number, code=Code.SHAPE, args={"expected": "object"})
            continue
        yield Row({column: _cell(_at(item, column)) for column in columns}, line=number)


def _listed(table: Source, *, items: str) -> Iterator[object]:
    with table.bytes() as file:
        raw = file.read(LONGEST_FILE + 1)
    if len(raw) > LONGEST_FILE:
        raise MalformedInputError(f"{table.name}: too large to be read whole")
    try:
        value = json.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise MalformedInputError(f"{table.name}: is no JSON ({error})") from error
    found = _at(value, items) if isinstance(value, dict) and items else value
    if not isinstance(found, list):
        raise MalformedInputError(f"{table.name}: holds no list of objects")
    yield from found


def _lines(table: Source) -> Iterator[object]:
    """The value of each line; None for one that is no JSON, and for a blank one."""
    with table.bytes() as file:
        while line := file.readline(LONGEST_LINE):
            try:
                yield json.loads(line.decode("utf-8-sig"), parse_float=Decimal)
            except (ValueError, RecursionError):
                yield None


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
