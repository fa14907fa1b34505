"""CSV rows that know their place, so that every complaint names file, line and column."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from recommender.domain import MAX_LEVEL, Label, Levels
from recommender.errors import InvalidValueError, MalformedInputError


class Row:
    """One line of a CSV file that knows its place, so that every complaint names it."""

    def __init__(self, cells: Mapping[str, str], *, where: str) -> None:
        self._cells = cells
        self.where = where

    def text(self, column: str) -> str:
        """The cell, stripped."""
        return self._cells[column].strip()

    def needed(self, column: str) -> str:
        """The cell; refused when empty."""
        value = self.text(column)
        if not value:
            raise self.error(column, "must not be empty")
        return value

    def many(self, column: str) -> tuple[str, ...]:
        """The `|`-separated parts of the cell."""
        return tuple(part.strip() for part in self.text(column).split("|") if part.strip())

    def whole(self, column: str, *, lowest: int, highest: int | None = None) -> int:
        """The cell as an integer within bounds."""
        try:
            value = int(self.text(column))
        except ValueError:
            raise self.error(column, f"expected a whole number, got {self.text(column)!r}") from None
        if value < lowest or (highest is not None and value > highest):
            raise self.error(column, f"{value} is out of range")
        return value

    def flag(self, column: str) -> bool:
        """The cell as 1 or 0."""
        return bool(self.whole(column, lowest=0, highest=1))

    def one_of(self, column: str, allowed: frozenset[str]) -> str:
        """The cell, which must be one of a few words."""
        value = self.text(column)
        if value not in allowed:
            raise self.error(column, f"expected one of {', '.join(sorted(allowed))}; got {value!r}")
        return value

    def day(self, column: str) -> date:
        """The cell as a date, YYYY-MM-DD."""
        try:
            return date.fromisoformat(self.text(column))
        except ValueError:
            raise self.error(column, f"expected YYYY-MM-DD, got {self.text(column)!r}") from None

    def label(self, stem: str) -> Label:
        """The cells `<stem>_en` and `<stem>_zh`, both needed."""
        return Label(en=self.needed(f"{stem}_en"), zh=self.needed(f"{stem}_zh"))

    def levels(self, column: str) -> Levels:
        """`python:2 sql:3` as a mapping; levels 1..5."""
        found: dict[str, int] = {}
        for part in self.text(column).split():
            skill, _, level = part.partition(":")
            if not level.isdigit() or not 1 <= int(level) <= MAX_LEVEL or skill in found:
                raise self.error(column, f"expected skill:level once each, levels 1-5; got {part!r}")
            found[skill] = int(level)
        return found

    def error(self, column: str, problem: str) -> InvalidValueError:
        """A complaint that names file, line and column."""
        return InvalidValueError(f"{self.where}, column {column}: {problem}")


def read_rows(path: Path, *, columns: str) -> Iterator[Row]:
    """The rows of a CSV file whose header holds exactly `columns` (comma-separated), in any order."""
    expected = columns.split(",")
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, restval="", strict=True)
            if sorted(reader.fieldnames or ()) != sorted(expected):
                raise MalformedInputError(f"{path}: expected the columns {columns}")
            for cells in reader:
                where = f"{path}:{reader.line_num}"
                if None in cells:
                    raise MalformedInputError(f"{where}: more cells than columns")
                yield Row(cells, where=where)
    except OSError as error:
        raise MalformedInputError(f"{path}: cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise MalformedInputError(f"{path}: {error}") from error
