"""Concepts and relations -> a CFPackage of 1EdTech CASE 1.1, as JSON with one item on each line.

Identifiers are UUIDs made from the URIs (RFC 9562, version 5), so that the same framework is the same package
everywhere. What CASE has no place for stands in `extensions`, under our name, where `case` finds it again.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from recommender.formats.case import ASSOCIATIONS
from recommender.formats.case_values import OURS
from recommender.formats.concepts import ConceptKind, ConceptRecord, RelationKind, RelationRecord, Wording

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:groundwork:case")
_TYPES = {kind: word for word, kind in ASSOCIATIONS.items()}
_URI_SIGNS = "!#$&'()*+,/:;=?@[]~%"

DESCRIPTIONS: Mapping[ConceptKind, str] = {
    ConceptKind.SKILL: "Something a person can do.",
    ConceptKind.KNOWLEDGE: "Something a person knows.",
    ConceptKind.TECHNOLOGY: "A tool or product a person can use.",
    ConceptKind.SKILL_GROUP: "Skills that belong together.",
    ConceptKind.OCCUPATION: "What a person works as.",
    ConceptKind.OCCUPATION_GROUP: "Occupations that belong together.",
    ConceptKind.ELEMENT: "Another entry of the framework.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a package says of its framework. `changed_at` is when it was last changed here."""

    slug: str
    title: str
    creator: str
    language: str
    changed_at: datetime
    version: str = ""
    publisher: str = ""
    licence: str = ""
    attribution: str = ""
    uri: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A concept as the end of an association."""

    uri: str
    label: str
    framework: str


Node = dict[str, str]
"""A LinkGenURI."""


class Package:
    """A package being written: give it all concepts, then all relations; it yields text."""

    def __init__(self, head: Head) -> None:
        self.head = head
        # Each concept as the end of associations, by its URI.
        self._nodes: dict[str, Node] = {}
        self._changed = head.changed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def lines(
        self,
        concepts: Iterable[ConceptRecord],
        relations: Iterable[RelationRecord],
        *,
        elsewhere: Mapping[str, End] | None = None,
    ) -> Iterator[str]:
        """The package, piece by piece. `elsewhere` are concepts of other frameworks that relations lead to.

        Relations with an end that is nowhere are left out.
        """
        kinds: set[ConceptKind] = set()
        yield '{"CFDocument": ' + _dumped(self._document()) + ',\n"CFItems": ['
        between = "\n"
        for concept in concepts:
            kinds.add(concept.kind)
            end = End(uri=concept.uri, label=concept.label, framework=self.head.slug)
            self._nodes[concept.uri] = _node(end)
            yield between + _dumped(self._item(concept))
            between = ",\n"
        yield '\n],\n"CFAssociations": ['
        yield from self._associations(relations, elsewhere or {})
        yield '\n],\n"CFDefinitions": ' + _dumped(self._definitions(kinds)) + "}\n"

    def _associations(
        self, relations: Iterable[RelationRecord], elsewhere: Mapping[str, End]
    ) -> Iterator[str]:
        tops = dict.fromkeys(self._nodes)
        others = {uri: _node(end) for uri, end in elsewhere.items()}
        between = "\n"
        for relation in relations:
            origin = self._nodes.get(relation.origin)
            target = self._nodes.get(relation.target) or others.get(relation.target)
            if origin is None or target is None:
                continue
            if relation.kind is RelationKind.BROADER:
                tops.pop(relation.origin, None)
            yield between + _dumped(self._association(relation, origin, target))
            between = ",\n"
        for uri in tops:
            yield between + _dumped(self._top(self._nodes[uri]))
            between = ",\n"

    @property
    def _document_identifier(self) -> str:
        return _identifier(self.head.slug, "document")

    @property
    def _document_uri(self) -> str:
        return as_uri(self.head.uri) if ":" in self.head.uri else f"urn:uuid:{self._document_identifier}"

    def _document(self) -> dict[str, Any]:
        head = self.head
        return _without_empty(
            {
                "identifier": self._document_identifier,
                "uri": self._document_uri,
                "caseVersion": "1.1",
                "creator": head.creator,
                "title": head.title,
                "lastChangeDateTime": self._changed,
                "officialSourceURL": head.uri if head.uri.startswith(("http://", "https://")) else "",
                "publisher": head.publisher,
                "language": head.language,
                "version": head.version,
                "licenseURI": self._licence_link() if head.licence else None,
                "extensions": {OURS: {"slug": head.slug, "uri": head.uri, "attribution": head.attribution}},
            }
        )

    def _item(self, concept: ConceptRecord) -> dict[str, Any]:
        extension: dict[str, Any] = {
            "uri": concept.uri if as_uri(concept.uri) != concept.uri else "",
            "hidden": list(concept.hidden),
            "scope_note": concept.scope_note,
            "texts": {one.language: _wording(one) for one in concept.others},
            "attributes": dict(concept.attributes),
        }
        return _without_empty(
            {
                "identifier": _identifier(self.head.slug, concept.uri),
                "fullStatement": concept.definition or concept.label,
                "abbreviatedStatement": concept.label if concept.definition else "",
                "CFItemType": concept.kind.value,
                "uri": as_uri(concept.uri),
                "humanCodingScheme": concept.code,
                "conceptKeywords": list(concept.alternatives),
                "notes": concept.description,
                "language": concept.language,
                "CFItemTypeURI": _link(f"item-type/{concept.kind.value}", concept.kind.value),
                "statusEndDate": concept.retired_on.isoformat() if concept.retired_on else "",
                "lastChangeDateTime": self._changed,
                # Never empty: it says that the keywords are other names, not topics.
                "extensions": {OURS: {"concept": True, **_without_empty(extension)}},
            }
        )

    def _association(self, relation: RelationRecord, origin: Node, target: Node) -> dict[str, Any]:
        attributes = dict(relation.attributes)
        word = attributes.pop("association", "") or _TYPES[relation.kind]
        extension = _without_empty({"value": _number(relation.value), "attributes": attributes})
        made = self._bare_association(word, origin, target)
        return {**made, "extensions": {OURS: extension}} if extension else made

    def _top(self, concept: Node) -> dict[str, Any]:
        document = {
            "title": self.head.title,
            "identifier": self._document_identifier,
            "uri": self._document_uri,
        }
        return self._bare_association("isChildOf", concept, document)

    def _bare_association(self, word: str, origin: Node, target: Node) -> dict[str, Any]:
        name = f"{origin['identifier']} {word} {target['identifier']}"
        identifier = _identifier(self.head.slug, name)
        return {
            "identifier": identifier,
            "associationType": word,
            "uri": f"urn:uuid:{identifier}",
            "originNodeURI": origin,
            "destinationNodeURI": target,
            "lastChangeDateTime": self._changed,
        }

    def _definitions(self, kinds: Iterable[ConceptKind]) -> dict[str, Any]:
        types = [
            {
                **_link(f"item-type/{kind.value}", kind.value),
                "description": DESCRIPTIONS[kind],
                "hierarchyCode": str(number),
                "lastChangeDateTime": self._changed,
            }
            for number, kind in enumerate(sorted(kinds), start=1)
        ]
        licence = {
            **self._licence_link(),
            "licenseText": self.head.attribution or self.head.licence,
            "lastChangeDateTime": self._changed,
        }
        return _without_empty({"CFItemTypes": types, "CFLicenses": [licence] if self.head.licence else []})

    def _licence_link(self) -> dict[str, str]:
        return _link(f"licence/{self.head.licence}", self.head.licence)


def as_uri(uri: str) -> str:
    """The URI with signs escaped that may not stand in one (RFC 3986, section 2)."""
    return quote(uri, safe=_URI_SIGNS)


def _node(end: End) -> Node:
    return {
        "title": end.label,
        "identifier": _identifier(end.framework, end.uri),
        "uri": as_uri(end.uri),
        "targetType": "CASE",
    }


def _link(name: str, title: str) -> dict[str, str]:
    identifier = _identifier("", name)
    return {"title": title, "identifier": identifier, "uri": f"urn:uuid:{identifier}"}


def _identifier(framework: str, name: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{framework} {name}"))


def _wording(one: Wording) -> dict[str, Any]:
    return _without_empty(
        {
            "label": one.label,
            "alternatives": list(one.alternatives),
            "hidden": list(one.hidden),
            "description": one.description,
            "definition": one.definition,
            "scope_note": one.scope_note,
        }
    )


def _number(value: Decimal | None) -> str:
    return "" if value is None else format(value.normalize(), "f")


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
