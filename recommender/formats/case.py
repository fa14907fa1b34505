"""Packages of 1EdTech CASE 1.1 (and 1.0): a CFPackage as JSON -> concepts and relations.

A CFItem is a concept, a CFAssociation a relation. What CASE has no place for stands in its `extensions`,
under our name; `case_writing` puts it there. Item types and association types that we do not know are kept
as words beside the nearest of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from recommender.errors import MalformedInputError
from recommender.formats import json_items
from recommender.formats.concepts import (
    ConceptKind,
    ConceptRecord,
    Merged,
    Publication,
    Record,
    RelationKind,
    RelationRecord,
    Stream,
    Table,
    Wording,
)
from recommender.formats.files import Source, sources
from recommender.formats.found import Code, Read, RowError

OURS = "groundwork"
"""Our name in `extensions`, and the short name of our own framework."""

ASSOCIATIONS: Mapping[str, RelationKind] = {
    "isChildOf": RelationKind.BROADER,
    "isRelatedTo": RelationKind.RELATED,
    "exactMatchOf": RelationKind.EXACT_MATCH,
    "precedes": RelationKind.PRECEDES,
    "replacedBy": RelationKind.REPLACED_BY,
    "ext:essential": RelationKind.ESSENTIAL,
    "ext:optional": RelationKind.OPTIONAL,
    "ext:uses": RelationKind.USES,
    "ext:importance": RelationKind.IMPORTANCE,
    "ext:level": RelationKind.LEVEL,
}
"""Types of associations that stand for one kind of relation, both ways."""

# Types for which the nearest kind is taken; the type itself is kept.
_NEAREST = {
    "isPartOf": RelationKind.BROADER,
    "isPeerOf": RelationKind.RELATED,
    "isTranslationOf": RelationKind.RELATED,
    "hasSkillLevel": RelationKind.RELATED,
    "exemplar": RelationKind.RELATED,
}
_EXTENDED = re.compile(r"ext:[A-Za-z0-9._-]+")

_TYPES = {
    **{kind.value: kind for kind in ConceptKind},
    **dict.fromkeys(("competency", "competence", "ability", "standard"), ConceptKind.SKILL),
    **dict.fromkeys(("learning outcome", "outcome", "learning objective"), ConceptKind.SKILL),
    **dict.fromkeys(("group of skills", "cluster", "domain", "strand", "category"), ConceptKind.SKILL_GROUP),
    **dict.fromkeys(("job", "job role", "role"), ConceptKind.OCCUPATION),
    "tool": ConceptKind.TECHNOLOGY,
}

LONGEST_URI = 200
LONGEST_LABEL = 500
_LONGEST_CODE = 60


def publication(path: Path) -> Publication:
    """The package in `path`: a JSON file, gzipped or not, or a zip that holds one.

    Raises MalformedInputError where there is no CFPackage.
    """
    found = list(sources(path).values())
    if len(found) != 1:
        raise MalformedInputError(f"{path}: holds {len(found)} files instead of one CFPackage")
    package = _Package(found[0])
    document, extension = package.document, _extension(package.document)
    title = _named(document, "title", 200)
    publisher = _named(document, "publisher", 200) or _named(document, "creator", 200)
    if not title:
        raise MalformedInputError(f"{found[0].name}: its CFDocument has no title")
    licence = document.get("licenseURI")
    return Publication(
        slug=_slug(document, extension, title=title),
        name=title,
        version=_named(document, "version", 40),
        publisher=publisher,
        licence=_named(licence, "title", 120) if isinstance(licence, dict) else "",
        attribution=_named(extension, "attribution", 10_000) or package.licence_text,
        language=package.language,
        uri=_named(extension, "uri", 300) if "uri" in extension else _named(document, "uri", 300),
        tables=(
            Table(file=package.file("CFItems"), rows=package.items, whole=frozenset(ConceptKind)),
            Table(file=package.file("CFAssociations"), rows=package.associations),
        ),
        unread=package.unread,
    )


def _slug(document: dict[str, Any], extension: Mapping[str, Any], *, title: str) -> str:
    """The short name the package brings along, unless that is the one of our own vocabulary; or one made."""
    given = _named(extension, "slug", 50)
    if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", given):
        return given if given != OURS else f"case-{OURS}"
    words = re.sub(r"[^a-z0-9]+", "-", title.lower())[:30].strip("-")
    identifier = re.sub(r"[^a-z0-9]+", "", _named(document, "identifier", 36).lower())[:8]
    return "-".join(filter(None, ("case", words, identifier)))


class _Package:
    """One file, read once for what it is, and once more for each list."""

    def __init__(self, source: Source) -> None:
        self._source = source
        # Other programs name the ends of an association by the identifier and spell the URI differently.
        self._uris: dict[str, str] = {}
        members = {one.name: one.value for one in json_items.walk(source) if self._is_member(one)}
        document = members.get("CFDocument")
        if not isinstance(document, dict):
            raise MalformedInputError(f"{source.name}: is no CFPackage of CASE; it has no CFDocument")
        self.document: dict[str, Any] = document
        self.language = _named(document, "language", 12).lower() or "en"
        rubrics = "CFRubrics" if members.get("CFRubrics") or self._has_rubrics else ""
        self.unread = (self.file(rubrics),) if rubrics else ()
        self.licence_text = _licence_text(members.get("CFDefinitions"))

    _has_rubrics = False

    def _is_member(self, one: json_items.Item | json_items.Member) -> bool:
        self._has_rubrics |= one.name == "CFRubrics" and isinstance(one, json_items.Item)
        return isinstance(one, json_items.Member)

    def file(self, name: str) -> str:
        """What a list is called in reports; its lines are the numbers of its items."""
        return f"{self._source.name}: {name}"

    def items(self) -> Stream:
        """The concepts."""
        yield from self._read("CFItems", self._item)

    def associations(self) -> Stream:
        """The relations, those to the document itself apart: they only say what stands at the top."""
        if not self._uris:
            for _each in self.items():
                pass
        yield from self._read("CFAssociations", self._association)

    def _read(self, name: str, convert: Callable[[dict[str, Any]], Record]) -> Stream:
        file = self.file(name)
        for one in json_items.walk(self._source):
            if one.name != name or isinstance(one, json_items.Member):
                continue
            if one.error is not None:
                yield one.error.at(file, one.number)
                continue
            try:
                if not isinstance(one.value, dict):
                    raise RowError(Code.SHAPE, expected="object")
                yield Read(file, one.number, convert(one.value))
            except RowError as error:
                yield error.at(file, one.number)

    def _item(self, item: dict[str, Any]) -> ConceptRecord:
        extension = _extension(item)
        uri = _uri(item, extension)
        statement = _needed(item, "fullStatement")
        short = _text(item, "abbreviatedStatement")
        label = short or statement
        if len(label) > LONGEST_LABEL:
            label = label[: LONGEST_LABEL - 1].rstrip() + "…"
        is_ours = bool(extension)
        word = _text(item, "CFItemType")
        ends = _day(item, "statusEndDate")
        record = ConceptRecord(
            uri=uri,
            kind=_TYPES.get(word.lower(), ConceptKind.ELEMENT),
            language=_text(item, "language").lower() or self.language,
            label=label,
            code=_text(item, "humanCodingScheme", longest=_LONGEST_CODE),
            alternatives=_words(item, "conceptKeywords") if is_ours else (),
            hidden=_words(extension, "hidden"),
            description=_text(item, "notes"),
            definition="" if label == statement and not short else statement,
            scope_note=_text(extension, "scope_note"),
            others=tuple(_wordings(extension)),
            retired=ends is not None,
            retired_on=ends,
            attributes=_strings(extension, "attributes") if is_ours else _besides(item),
        )
        self._uris[_text(item, "identifier").lower()] = uri
        return record

    def _association(self, item: dict[str, Any]) -> Record:
        ends = [self._end(item, name) for name in ("originNodeURI", "destinationNodeURI")]
        if None in ends:
            return Merged()
        origin, target = (end or "" for end in ends)
        word = _needed(item, "associationType")
        kind = ASSOCIATIONS.get(word) or _NEAREST.get(word)
        if kind is None and not _EXTENDED.fullmatch(word):
            raise RowError(Code.WORD, column="associationType", value=word[:40])
        extension = _extension(item)
        attributes = dict(_strings(extension, "attributes"))
        if word not in ASSOCIATIONS:
            attributes["association"] = word
        return RelationRecord(
            origin=origin,
            kind=kind or RelationKind.RELATED,
            target=target,
            value=_number(extension, "value"),
            attributes=attributes,
        )

    def _end(self, item: dict[str, Any], column: str) -> str | None:
        """The URI of the concept at one end; None for the document."""
        link = item.get(column)
        if not isinstance(link, dict):
            raise RowError(Code.SHAPE, expected=f"object in {column}")
        identifier, uri = _text(link, "identifier").lower(), _text(link, "uri")
        if identifier in self._uris:
            return self._uris[identifier]
        if identifier and identifier == _named(self.document, "identifier", 36).lower():
            return None
        if uri and uri == _named(self.document, "uri", 300):
            return None
        if not uri:
            raise RowError(Code.EMPTY, column=column)
        return uri


# --- values of items ---


def _text(item: Mapping[str, Any], name: str, *, longest: int | None = None) -> str:
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


def _needed(item: Mapping[str, Any], name: str) -> str:
    value = _text(item, name)
    if not value:
        raise RowError(Code.EMPTY, column=name)
    return value


def _words(item: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = item.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RowError(Code.SHAPE, expected=f"list of texts in {name}")
    return tuple(dict.fromkeys(one.strip() for one in value if one.strip()))


def _strings(item: Mapping[str, Any], name: str) -> Mapping[str, str]:
    value = item.get(name) or {}
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise RowError(Code.SHAPE, expected=f"object of texts in {name}")
    return value


def _day(item: Mapping[str, Any], name: str) -> date | None:
    value = _text(item, name)
    try:
        return date.fromisoformat(value[:10]) if value else None
    except ValueError:
        raise RowError(Code.DATE, column=name, value=value[:40]) from None


def _number(item: Mapping[str, Any], name: str) -> Decimal | None:
    value = _text(item, name)
    try:
        number = Decimal(value) if value else None
    except InvalidOperation:
        number = Decimal("nan")
    if number is not None and (not number.is_finite() or abs(number) >= 10**6):
        raise RowError(Code.NUMBER, column=name, value=value[:40])
    return number


def _uri(item: Mapping[str, Any], extension: Mapping[str, Any]) -> str:
    """What names the item: the URI as its publisher spells it, or its identifier where it has none."""
    uri = _text(extension, "uri", longest=LONGEST_URI) or _text(item, "uri", longest=LONGEST_URI)
    identifier = _text(item, "identifier", longest=LONGEST_URI - 9)
    if not uri and not identifier:
        raise RowError(Code.EMPTY, column="uri")
    return uri or f"urn:uuid:{identifier}"


def _besides(item: Mapping[str, Any]) -> Mapping[str, str]:
    """What an item of somebody else's says that has no place of its own here."""
    said = {
        "item_type": _text(item, "CFItemType"),
        "keywords": " | ".join(_words(item, "conceptKeywords")),
        "subject": " | ".join(_words(item, "subject")),
        "education_level": " | ".join(_words(item, "educationLevel")),
        "alternative_label": _text(item, "alternativeLabel"),
        "list_enumeration": _text(item, "listEnumeration"),
    }
    return {name: value for name, value in said.items() if value}


