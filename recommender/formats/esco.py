"""ESCO as the European Commission distributes it: CSV, v1.1.1 and v1.2, in any language.

File names come with or without a language suffix (`skills_en.csv`, `occupationSkillRelations.csv`), columns
in any order; alternative labels stand one a line inside a quoted cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from recommender.errors import MalformedInputError
from recommender.formats import tables
from recommender.formats.concepts import (
    ConceptKind,
    ConceptRecord,
    Publication,
    Record,
    RelationKind,
    RelationRecord,
    Stream,
    Table,
)
from recommender.formats.files import Source, sources
from recommender.formats.found import Code, Finding, RowError, Weight
from recommender.formats.tables import Row

ATTRIBUTION = "This service uses the ESCO classification of the European Commission."
LICENCE = "Commission Decision 2011/833/EU"

_NAME = re.compile(r"^(?P<stem>[A-Za-z]+?)(?:_(?P<language>[a-z]{2}(?:-[A-Za-z]+)?))?\.csv$")
_VERSION = re.compile(r"v(\d+(?:\.\d+)+)")
_LONGEST_URI = 200
_LONGEST_LABEL = 500

_SKILL_TYPES = {
    "knowledge": ConceptKind.KNOWLEDGE,
    "skill/competence": ConceptKind.SKILL,
    "": ConceptKind.SKILL,
}
_RETIRED = frozenset(("obsolete", "retired", "deprecated", "withdrawn"))
_RELATIONS = {"essential": RelationKind.ESSENTIAL, "optional": RelationKind.OPTIONAL}

Convert = Callable[[Row], Iterable[Record]]


def publication(path: Path) -> Publication:
    """What stands in `path`: a zip of the distribution, a folder of its CSV files, or a folder of its zips.

    Raises MalformedInputError where there is no file of ESCO.
    """
    found: dict[str, Source] = {}
    languages: set[str] = set()
    unread = []
    for source in sources(path).values():
        match = _NAME.match(source.name)
        if match is None or match["stem"] not in _ORDER:
            unread.append(source.name)
            continue
        if match["stem"] in found:
            raise MalformedInputError(f"{path}: holds {match['stem']} in two languages; import them apart")
        found[match["stem"]] = source
        languages |= {match["language"]} - {None}
    if not found:
        raise MalformedInputError(f"{path}: holds no CSV file of ESCO, such as skills_en.csv")
    language = languages.pop() if languages else "en"
    version = _VERSION.search(" ".join([path.name, *(str(one.path.name) for one in found.values())]))
    return Publication(
        slug="esco",
        name="ESCO",
        version=version[1] if version else "",
        publisher="European Commission",
        licence=LICENCE,
        attribution=ATTRIBUTION,
        language=language,
        uri="http://data.europa.eu/esco/model",
        tables=tuple(_table(stem, found[stem], language=language) for stem in _ORDER if stem in found),
        unread=tuple(sorted(unread)),
    )


def _table(stem: str, source: Source, *, language: str) -> Table:
    if stem in _CONCEPTS:
        needs = ["conceptUri", "preferredLabel"]
        rows = partial(_concepts, source, needs, stem, language)
        return Table(file=source.name, rows=rows, whole=_WHOLE[stem])
    needs, convert = _RELATION_FILES[stem]
    return Table(file=source.name, rows=partial(_relations, source, needs, convert))


def _concepts(source: Source, needs: list[str], stem: str, language: str) -> Stream:
    convert = partial(_concept, kind=_CONCEPTS[stem], language=language)
    yield from tables.read(source, tables.rows(source, needs=needs), convert)


def _concept(row: Row, *, kind: ConceptKind, language: str) -> Iterable[Record]:
    if kind is ConceptKind.SKILL:
        kind = _skill_kind(row)
    attributes = {name: row.text(column) for name, column in _ATTRIBUTES.items() if row.text(column)}
    schemes = [one.rstrip(",") for one in row.lines("inScheme")]
    if schemes:
        attributes["schemes"] = " ".join(schemes)
    yield ConceptRecord(
        uri=row.needed("conceptUri", longest=_LONGEST_URI),
        kind=kind,
        language=language,
        label=row.needed("preferredLabel", longest=_LONGEST_LABEL),
        code=row.text("code", longest=60),
        alternatives=row.lines("altLabels"),
        hidden=row.lines("hiddenLabels"),
        description=row.text("description"),
        definition=row.text("definition"),
        scope_note=row.text("scopeNote"),
        retired=row.text("status").lower() in _RETIRED,
        attributes=attributes,
    )


def _skill_kind(row: Row) -> ConceptKind:
    word = row.text("skillType")
    if word not in _SKILL_TYPES:
        raise RowError(Code.WORD, column="skillType", value=word[:40])
    return _SKILL_TYPES[word]


def _relations(source: Source, needs: list[str], convert: Convert) -> Stream:
    checked = "skillType" in needs
    for row in tables.rows(source, needs=needs):
        if checked and isinstance(row, Row) and not row.text("skillType"):
            yield Finding(
                file=source.name,
                line=row.line,
                code=Code.EMPTY,
                weight=Weight.NOTE,
                args={"column": "skillType"},
            )
        yield from tables.read(source, [row], convert)


def _relation(row: Row, *, origin: str, target: str) -> Iterable[Record]:
    yield RelationRecord(
        origin=row.needed(origin, longest=_LONGEST_URI),
        kind=row.one_of("relationType", _RELATIONS),
        target=row.needed(target, longest=_LONGEST_URI),
    )


def _broader(row: Row) -> Iterable[Record]:
    yield RelationRecord(
        origin=row.needed("conceptUri", longest=_LONGEST_URI),
        kind=RelationKind.BROADER,
        target=row.needed("broaderUri", longest=_LONGEST_URI),
    )


_ATTRIBUTES: Mapping[str, str] = {
    "status": "status",
    "reuse_level": "reuseLevel",
    "isco_group": "iscoGroup",
    "regulated": "regulatedProfessionNote",
    "modified": "modifiedDate",
}

_CONCEPTS: Mapping[str, ConceptKind] = {
    "ISCOGroups": ConceptKind.OCCUPATION_GROUP,
    "skillGroups": ConceptKind.SKILL_GROUP,
    "skills": ConceptKind.SKILL,
    "occupations": ConceptKind.OCCUPATION,
}

_WHOLE: Mapping[str, frozenset[ConceptKind]] = {
    **{stem: frozenset((kind,)) for stem, kind in _CONCEPTS.items()},
    "skills": frozenset((ConceptKind.SKILL, ConceptKind.KNOWLEDGE)),
}

_RELATION_FILES: Mapping[str, tuple[list[str], Convert]] = {
    "broaderRelationsOccPillar": (["conceptUri", "broaderUri"], _broader),
    "broaderRelationsSkillPillar": (["conceptUri", "broaderUri"], _broader),
    "skillSkillRelations": (
        ["originalSkillUri", "relationType", "relatedSkillUri"],
        partial(_relation, origin="originalSkillUri", target="relatedSkillUri"),
    ),
    "occupationSkillRelations": (
        ["occupationUri", "relationType", "skillType", "skillUri"],
        partial(_relation, origin="occupationUri", target="skillUri"),
    ),
}

# Concepts before the relations that name them.
_ORDER = (*_CONCEPTS, *_RELATION_FILES)
