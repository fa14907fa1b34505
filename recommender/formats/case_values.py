"""What the members of a CASE item hold: texts, lists, days, numbers; and what stands in `extensions`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from recommender.formats.concepts import Wording
from recommender.formats.found import Code, RowError

OURS = "groundwork"
"""Our name in `extensions`, and the short name of our own framework."""

LONGEST_URI = 200
LONGEST_LABEL = 500


def text(item: Mapping[str, Any], name: str, *, longest: int | None = None) -> str:
    """The text without blanks around it, or nothing. Raises RowError for anything else, or a longer one."""
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RowError(Code.SHAPE, expected=f"text in {name}")
    value = value.strip()
    if longest is not None and len(value) > longest:
        raise RowError(Code.LENGTH, column=name, longest=longest, got=len(value))
    return value


def needed(item: Mapping[str, Any], name: str) -> str:
    """The text. Raises RowError where there is none."""
    value = text(item, name)
    if not value:
        raise RowError(Code.EMPTY, column=name)
    return value


def words(item: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts of a list, each once. Raises RowError for anything else."""
    value = item.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RowError(Code.SHAPE, expected=f"list of texts in {name}")
    return tuple(dict.fromkeys(one.strip() for one in value if one.strip()))


def strings(item: Mapping[str, Any], name: str) -> Mapping[str, str]:
    """An object of texts, or an empty one. Raises RowError for anything else."""
    value = item.get(name) or {}
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise RowError(Code.SHAPE, expected=f"object of texts in {name}")
    return value


def day(item: Mapping[str, Any], name: str) -> date | None:
    """The day, or None. Raises RowError for what is no date."""
    value = text(item, name)
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        raise RowError(Code.DATE, column=name, value=value[:40]) from None


def number(item: Mapping[str, Any], name: str) -> Decimal | None:
    """The number written as text, or None. Raises RowError for what is none."""
    value = text(item, name)
    try:
        number = Decimal(value) if value else None
    except InvalidOperation:
        number = Decimal("nan")
    if number is not None and (not number.is_finite() or abs(number) >= 10**6):
        raise RowError(Code.NUMBER, column=name, value=value[:40])
    return number


def uri(item: Mapping[str, Any], extension: Mapping[str, Any]) -> str:
    """What names the item: the URI as its publisher spells it, or its identifier where it has none."""
    uri = text(extension, "uri", longest=LONGEST_URI) or text(item, "uri", longest=LONGEST_URI)
    identifier = text(item, "identifier", longest=LONGEST_URI - 9)
    if not uri and not identifier:
        raise RowError(Code.EMPTY, column="uri")
    return uri or f"urn:uuid:{identifier}"


def besides(item: Mapping[str, Any]) -> Mapping[str, str]:
    """What an item of somebody else's says that has no place of its own here."""
    said = {
        "item_type": text(item, "CFItemType"),
        "keywords": " | ".join(words(item, "conceptKeywords")),
        "subject": " | ".join(words(item, "subject")),
        "education_level": " | ".join(words(item, "educationLevel")),
        "alternative_label": text(item, "alternativeLabel"),
        "list_enumeration": text(item, "listEnumeration"),
    }
    return {name: value for name, value in said.items() if value}


def wordings(extension: Mapping[str, Any]) -> Iterator[Wording]:
    """The wordings in other languages."""
    texts = extension.get("texts") or {}
    if not isinstance(texts, dict) or not all(isinstance(one, dict) for one in texts.values()):
        raise RowError(Code.SHAPE, expected="object of objects in texts")
    for language, wording in texts.items():
        yield Wording(
            language=language.lower()[:12],
            label=needed(wording, "label")[:LONGEST_LABEL],
            alternatives=words(wording, "alternatives"),
            hidden=words(wording, "hidden"),
            description=text(wording, "description"),
            definition=text(wording, "definition"),
            scope_note=text(wording, "scope_note"),
        )


def extension(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands under our name in `extensions`."""
    extensions = item.get("extensions")
    ours = extensions.get(OURS) if isinstance(extensions, dict) else None
    return ours if isinstance(ours, dict) else {}


def named(item: Mapping[str, Any], name: str, longest: int) -> str:
    """A text of the document; what is none is not there."""
    value = item.get(name)
    return value.strip()[:longest] if isinstance(value, str) else ""


def licence_text(definitions: object) -> str:
    """The texts of the licences in CFDefinitions."""
    licences = definitions.get("CFLicenses") if isinstance(definitions, dict) else None
    rows: Iterable[Any] = licences if isinstance(licences, list) else ()
    texts = [named(row, "licenseText", 10_000) for row in rows if isinstance(row, dict)]
    return "\n".join(filter(None, texts))
