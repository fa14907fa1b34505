"""Which exported CV a file is, by its content."""

from __future__ import annotations

import json
from collections.abc import Mapping

from groundwork.learners import archives
from groundwork.learners.refusals import (
    MAX_DEPTH,
    MAX_VALUES,
    DocumentError,
    ExportWithoutContentError,
    JsonUnreadableError,
)
from groundwork.learners.resumes import europass, europass_candidate, json_resume, linkedin, trees
from groundwork.learners.resumes.values import Resume


def looks_like_xml(data: bytes) -> bool:
    """Whether it begins as XML does, in an encoding of one or of two bytes a character."""
    head = data[:200].removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    return head.replace(b"\x00", b"").lstrip().startswith(b"<")


def of_xml(data: bytes, *, strict: bool = False) -> Resume | None:
    """The Europass CV in an XML file; None for other XML.

    Raises XmlUnsafeError and ExportWithoutContentError, and with `strict` XmlUnreadableError, where else
    damaged XML is taken for a text that begins with "<".
    """
    try:
        name, namespace, content = trees.read(data)
    except DocumentError:
        if strict or europass.NAMESPACE.encode() in data or europass_candidate.NAMESPACE.encode() in data:
            raise
        return None
    if name == europass.ROOT:
        return _with_content(europass.read(content))
    if name == europass_candidate.ROOT and namespace == europass_candidate.NAMESPACE:
        return _with_content(europass_candidate.read(content))
    return None


def of_json(text: str, *, strict: bool = False) -> Resume | None:
    """The JSON Resume or Europass CV in a JSON text; None for other JSON.

    Raises ExportWithoutContentError, and with `strict` JsonUnreadableError.
    """
    try:
        document = _parsed(text)
    except JsonUnreadableError:
        if strict:
            raise
        return None
    if not isinstance(document, Mapping):
        return None
    if europass.is_one(document):
        return _with_content(europass.read(document))
    return _with_content(json_resume.read(document)) if json_resume.is_one(document) else None


def of_table(name: str, text: str) -> Resume | None:
    """The CV in one table of a LinkedIn export; None for other texts."""
    found = linkedin.read([(name, text)]) if "\n" in text[:2000] else None
    return None if found is None else _with_content(found)


def of_archive(data: bytes) -> Resume | None:
    """The CV in a LinkedIn export; None for other archives. Raises as `archives.unpacked` does."""
    parts = archives.unpacked(data, wanted=linkedin.is_wanted)
    found = linkedin.read((name, part.decode("utf-8-sig", errors="replace")) for name, part in parts.items())
    return None if found is None else _with_content(found)


def _with_content(found: Resume) -> Resume:
    if not found.has_content:
        raise ExportWithoutContentError
    return found


def _parsed(text: str) -> object:
    if text.count("[") + text.count("{") > MAX_VALUES:
        raise JsonUnreadableError
    try:
        document: object = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as fault:
        raise JsonUnreadableError from fault
    _check_shape(document)
    return document


def _check_shape(document: object) -> None:
    """What reads the values descends with them, so they must not be too deep, nor too many."""
    waiting, number = [(document, 1)], 0
    while waiting:
        value, depth = waiting.pop()
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        number += len(inner)
        if depth > MAX_DEPTH or number > MAX_VALUES:
            raise JsonUnreadableError
        waiting += [(one, depth + 1) for one in inner if isinstance(one, dict | list)]
