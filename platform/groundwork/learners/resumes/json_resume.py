"""JSON Resume, schema 1.0.0 (jsonresume.org), and the earlier names of its fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from groundwork.learners.resumes import plain
from groundwork.learners.resumes.values import Claim, Entry, Resume

_LISTS = ("work", "volunteer", "education", "certificates", "publications", "skills", "languages", "projects")
_YEARS = re.compile(r"\d{1,2}")


def is_one(document: Mapping[str, Any]) -> bool:
    """Whether a JSON object is one: `basics`, or two of the lists, or the schema named."""
    schema = document.get("$schema")
    if isinstance(schema, str) and "resume-schema" in schema.lower():
        return True
    lists = sum(isinstance(document.get(name), list) for name in _LISTS)
    return lists >= 2 or (isinstance(document.get("basics"), Mapping) and lists >= 1)


def read(document: Mapping[str, Any]) -> Resume:
    """The CV in it; what is not in the schema's shape is passed over."""
    basics = plain.child(document, "basics")
    return Resume(
        summary=(*plain.lines(plain.child(basics, "label")), *plain.lines(plain.child(basics, "summary"))),
        skills=tuple(_skills(document)),
        positions=tuple(
            _entry(one, title="position", places=("name", "company")) for one in _all(document, "work")
        ),
        projects=(
            *(_entry(one, title="name", places=("entity",)) for one in _all(document, "projects")),
            *(_entry(one, title="position", places=("organization",)) for one in _all(document, "volunteer")),
        ),
        education=tuple(_study(one) for one in _all(document, "education")),
        certificates=tuple(
            Entry(
                title=plain.word(one.get("name")),
                place=plain.word(one.get("issuer")),
                begun=plain.moment(one.get("date")),
            )
            for one in _all(document, "certificates")
        ),
        publications=tuple(
            Entry(
                title=plain.word(one.get("name")),
                begun=plain.moment(one.get("releaseDate")),
                lines=plain.lines(one.get("summary")),
            )
            for one in _all(document, "publications")
        ),
        languages=tuple(
            Claim(name=name, level=plain.word(one.get("fluency")))
            for one in _all(document, "languages")
            if (name := plain.word(one.get("language")))
        ),
    )


def _all(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return plain.items(document, name)


def _skills(document: Mapping[str, Any]) -> Iterator[Claim]:
    """The skills with their level; their keywords without it, for they are named as examples only."""
    for one in _all(document, "skills"):
        if name := plain.word(one.get("name")):
            yield Claim(name=name, level=plain.word(one.get("level")), years=_years(one))
        for keyword in plain.lines(one.get("keywords")):
            yield Claim(name=keyword)


def _years(one: Mapping[str, Any]) -> int | None:
    """Not in the schema, which allows further fields; some programs write it."""
    said = plain.word(one.get("yearsOfExperience") or one.get("years"))
    return int(said) if _YEARS.fullmatch(said) else None


def _entry(one: Mapping[str, Any], *, title: str, places: tuple[str, ...]) -> Entry:
    begun, ended = plain.moment(one.get("startDate")), plain.moment(one.get("endDate"))
    said = (
        name
        for key in ("summary", "description", "highlights", "keywords")
        for name in plain.lines(one.get(key))
    )
    return Entry(
        title=plain.word(one.get(title)),
        place=next((found for key in places if (found := plain.word(one.get(key)))), ""),
        begun=begun,
        ended=ended,
        ongoing=begun is not None and ended is None,
        lines=tuple(said),
    )


def _study(one: Mapping[str, Any]) -> Entry:
    named = [plain.word(one.get("studyType")), plain.word(one.get("area"))]
    return Entry(
        title=" ".join(name for name in named if name),
        place=plain.word(one.get("institution")),
        begun=plain.moment(one.get("startDate")),
        ended=plain.moment(one.get("endDate")),
        lines=plain.lines(one.get("courses")),
    )
