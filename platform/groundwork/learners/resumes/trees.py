"""XML -> data shaped like JSON: safely, and no larger or deeper than any CV."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from groundwork.learners.refusals import MAX_DEPTH, MAX_ELEMENTS, XmlUnreadableError, XmlUnsafeError
from groundwork.learners.resumes.plain import TEXT

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read(data: bytes) -> tuple[str, str, dict[str, Any]]:
    """The local name and the namespace of the root, and its content.

    An element is its text, or a mapping of its attributes and children by local name, capitalised; what
    repeats is a list. Raises XmlUnsafeError for a document type or entities, XmlUnreadableError for damage,
    too many elements and too deep ones.
    """
    root = _root(data)
    namespace, name = _split(root.tag)
    content = _content(root)
    return name, namespace, content if isinstance(content, dict) else {TEXT: content}


def _root(data: bytes) -> Element:
    # Few processes ever read XML.
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    depth, number, root = 0, 0, None
    try:
        events = iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True)
        for event, element in events:
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            number += event == "start"
            if depth > MAX_DEPTH or number > MAX_ELEMENTS:
                raise XmlUnreadableError
    except DefusedXmlException as fault:
        raise XmlUnsafeError from fault
    except (ParseError, ValueError, LookupError) as fault:
        raise XmlUnreadableError from fault
    if root is None:
        raise XmlUnreadableError
    found: Element = root
    return found


def _content(element: Element) -> Any:
    found: dict[str, Any] = {}
    for key, value in element.attrib.items():
        _add(found, _capitalised(_split(key)[1]), value)
    for inner in element:
        _add(found, _capitalised(_split(inner.tag)[1]), _content(inner))
    text = (element.text or "").strip()
    if not found:
        return text
    return {**found, TEXT: text} if text else found


def _add(found: dict[str, Any], key: str, value: Any) -> None:
    if key not in found:
        found[key] = value
    elif isinstance(found[key], list):
        found[key].append(value)
    else:
        found[key] = [found[key], value]


def _split(tag: object) -> tuple[str, str]:
    """Namespace and local name of `{namespace}name`."""
    namespace, bracket, name = str(tag).rpartition("}")
    return (namespace[1:], name) if bracket else ("", name)


def _capitalised(name: str) -> str:
    return name[:1].upper() + name[1:]
