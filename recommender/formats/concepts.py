"""What published frameworks consist of, whatever their format: concepts and relations between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from recommender.formats.found import Finding, Read


class ConceptKind(StrEnum):
    """What a concept is."""

    SKILL = "skill"
    KNOWLEDGE = "knowledge"
    TECHNOLOGY = "technology"
    SKILL_GROUP = "skill-group"
    OCCUPATION = "occupation"
    OCCUPATION_GROUP = "occupation-group"
    ELEMENT = "element"


class RelationKind(StrEnum):
    """How the origin stands to the target. Importance and level carry a value on a scale of the framework."""

    BROADER = "broader"
    ESSENTIAL = "essential"
    OPTIONAL = "optional"
    RELATED = "related"
    USES = "uses"
    IMPORTANCE = "importance"
    LEVEL = "level"
    EXACT_MATCH = "exact-match"
    PRECEDES = "precedes"
    REPLACED_BY = "replaced-by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a concept is called and how it is explained in one language."""

    language: str
    label: str
    alternatives: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    description: str = ""
    definition: str = ""
    scope_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptRecord:
    """One concept, worded in one language, and in `others` where the format holds several."""

    uri: str
    kind: ConceptKind
    language: str
    label: str
    code: str = ""
    alternatives: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    description: str = ""
    definition: str = ""
    scope_note: str = ""
    others: tuple[Wording, ...] = ()
    # Withdrawn by its publisher, and since when, where that is stated.
    retired: bool = False
    retired_on: date | None = None
    # What the format says besides, in its own words.
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "attributes", MappingProxyType(dict(self.attributes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRecord:
    """One relation between two concepts, each named by its URI."""

    origin: str
    kind: RelationKind
    target: str
    value: Decimal | None = None
    attributes: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "attributes", MappingProxyType(dict(self.attributes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A row that became part of a record read later."""


Record = ConceptRecord | RelationRecord | Merged
Stream = Iterator[Read[Record] | Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file of a framework; `rows()` reads it from its beginning.

    Of the kinds in `whole` it holds all concepts, so that one it lacks has been withdrawn.
    """

    file: str
    rows: Callable[[], Stream]
    whole: frozenset[ConceptKind] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A published framework as files: what it is, its tables in reading order, the files nobody reads."""

    slug: str
    name: str
    version: str
    publisher: str
    licence: str
    attribution: str
    language: str
    tables: tuple[Table, ...]
    unread: tuple[str, ...] = ()
    uri: str = ""
