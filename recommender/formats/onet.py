"""The O*NET database as text (29.x): tab-separated, no quoting at all, `n/a` for what is missing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from recommender.errors import MalformedInputError
from recommender.formats import tables
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
from recommender.formats.found import Code, Finding, Read, RowError, Weight
from recommender.formats.tables import Row

ATTRIBUTION = (
    "O*NET Database by the U.S. Department of Labor, Employment and Training Administration (USDOL/ETA). "
    "Used under the CC BY 4.0 license. O*NET is a trademark of USDOL/ETA."
)

_CODE = "O*NET-SOC Code"
_OCCUPATION = re.compile(r"^\d{2}-\d{4}\.\d{2}$")
_SCALES = {"IM": RelationKind.IMPORTANCE, "LV": RelationKind.LEVEL}
_YES = {"Y": True, "N": False, "n/a": False}
_VERSION = re.compile(r"(\d{2})[._](\d)")
_REFERENCE = "Content Model Reference.txt"
_RATINGS = ("Skills.txt", "Knowledge.txt", "Abilities.txt", "Work Activities.txt")
_READ = ("Occupation Data.txt", _REFERENCE, *_RATINGS, "Technology Skills.txt", "Related Occupations.txt")
_MERGED = ("Job Zones.txt", "Alternate Titles.txt")


def publication(path: Path) -> Publication:
    """What stands in `path`: the folder or the zip of the text edition.

    Raises MalformedInputError where there is no `Occupation Data.txt`.
    """
    found = sources(path)
    if "Occupation Data.txt" not in found:
        raise MalformedInputError(f"{path}: holds no 'Occupation Data.txt' of O*NET")
    version = _VERSION.search("/".join(path.absolute().parts[-2:]))
    return Publication(
        slug="onet",
        name="O*NET",
        version=f"{version[1]}.{version[2]}" if version else "",
        publisher="U.S. Department of Labor, Employment and Training Administration",
        licence="CC-BY-4.0",
        attribution=ATTRIBUTION,
        language="en",
        uri="https://www.onetcenter.org/database.html",
        tables=tuple(
            Table(
                file=name,
                rows=partial(_MAKERS[name], found[name], found),
                whole=_WHOLE.get(name, frozenset()),
            )
            for name in _READ
            if name in found
        ),
        unread=tuple(sorted(name for name in found if name not in (*_READ, *_MERGED))),
    )


def occupation_uri(code: str) -> str:
    """The URI of an O*NET-SOC code."""
    return f"onet:{code}"


def element_uri(code: str) -> str:
    """The URI of an element of the content model."""
    return f"onet:element/{code}"


def _rows(source: Source, *needs: str) -> Iterator[Row | Finding]:
    return tables.rows(source, needs=needs, delimiter="\t", quoting=False)


def _occupation(row: Row, column: str = _CODE) -> str:
    code = row.needed(column)
    if not _OCCUPATION.match(code):
        raise RowError(Code.WORD, column=column, value=code[:40])
    return code


def _known(value: str) -> str:
    return "" if value == "n/a" else value


def _occupations(source: Source, found: Mapping[str, Source]) -> Stream:
    """Occupations, with job zone and alternate titles from the files beside this one."""
    zones: dict[str, str] = {}
    titles: defaultdict[str, list[str]] = defaultdict(list)

    def zone(row: Row) -> Iterable[Record]:
        zones[_occupation(row)] = row.needed("Job Zone")
        yield Merged()

    def title(row: Row) -> Iterable[Record]:
        titles[_occupation(row)].append(row.needed("Alternate Title", longest=500))
        yield Merged()

    def occupation(row: Row) -> Iterable[Record]:
        code = _occupation(row)
        yield ConceptRecord(
            uri=occupation_uri(code),
            kind=ConceptKind.OCCUPATION,
            language="en",
            label=row.needed("Title", longest=500),
            code=code,
            alternatives=tuple(dict.fromkeys(titles[code])),
            description=_known(row.text("Description")),
            attributes={"job_zone": zones[code]} if code in zones else {},
        )

    beside: dict[str, tuple[str, Callable[[Row], Iterable[Record]]]] = {
        "Job Zones.txt": ("Job Zone", zone),
        "Alternate Titles.txt": ("Alternate Title", title),
    }
    for name, (column, convert) in beside.items():
        if name in found:
            yield from tables.read(found[name], _rows(found[name], _CODE, column), convert)
    yield from tables.read(source, _rows(source, _CODE, "Title", "Description"), occupation)


def _element_kind(code: str) -> ConceptKind:
    if code.startswith(("2.A.", "2.B.")):
        return ConceptKind.SKILL
    return ConceptKind.KNOWLEDGE if code.startswith("2.C.") else ConceptKind.ELEMENT


def _element(row: Row) -> ConceptRecord:
    code = row.needed("Element ID", longest=60)
    return ConceptRecord(
        uri=element_uri(code),
        kind=_element_kind(code),
        language="en",
        label=row.needed("Element Name", longest=500),
        code=code,
        description=_known(row.text("Description")),
    )


def _elements(source: Source, _found: Mapping[str, Source]) -> Stream:
    def element(row: Row) -> Iterable[Record]:
        yield _element(row)

    yield from tables.read(source, _rows(source, "Element ID", "Element Name"), element)


def _ratings(source: Source, found: Mapping[str, Source]) -> Stream:
    """One relation per row; rows the database itself marks as unreliable or not relevant are left out."""
    described = _REFERENCE in found
    seen: set[str] = set()

    def rating(row: Row) -> Iterable[Record]:
        element = _element(row)
        relation = RelationRecord(
            origin=occupation_uri(_occupation(row)),
            kind=row.one_of("Scale ID", _SCALES),
            target=element.uri,
            value=row.number("Data Value"),
        )
        if not described and element.uri not in seen:
            seen.add(element.uri)
            yield element
        yield relation

    needs = (_CODE, "Element ID", "Element Name", "Scale ID", "Data Value")
    for row in _rows(source, *needs):
        reason = _reason_to_leave_out(row) if isinstance(row, Row) else None
        if reason is not None and isinstance(row, Row):
            yield Finding(file=source.name, line=row.line, code=reason, weight=Weight.LEFT_OUT)
        else:
            yield from tables.read(source, [row], rating)


def _reason_to_leave_out(row: Row) -> Code | None:
    if row.text("Recommend Suppress") == "Y":
        return Code.SUPPRESSED
    return Code.NOT_RELEVANT if row.text("Not Relevant") == "Y" else None


def _technologies(source: Source, _found: Mapping[str, Source]) -> Stream:
    seen: set[str] = set()

    def technology(row: Row) -> Iterable[Record]:
        commodity = row.needed("Commodity Code", longest=20)
        title = row.needed("Commodity Title", longest=500)
        name = row.needed("Example", longest=160)
        hot, wanted = row.one_of("Hot Technology", _YES), row.one_of("In Demand", _YES)
        group, uri = f"onet:commodity/{commodity}", f"onet:technology/{commodity}/{name}"
        occupation = occupation_uri(_occupation(row))
        new = [each for each in (group, uri) if each not in seen]
        seen.update(new)
        if group in new:
            yield ConceptRecord(
                uri=group, kind=ConceptKind.SKILL_GROUP, language="en", label=title, code=commodity
            )
        if uri in new:
            yield ConceptRecord(uri=uri, kind=ConceptKind.TECHNOLOGY, language="en", label=name)
            yield RelationRecord(origin=uri, kind=RelationKind.BROADER, target=group)
        flags = {"hot": hot, "in_demand": wanted}
        yield RelationRecord(
            origin=occupation,
            kind=RelationKind.USES,
            target=uri,
            attributes={flag: "yes" for flag, holds in flags.items() if holds},
        )

    needs = (_CODE, "Example", "Commodity Code", "Commodity Title", "Hot Technology", "In Demand")
    yield from tables.read(source, _rows(source, *needs), technology)


def _related(source: Source, _found: Mapping[str, Source]) -> Stream:
    def related(row: Row) -> Iterable[Record]:
        yield RelationRecord(
            origin=occupation_uri(_occupation(row)),
            kind=RelationKind.RELATED,
            target=occupation_uri(_occupation(row, "Related O*NET-SOC Code")),
            value=row.number("Index"),
            attributes={"tier": row.text("Relatedness Tier")},
        )

    needs = (_CODE, "Related O*NET-SOC Code", "Relatedness Tier", "Index")
    yield from tables.read(source, _rows(source, *needs), related)


# The ratings name elements, but not all of them.
_WHOLE: Mapping[str, frozenset[ConceptKind]] = {
    "Occupation Data.txt": frozenset((ConceptKind.OCCUPATION,)),
    _REFERENCE: frozenset((ConceptKind.SKILL, ConceptKind.KNOWLEDGE, ConceptKind.ELEMENT)),
    "Technology Skills.txt": frozenset((ConceptKind.TECHNOLOGY, ConceptKind.SKILL_GROUP)),
}

Maker = Callable[[Source, Mapping[str, Source]], Iterator[Read[Record] | Finding]]

_MAKERS: Mapping[str, Maker] = {
    "Occupation Data.txt": _occupations,
    _REFERENCE: _elements,
    **dict.fromkeys(_RATINGS, _ratings),
    "Technology Skills.txt": _technologies,
    "Related Occupations.txt": _related,
}
