"""Job postings (CSV, JSON, JSON Lines) -> records, one by one, and which of them repeat another."""

from __future__ import annotations

import ast
import hashlib
import html
import json
import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np

from recommender.formats import items
from recommender.formats.files import Source
from recommender.formats.found import Code, Finding, Read, RowError, Weight
from recommender.formats.posting_mappings import PostingMapping
from recommender.formats.tables import Row

LONGEST_TEXT = 200_000
UNDATED = 0
"""In place of the number of a day."""

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ])")
_TAG = re.compile(r"<[^<>]{0,400}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRecord:
    """One posting as its source words it. `listed` are skills that stand in a list of their own."""

    title: str
    employer: str = ""
    text: str = ""
    listed: tuple[str, ...] = ()
    posted_on: date | None = None

    @property
    def digest(self) -> str:
        """Hash (32 hex digits) of employer and title; upper case and blanks do not matter.

        >>> one = PostingRecord(title="Data  Engineer", employer="Loom")
        >>> one.digest == PostingRecord(title="data engineer", employer="LOOM").digest
        True
        """
        plain = "\n".join(" ".join(one.casefold().split()) for one in (self.employer, self.title))
        return hashlib.blake2b(plain.encode(), digest_size=16).hexdigest()


def read(table: Source, how: PostingMapping) -> Iterator[Read[PostingRecord] | Finding]:
    """The postings of `table` one by one; what is wrong with a row is said at its line.

    A date that is none is noted and the posting kept as undated. Raises MalformedInputError where the file
    has not the columns of the mapping.
    """
    for row in items.rows(table, columns=how.columns(), items=how.items):
        if isinstance(row, Finding):
            yield row
            continue
        try:
            title = _clean(row.needed(how.title, longest=500))
            if not title:
                raise RowError(Code.EMPTY, column=how.title)
            text = "\n".join(filter(None, (_clean(row.text(one)) for one in how.text)))
            listed = _listed(row.text(how.skills), column=how.skills) if how.skills else ()
        except RowError as error:
            yield error.at(table.name, row.line)
            continue
        posted_on = None
        try:
            posted_on = _day(row, how.posted)
        except RowError as error:
            wrong = error.at(table.name, row.line)
            yield Finding(
                file=wrong.file, line=wrong.line, code=wrong.code, args=wrong.args, weight=Weight.NOTE
            )
        employer = _clean(row.text(how.employer)) if how.employer else ""
        yield Read(
            table.name,
            row.line,
            PostingRecord(
                title=title, employer=employer, text=text[:LONGEST_TEXT], listed=listed, posted_on=posted_on
            ),
        )


def repeated_lines(rows: Iterable[Read[PostingRecord] | Finding], *, days: int) -> frozenset[int]:
    """Lines of postings that repeat, by employer and title, one kept less than `days` before.

    The same rule as `demand.without_repeats`, in 24 bytes a posting: in the order of days, whatever the order
    of the lines; of several on a day, the first line is kept. Undated postings count once.
    """
    keys, dates, lines = array("Q"), array("q"), array("q")
    for one in rows:
        if isinstance(one, Read):
            keys.append(int(one.value.digest[:16], 16))
            dates.append(one.value.posted_on.toordinal() if one.value.posted_on else UNDATED)
            lines.append(one.line)
    order = np.lexsort([np.array(column) for column in (lines, dates, keys)]).tolist()
    repeated = []
    for _, places in groupby(order, key=lambda place: (keys[place], dates[place] == UNDATED)):
        last: int | None = None
        for place in places:
            if last is not None and dates[place] - last < days:
                repeated.append(lines[place])
            else:
                last = dates[place]
    return frozenset(repeated)


def _day(row: Row, column: str) -> date | None:
    value = row.text(column) if column else ""
    if not value:
        return None
    match = _DATE.match(value)
    try:
        return date(*map(int, match.groups())) if match else _no_date(column, value)
    except ValueError:
        return _no_date(column, value)


def _no_date(column: str, value: str) -> date:
    raise RowError(Code.DATE, column=column, value=value[:40])


def _listed(value: str, *, column: str) -> tuple[str, ...]:
    """The members of a list as JSON, Python or commas write it, each once."""
    if not value:
        return ()
    found: object = value.split(",")
    if value.startswith("["):
        try:
            found = json.loads(value)
        except ValueError:
            found = _python_list(value, column=column)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise RowError(Code.WORD, column=column, value=value[:40])
    return tuple(dict.fromkeys(term for one in found if (term := _clean(one))))


def _python_list(value: str, *, column: str) -> object:
    try:
        found: object = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise RowError(Code.WORD, column=column, value=value[:40]) from None
    return found


def _clean(text: str) -> str:
    """Without mark-up and entities; lines stay lines."""
    plain = html.unescape(_TAG.sub("\n", text)) if "<" in text or "&" in text else text
    return "\n".join(" ".join(line.split()) for line in plain.splitlines()).strip()
