"""What a reader answers with: a value and where it stood, or what is wrong there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

T = TypeVar("T")


class Weight(StrEnum):
    """What became of the row: kept as it is, left out as the format itself asks for, or unusable."""

    NOTE = "note"
    LEFT_OUT = "left-out"
    BAD = "bad"


class Code(StrEnum):
    """The reasons, and the arguments that come with each (besides `column`, where there is one)."""

    CELLS = "cells"
    """expected, got"""
    QUOTE = "quote"
    ENCODING = "encoding"
    CONTROL = "control"
    EMPTY = "empty"
    NUMBER = "number"
    """value"""
    WORD = "word"
    """value"""
    LENGTH = "length"
    """longest, got"""
    DUPLICATE = "duplicate"
    """value"""
    UNKNOWN = "unknown"
    """value: it names something that is not there"""
    SUPPRESSED = "suppressed"
    NOT_RELEVANT = "not-relevant"
    SYNTAX = "syntax"
    SHAPE = "shape"
    """expected"""
    ADDRESS = "address"
    """value"""
    CLASH = "clash"
    """value: two ids would get the same short name"""
    REPEATED = "repeated"
    """value: a title that another course of the same source has, too"""
    CIRCLE = "circle"
    """value: courses that wait for each other, though there is another way into them"""
    CLOSED = "closed"
    """value: courses that wait for each other, so that nobody can ever take them"""
    DATE = "date"
    """value"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to say of one row. `line` counts from 1; in JSON it is the number of the item in its list."""

    file: str
    line: int
    code: Code
    weight: Weight = Weight.BAD
    args: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "args", MappingProxyType(dict(self.args)))


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A value and the line it stood in."""

    file: str
    line: int
    value: T


class RowError(Exception):
    """The row being read cannot be used; the reader turns it into a Finding."""

    def __init__(self, code: Code, **args: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.details = args

    def at(self, file: str, line: int) -> Finding:
        """The finding for the row at `line`."""
        return Finding(file=file, line=line, code=self.code, args=self.details)
