"""Loosely shaped data (from JSON, or an XML tree made to look like it) -> words, lists, moments.

Nothing here raises on a wrong shape: what is no word is no word. That is what keeps a hostile file harmless.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from groundwork.learners.resumes.values import Moment

TEXT = "#text"
"""The key of an element's own words beside its attributes and children."""

MAX_ITEMS = 500
"""Items of one list that are read."""

_TAGS = re.compile(r"<(/?)([!a-zA-Z][a-zA-Z0-9]{0,20})[^<>]{0,500}>")
_LINE_ENDS = frozenset({"br", "p", "li", "div", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_UNSEEN = frozenset({"script", "style"})
_BLANKS = re.compile(r"\s+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ISO_MONTH = re.compile(r"(?:19|20)\d\d[-./](1[0-2]|0?[1-9])(?!\d)")
_MONTH_FIRST = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])[-./](?:\d{1,2}[-./])?(?:19|20)\d\d")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHORT_YEAR = re.compile(r"^\d{1,2}/\d{1,2}/(\d\d)$")


def word(value: Any) -> str:
    """One line of words: of a text, a number, or something that has a label or a text of its own."""
    if isinstance(value, Mapping):
        return next((found for key in ("Label", "Name", TEXT) if (found := word(value.get(key)))), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _BLANKS.sub(" ", _without_tags(str(value))).strip()


def lines(value: Any) -> tuple[str, ...]:
    """The lines of a text, without mark-up; of a list, those of all its items."""
    if isinstance(value, list):
        return tuple(line for one in value[:MAX_ITEMS] for line in lines(one))
    if isinstance(value, Mapping):
        return lines(next((value[key] for key in ("Label", "Description", TEXT) if value.get(key)), None))
    if not isinstance(value, str):
        return ()
    found = (_BLANKS.sub(" ", line).strip(" \t-•*·") for line in _without_tags(value).splitlines())
    return tuple(line for line in found if line)


def items(parent: Any, name: str) -> list[Mapping[str, Any]]:
    """What stands under `name`, or in a list called `name` + "List", as Europass wraps it; mappings only."""
    if not isinstance(parent, Mapping):
        return []
    found: list[Any] = []
    for value in (parent.get(name), parent.get(f"{name}List")):
        inner = value.get(name) if isinstance(value, Mapping) and name in value else value
        found += inner if isinstance(inner, list) else [inner]
    return [one for one in found if isinstance(one, Mapping)][:MAX_ITEMS]


def child(parent: Any, *names: str) -> Any:
    """What stands at the end of a path of names; None where it breaks off. Of a list, its first item."""
    for name in names:
        parent = parent.get(name) if isinstance(parent, Mapping) else None
        if isinstance(parent, list):
            parent = parent[0] if parent else None
    return parent


def leaves(value: Any, *, under: str = "") -> Iterator[str]:
    """All lines of text below `value`, codes and identifiers left out."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if not key.endswith(("Code", "ID", "ListName", "Date", "Indicator")):
                yield from leaves(one, under=key)
    elif isinstance(value, list):
        for one in value[:MAX_ITEMS]:
            yield from leaves(one, under=under)
    else:
        yield from lines(value)


def moment(value: Any) -> Moment | None:
    """The year and month of a date as people and programs write it: "2020-03-01", "Mar 2020", 03/2020."""
    if isinstance(value, Mapping):
        year, month = _YEAR.search(word(value.get("Year"))), word(value.get("Month")).strip("-")
        return _moment(int(year.group()), month) if year else moment(value.get("FormattedDateTime"))
    text = word(value)
    year = _YEAR.search(text)
    if year is None:
        short = _SHORT_YEAR.match(text)
        return _moment(2000 + int(short.group(1)), "") if short else None
    numeric = _ISO_MONTH.search(text) or _MONTH_FIRST.search(text)
    named = next((str(n) for n, name in enumerate(_MONTHS, 1) if name in text.lower()), "")
    return _moment(int(year.group()), numeric.group(1) if numeric else named)


def _moment(year: int, month: str) -> Moment:
    is_month = month.isascii() and month.isdigit() and 1 <= int(month[:4]) <= 12
    return Moment(year=year, month=int(month) if is_month else None)


def _without_tags(text: str) -> str:
    """The text of mark-up, in one pass however it is made: scripts left out, a line for each paragraph."""
    if "<" not in text and "&" not in text:
        return text
    parts: list[str] = []
    start, unseen = 0, ""
    for tag in _TAGS.finditer(text):
        name = tag.group(2).lower()
        if not unseen:
            parts.append(text[start : tag.start()])
            parts.append("\n" if name in _LINE_ENDS else "")
            unseen = name if name in _UNSEEN and not tag.group(1) else ""
        elif name == unseen and tag.group(1):
            unseen = ""
        start = tag.end()
    parts.append("" if unseen else text[start:])
    return html.unescape("".join(parts))
