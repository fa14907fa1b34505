"""Lists in JSON files, one item at a time: a file of any size, and a broken item costs itself only.

Where items stand on lines of their own, as most programs write them, the reader finds the next one behind an
item that is no JSON: it begins at the same place of its line.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from recommender.errors import MalformedInputError
from recommender.formats.files import Source
from recommender.formats.found import Code, RowError

PIECE = 1 << 20
"""Characters read at a time."""

LONGEST_VALUE = 64 << 20
"""Characters of one value. With a bracket left open the rest of the file would be read again and again."""

_BLANK = re.compile(r"[ \t\r\n]*")


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_constant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the list `name`; `number` counts from 1. Where there is an `error`, `value` is None."""

    name: str
    number: int
    value: Any = None
    error: RowError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the outermost object that is no list."""

    name: str
    value: Any


def walk(source: Source) -> Iterator[Item | Member]:
    """The members of the outermost object in their order, lists item by item; an outermost list has no name.

    An empty list comes as a member.

    Raises MalformedInputError where the file is no JSON, apart from broken items.
    """
    with source.bytes() as raw:
        text = _Text(raw, name=source.name)
        if text.take("["):
            yield from _items(text, "")
        elif text.take("{"):
            yield from _members(text)
        else:
            text.refuse("neither an object nor a list")
        if text.peek():
            text.refuse("goes on behind its end")


def _members(text: _Text) -> Iterator[Item | Member]:
    if text.take("}"):
        return
    while True:
        name = text.value()
        if not isinstance(name, str) or not text.take(":"):
            text.refuse("a name and a colon are expected")
        if text.take("["):
            yield from _items(text, name)
        else:
            yield Member(name=name, value=text.value())
        if text.take("}"):
            return
        if not text.take(","):
            text.refuse("a comma or the end of the object is expected")


def _items(text: _Text, name: str) -> Iterator[Item | Member]:
    if text.take("]"):
        yield Member(name=name, value=[])
        return
    number = 0
    while True:
        number += 1
        indent = text.indent()
        try:
            item = Item(name=name, number=number, value=text.checked())
        except RowError as error:
            item = Item(name=name, number=number, error=error)
        yield item
        if item.error is None or item.error.code is not Code.SYNTAX:
            if text.take("]"):
                return
            if text.take(","):
                continue
            number += 1
            yield Item(name=name, number=number, error=RowError(Code.SYNTAX))
        if not text.go_to_next(indent):
            text.refuse(f"item {number} of the list {name!r} is none, and there are no lines to go on with")
        if text.take("]"):
            return


class _Text:
    """The characters from where the reader is, as many as it needs at a time."""

    def __init__(self, raw: Any, *, name: str) -> None:
        self._raw = raw
        self._name = name
        self._decode = codecs.getincrementaldecoder("utf-8-sig")(errors="surrogateescape").decode
        self._held = ""
        self._at = 0
        self._ended = False

    def refuse(self, why: str) -> NoReturn:
        """Raise MalformedInputError."""
        raise MalformedInputError(f"{self._name}: is no JSON ({why})")

    def peek(self) -> str:
        """The next character that is not blank, or nothing at the end."""
        while True:
            match = _BLANK.match(self._held, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._held) or not self._more():
                return self._held[self._at : self._at + 1]

    def take(self, sign: str) -> bool:
        """Step over `sign` where it is next."""
        found = self.peek() == sign
        self._at += found
        return found

    def indent(self) -> str | None:
        """What stands before the next value in its line, where that is blank; None where it is not."""
        self.peek()
        before = self._held[self._held.rfind("\n", 0, self._at) + 1 : self._at]
        begins_line = "\n" in self._held[: self._at] and not before.strip()
        return before if begins_line else None

    def value(self) -> Any:
        """The next value."""
        try:
            return self.checked()
        except RowError as error:
            self.refuse(f"a value is broken: {error.code.value}")

    def checked(self) -> Any:
        """The next value. Raises RowError where it is none (and stays before it), or holds no text."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._at)
            except (ValueError, RecursionError):
                value, end = None, -1
            # A number at the end of what is held may go on.
            if end >= 0 and (end < len(self._held) or self._ended or isinstance(value, dict | list | str)):
                break
            if len(self._held) - self._at > LONGEST_VALUE or not self._more(
                at_least=len(self._held) - self._at
            ):
                raise RowError(Code.SYNTAX)
        written = self._held[self._at : end]
        self._at = end
        _check(written, value)
        return value

    def go_to_next(self, indent: str | None) -> bool:
        """Go to the next line that begins with an object behind `indent`, or to the end of the list.

        False where there is neither.
        """
        if indent is None:
            return False
        begins = re.compile(rf"\n(?:{re.escape(indent)}(?=\{{)|[ \t]{{0,{len(indent)}}}(?=\]))")
        while True:
            match = begins.search(self._held, self._at)
            if match:
                self._at = match.end()
                return True
            if len(self._held) - self._at > LONGEST_VALUE or not self._more():
                return False

    def _more(self, *, at_least: int = 0) -> bool:
        """Read on; what lies behind is dropped but for the line the reader is in."""
        if self._ended:
            return False
        kept = max(0, self._held.rfind("\n", 0, self._at))
        piece = self._raw.read(max(PIECE, at_least))
        self._ended = not piece
        self._held = self._held[kept:] + self._decode(piece, final=not piece)
        self._at -= kept
        return not self._ended


def _check(written: str, value: Any) -> None:
    """Raise RowError for text that is no UTF-8 and for characters that no database takes."""
    if not written.isascii():
        try:
            written.encode()
        except UnicodeEncodeError:
            raise RowError(Code.ENCODING) from None
    if "\\u" in written:
        for text in _texts(value):
            if "\0" in text:
                raise RowError(Code.CONTROL)
            if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
                raise RowError(Code.ENCODING)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from (name, *_texts(one))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
