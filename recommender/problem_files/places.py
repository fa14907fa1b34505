"""JSON values that know their place in the file, so that every complaint names it."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from recommender.domain import MAX_LEVEL
from recommender.errors import MalformedInputError


class Node:
    """A JSON value that knows where it stands; the place is spelled out only for a complaint."""

    __slots__ = ("key", "parent", "value")

    def __init__(self, value: Any, key: str | int, parent: Node | None = None) -> None:
        self.value = value
        self.key = key
        self.parent = parent

    @property
    def where(self) -> str:
        if self.parent is None:
            return str(self.key)
        return (
            f"{self.parent.where}[{self.key}]"
            if isinstance(self.key, int)
            else f"{self.parent.where}: {self.key}"
        )

    def at(self, key: str, **default: Any) -> Node:
        mapping = self.mapping()
        if key not in mapping and "default" not in default:
            raise self.error(f"{key!r} is missing")
        return Node(mapping.get(key, default.get("default")), key, self)

    def items(self) -> list[Node]:
        if not isinstance(self.value, list):
            raise self.error("expected a list")
        return [Node(one, place, self) for place, one in enumerate(self.value)]

    def mapping(self) -> Mapping[str, Any]:
        if not isinstance(self.value, dict):
            raise self.error("expected an object")
        return self.value

    def text(self, *, may_be_empty: bool = False) -> str:
        if not isinstance(self.value, str) or not (self.value or may_be_empty):
            raise self.error("expected a text" if may_be_empty else "expected a text that is not empty")
        return self.value

    def texts(self, *, may_be_empty: bool = False) -> frozenset[str]:
        return frozenset(one.text(may_be_empty=may_be_empty) for one in self.items())

    def one_of(self, words: Collection[str], *, what: str) -> str:
        word = self.text()
        if word not in words:
            raise self.error(f"unknown {what} {word!r}")
        return word

    def whole(self, *, lowest: int, highest: int | None = None) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.error(f"expected a whole number, got {self.value!r}")
        if self.value < lowest:
            raise self.error(f"must be at least {lowest}, got {self.value}")
        if highest is not None and self.value > highest:
            raise self.error(f"must be at most {highest}, got {self.value}")
        return self.value

    def whole_or_none(self) -> int | None:
        return None if self.value is None else self.whole(lowest=0)

    def wholes(self, *, lowest: int, highest: int | None = None) -> dict[str, int]:
        return {key: self.at(key).whole(lowest=lowest, highest=highest) for key in self.mapping()}

    def levels(self, *, lowest: int) -> dict[str, int]:
        return self.wholes(lowest=lowest, highest=MAX_LEVEL)

    def has_format(self, expected: str) -> None:
        found = self.mapping().get("format")
        if found != expected:
            raise self.error(f"expected format {expected!r}, got {found!r}")

    def error(self, problem: str) -> MalformedInputError:
        return MalformedInputError(f"{self.where}: {problem}")


def read(path: Path) -> Any:
    """The JSON value in `path`, unpacked if its name ends in `.gz`. Raises MalformedInputError."""
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        return json.loads(data, object_pairs_hook=_without_repeats)
    except OSError as error:
        reason = error.strerror or str(error)
        raise MalformedInputError(f"{path}: cannot be read ({reason})") from error
    except (EOFError, zlib.error) as error:
        raise MalformedInputError(f"{path}: damaged gzip file ({error})") from error
    except (ValueError, RecursionError) as error:
        raise MalformedInputError(f"{path}: not valid JSON ({error})") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The last of two equal keys would win in silence."""
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {repeated!r} occurs twice in one object")
    return mapping
