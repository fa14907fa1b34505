"""Tables as text, row by row, each row with its line; one broken row costs that row and no other."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from recommender.errors import MalformedInputError
from recommender.formats.files import Source
from recommender.formats.found import Code, Finding, Read, RowError

T = TypeVar("T")

LONGEST_ROW = 400
"""Lines of one row. A quote left open would otherwise swallow the rest of the file."""

_ENDS_WHERE_IT_SHOULD = frozenset((Code.ENCODING, Code.CONTROL))


class Row:
    """The cells of one row by column; a column the file lacks reads as empty. `item` is a row of JSON."""

    __slots__ = ("_cells", "item", "line")

    def __init__(self, cells: Mapping[str, str], *, line: int, item: Mapping[str, Any] | None = None) -> None:
        self._cells = cells
        self.line = line
        self.item = item

    def text(self, column: str, *, longest: int | None = None) -> str:
        """The cell without blanks around it. Raises RowError when it is longer than `longest`."""
        value = self._cells.get(column, "").strip()
        if longest is not None and len(value) > longest:
            raise RowError(Code.LENGTH, column=column, longest=longest, got=len(value))
        return value

    def needed(self, column: str, *, longest: int | None = None) -> str:
        """The cell. Raises RowError when it is empty."""
        value = self.text(column, longest=longest)
        if not value:
            raise RowError(Code.EMPTY, column=column)
        return value

    def lines(self, column: str) -> tuple[str, ...]:
        """The lines of the cell, each once, blank ones left out."""
        return tuple(dict.fromkeys(part.strip() for part in self.text(column).splitlines() if part.strip()))

    def number(self, column: str) -> Decimal:
        """The cell as a finite number. Raises RowError where it is none."""
        value = self.needed(column)
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("nan")
        if not number.is_finite():
            raise RowError(Code.NUMBER, column=column, value=value[:40])
        return number

    def one_of(self, column: str, words: Mapping[str, T]) -> T:
        """What the cell's word stands for. Raises RowError for another word."""
        value = self.needed(column)
        if value not in words:
            raise RowError(Code.WORD, column=column, value=value[:40])
        return words[value]


class _Feed:
    """Lines for a csv reader, remembered until their row is done, so that they can be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.row: list[str] = []
        self.line = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.row) >= LONGEST_ROW:
            raise RowError(Code.QUOTE)
        line = self._again.popleft() if self._again else next(self._lines)
        self.row.append(line)
        return line

    def done(self) -> None:
        """Go on behind this row."""
        self.line += len(self.row)
        self.row = []

    def back(self) -> None:
        """Go on with the second line of this row."""
        self._again.extendleft(reversed(self.row[1:]))
        self.line += 1
        self.row = []


def rows(
    source: Source, *, needs: Sequence[str], delimiter: str = ",", quoting: bool = True
) -> Iterator[Row | Finding]:
    """The rows of a table with a header that has at least the columns `needs`, in any order.

    Raises MalformedInputError when there is no such header.
    """
    with source.lines() as lines:
        feed = _Feed(lines)
        split = _splitter(feed, delimiter=delimiter, quoting=quoting)
        header = [cell.strip() for cell in next(split, [])]
        _check_header(header, needs=needs, name=source.name)
        feed.done()
        while True:
            try:
                cells = next(split)
                _check(cells, header, feed.row)
            except StopIteration:
                return
            except (RowError, csv.Error) as error:
                reason = error if isinstance(error, RowError) else RowError(Code.QUOTE)
                yield reason.at(source.name, feed.line)
                if reason.code in _ENDS_WHERE_IT_SHOULD:
                    feed.done()
                    continue
                # Where this row ends is in doubt: its second line may be the next row.
                feed.back()
                split = _splitter(feed, delimiter=delimiter, quoting=quoting)
                continue
            if cells:
                yield Row(dict(zip(header, cells, strict=True)), line=feed.line)
            feed.done()


def _splitter(feed: _Feed, *, delimiter: str, quoting: bool) -> Iterator[list[str]]:
    if quoting:
        return csv.reader(feed, delimiter=delimiter, strict=True)
    return csv.reader(feed, delimiter=delimiter, quoting=csv.QUOTE_NONE, strict=True)


def _check_header(header: Sequence[str], *, needs: Sequence[str], name: str) -> None:
    missing = [column for column in needs if column not in header]
    if missing:
        found = ", ".join(header)[:200] or "nothing"
        raise MalformedInputError(f"{name}: has no column {missing[0]!r}; its first line is: {found}")


def _check(cells: Sequence[str], header: Sequence[str], row: Iterable[str]) -> None:
    if not cells:
        return
    if len(cells) != len(header):
        raise RowError(Code.CELLS, expected=len(header), got=len(cells))
    text = "".join(row)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise RowError(Code.ENCODING) from None
    if "\0" in text:
        raise RowError(Code.CONTROL)


def delimiter_of(source: Source) -> str:
    """Comma, semicolon or tab: the one that splits the first line into most columns."""
    with source.lines() as lines:
        header = next(lines, "")
    return max(",;\t", key=header.count)


def read(
    source: Source, table: Iterable[Row | Finding], convert: Callable[[Row], Iterable[T]]
) -> Iterator[Read[T] | Finding]:
    """What `convert` makes of each row; a RowError it raises becomes the row's finding."""
    for row in table:
        if isinstance(row, Finding):
            yield row
            continue
        try:
            # All of a row or nothing of it.
            made = list(convert(row))
        except RowError as error:
            yield error.at(source.name, row.line)
            continue
        for value in made:
            yield Read(source.name, row.line, value)