def _wordings(extension: Mapping[str, Any]) -> Iterator[Wording]:
    texts = extension.get("texts") or {}
    if not isinstance(texts, dict) or not all(isinstance(one, dict) for one in texts.values()):
        raise RowError(Code.SHAPE, expected="object of objects in texts")
    for language, text in texts.items():
        yield Wording(
            language=language.lower()[:12],
            label=_needed(text, "label")[:LONGEST_LABEL],
            alternatives=_words(text, "alternatives"),
            hidden=_words(text, "hidden"),
            description=_text(text, "description"),
            definition=_text(text, "definition"),
            scope_note=_text(text, "scope_note"),
        )


def _extension(item: Mapping[str, Any]) -> Mapping[str, Any]:
    extensions = item.get("extensions")
    ours = extensions.get(OURS) if isinstance(extensions, dict) else None
    return ours if isinstance(ours, dict) else {}


def _named(item: Mapping[str, Any], name: str, longest: int) -> str:
    """A text of the document; what is none is not there."""
    value = item.get(name)
    return value.strip()[:longest] if isinstance(value, str) else ""


def _licence_text(definitions: object) -> str:
    licences = definitions.get("CFLicenses") if isinstance(definitions, dict) else None
    rows: Iterable[Any] = licences if isinstance(licences, list) else ()
    texts = [_named(row, "licenseText", 10_000) for row in rows if isinstance(row, dict)]
    return "\n".join(filter(None, texts))
