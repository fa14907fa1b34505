"""Packages of 1EdTech CASE 1.1 (and 1.0): a CFPackage as JSON -> concepts and relations.

A CFItem is a concept, a CFAssociation a relation. What CASE has no place for stands in its `extensions`,
under our name; `case_writing` puts it there. Item types and association types that we do not know are kept
as words beside the nearest of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from recommender.errors import MalformedInputError
from recommender.formats import case_values, json_items
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
)
from recommender.formats.files import Source, sources
from recommender.formats.found import Code, Read, RowError

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

_LONGEST_CODE = 60


def publication(path: Path) -> Publication:
    """The package in `path`: a JSON file, gzipped or not, or a zip that holds one.

    Raises MalformedInputError where there is no CFPackage.
    """
    found = list(sources(path).values())
    if len(found) != 1:
        raise MalformedInputError(f"{path}: holds {len(found)} files instead of one CFPackage")
    package = _Package(found[0])
    document, extension = package.document, case_values.extension(package.document)
    title = case_values.named(document, "title", 200)
    publisher = case_values.named(document, "publisher", 200) or case_values.named(document, "creator", 200)
    if not title:
        raise MalformedInputError(f"{found[0].name}: its CFDocument has no title")
    licence = document.get("licenseURI")
    return Publication(
        slug=_slug(document, extension, title=title),
        name=title,
        version=case_values.named(document, "version", 40),
        publisher=publisher,
        licence=case_values.named(licence, "title", 120) if isinstance(licence, dict) else "",
        attribution=case_values.named(extension, "attribution", 10_000) or package.licence_text,
        language=package.language,
        uri=case_values.named(extension, "uri", 300)
        if "uri" in extension
        else case_values.named(document, "uri", 300),
        tables=(
            Table(file=package.file("CFItems"), rows=package.items, whole=frozenset(ConceptKind)),
            Table(file=package.file("CFAssociations"), rows=package.associations),
        ),
        unread=package.unread,
    )


def _slug(document: dict[str, Any], extension: Mapping[str, Any], *, title: str) -> str:
    """The short name the package brings along, unless that is the one of our own vocabulary; or one made."""
    given = case_values.named(extension, "slug", 50)
    if re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", given):
        return given if given != case_values.OURS else f"case-{case_values.OURS}"
    words = re.sub(r"[^a-z0-9]+", "-", title.lower())[:30].strip("-")
    identifier = re.sub(r"[^a-z0-9]+", "", case_values.named(document, "identifier", 36).lower())[:8]
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
        self.language = case_values.named(document, "language", 12).lower() or "en"
        rubrics = "CFRubrics" if members.get("CFRubrics") or self._has_rubrics else ""
        self.unread = (self.file(rubrics),) if rubrics else ()
        self.licence_text = case_values.licence_text(members.get("CFDefinitions"))

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
        extension = case_values.extension(item)
        uri = case_values.uri(item, extension)
        statement = case_values.needed(item, "fullStatement")
        short = case_values.text(item, "abbreviatedStatement")
        label = short or statement
        if len(label) > case_values.LONGEST_LABEL:
            label = label[: case_values.LONGEST_LABEL - 1].rstrip() + "…"
        is_ours = bool(extension)
        word = case_values.text(item, "CFItemType")
        ends = case_values.day(item, "statusEndDate")
        record = ConceptRecord(
            uri=uri,
            kind=_TYPES.get(word.lower(), ConceptKind.ELEMENT),
            language=case_values.text(item, "language").lower() or self.language,
            label=label,
            code=case_values.text(item, "humanCodingScheme", longest=_LONGEST_CODE),
            alternatives=case_values.words(item, "conceptKeywords") if is_ours else (),
            hidden=case_values.words(extension, "hidden"),
            description=case_values.text(item, "notes"),
            definition="" if label == statement and not short else statement,
            scope_note=case_values.text(extension, "scope_note"),
            others=tuple(case_values.wordings(extension)),
            retired=ends is not None,
            retired_on=ends,
            attributes=case_values.strings(extension, "attributes") if is_ours else case_values.besides(item),
        )
        self._uris[case_values.text(item, "identifier").lower()] = uri
        return record

    def _association(self, item: dict[str, Any]) -> Record:
        ends = [self._end(item, name) for name in ("originNodeURI", "destinationNodeURI")]
        if None in ends:
            return Merged()
        origin, target = (end or "" for end in ends)
        word = case_values.needed(item, "associationType")
        kind = ASSOCIATIONS.get(word) or _NEAREST.get(word)
        if kind is None and not _EXTENDED.fullmatch(word):
            raise RowError(Code.WORD, column="associationType", value=word[:40])
        extension = case_values.extension(item)
        attributes = dict(case_values.strings(extension, "attributes"))
        if word not in ASSOCIATIONS:
            attributes["association"] = word
        return RelationRecord(
            origin=origin,
            kind=kind or RelationKind.RELATED,
            target=target,
            value=case_values.number(extension, "value"),
            attributes=attributes,
        )

    def _end(self, item: dict[str, Any], column: str) -> str | None:
        """The URI of the concept at one end; None for the document."""
        link = item.get(column)
        if not isinstance(link, dict):
            raise RowError(Code.SHAPE, expected=f"object in {column}")
        identifier, uri = case_values.text(link, "identifier").lower(), case_values.text(link, "uri")
        if identifier in self._uris:
            return self._uris[identifier]
        if identifier and identifier == case_values.named(self.document, "identifier", 36).lower():
            return None
        if uri and uri == case_values.named(self.document, "uri", 300):
            return None
        if not uri:
            raise RowError(Code.EMPTY, column=column)
        return uri
