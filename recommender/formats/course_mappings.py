"""How tables of courses are read: mappings of their columns, ready-made for known sources or from a file.

A mapping says which column holds what, how the hours are to be read and which of the source's words means
which level; it is one of PRESETS or a small JSON or TOML file with the fields of `CourseMapping`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping as Words
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any

from recommender.errors import MalformedInputError

RESERVED = "seed"
MOOCHUB = "moochub"
"""A shape of sources that say more than columns hold: MOOChub v3."""


class Unit(StrEnum):
    """What the column of hours holds: text such as "3 - 6 months", or a bare number."""

    TEXT = "text"
    HOURS = "hours"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """How hours are read."""

    unit: Unit = Unit.TEXT
    factor: Decimal = Decimal(1)
    """Of a bare number, e.g. 14 weeks of one hour for a unit of credit."""
    estimated: bool = False
    """Whether they are an estimate whatever the source says."""
    a_week: Decimal | None = None
    """Assumed hours a week for a calendar ("3 months") without effort; None leaves those unknown."""
    unknown: frozenset[str] = frozenset()
    """Words that say that there is no figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The column of each thing, or "" where the source has none; in JSON it may be a path (`a.b.0`).

    Without an id the URL is the id, and without a URL title and provider are.
    """

    title: str
    id: str = ""
    provider: str = ""
    url: str = ""
    language: str = ""
    level: str = ""
    hours: str = ""
    effort: str = ""
    """Hours a week, beside a calendar in `hours`."""
    paid: str = ""
    """A yes or no."""
    price: str = ""
    topic: str = ""
    prerequisites: str = ""
    description: str = ""
    keywords: str = ""
    licence: str = ""
    part: str = ""
    """The source within a collection: titles are compared within it only."""

    def named(self) -> tuple[str, ...]:
        """Those that are given."""
        return tuple(value for one in fields(self) if (value := getattr(self, one.name)))

    def needed(self) -> tuple[str, ...]:
        """Those without which a table is another one."""
        return tuple(value for value in self.named() if value not in (self.description, self.keywords))


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseMapping:
    """How one kind of table is read. `origin` tells its courses from all others and begins their ids."""

    origin: str
    name: str
    columns: Columns
    language: str = ""
    """Of the courses, where no column says it."""
    provider: str = ""
    format: str = "course"
    currency: str = ""
    """Of the prices, ISO 4217; only CNY can be compared with the rest, other prices stay unknown."""
    price_class: str = ""
    licence: str = ""
    hours: Hours = Hours()
    levels: Words[str, str] = field(default_factory=dict, hash=False)
    """Word in lower case -> level; added to LEVELS."""
    items: str = ""
    """In JSON: the name of the list of courses, where the file is not the list itself."""
    shape: str = ""
    """`moochub` for a source that speaks MOOChub v3, which says more than columns hold."""


LEVELS: Words[str, str] = {
    "beginner": "beginner",
    "beginner level": "beginner",
    "introductory": "beginner",
    "foundation": "beginner",
    "初级": "beginner",
    "intermediate": "intermediate",
    "intermediate level": "intermediate",
    "中级": "intermediate",
    "advanced": "advanced",
    "advanced level": "advanced",
    "expert level": "advanced",
    "高级": "advanced",
    # The source says that it states no level.
    "all levels": "",
    "mixed": "",
    "conversant": "",
    "not calibrated": "",
}
FORMATS = frozenset(("course", "tutorial", "book", "certification", "competition", "project", "programme"))
PRICE_CLASSES = frozenset(("", "free", "freemium", "paid", "university"))
_ORIGIN = re.compile(r"[a-z][a-z0-9]{1,23}(?:-[a-z0-9]+)*")
_UNIVERSITY_LEVELS = {"undergraduate": "intermediate", "graduate": "advanced"}
_STARS = {
    f"difficulty {n}/6": "beginner" if n < 3 else "intermediate" if n < 5 else "advanced" for n in range(1, 8)
}

PRESETS: Words[str, CourseMapping] = {
    one.origin: one
    for one in (
        CourseMapping(
            origin="coursera-2021",
            name="Coursera 2021",
            columns=Columns(
                title="Course Name",
                provider="University",
                url="Course URL",
                level="Difficulty Level",
                description="Course Description",
                keywords="Skills",
            ),
            language="en",
        ),
        CourseMapping(
            origin="coursera",
            name="Coursera",
            columns=Columns(
                title="Title",
                provider="Organization",
                url="course_url",
                level="Difficulty",
                hours="Duration",
                description="course_description",
                keywords="Skills",
            ),
            language="en",
            # The source gives months in steps and no effort; four hours a week is our assumption.
            hours=Hours(a_week=Decimal(4), estimated=True),
        ),
        CourseMapping(
            origin="udemy",
            name="Udemy",
            columns=Columns(
                title="course_title",
                id="course_id",
                url="url",
                level="level",
                hours="content_duration",
                paid="is_paid",
                price="price",
                topic="subject",
            ),
            language="en",
            provider="Udemy",
            currency="USD",
            hours=Hours(unknown=frozenset(("0", "0 hours"))),
        ),
        CourseMapping(
            origin="edx",
            name="edX",
            columns=Columns(
                title="title",
                provider="institution",
                url="course_url",
                level="level",
                language="language",
                hours="course_length",
                effort="course_effort",
                topic="subject",
            ),
        ),
        CourseMapping(
            origin="mit",
            name="MIT subjects",
            columns=Columns(
                title="title",
                id="number",
                url="url",
                level="level",
                hours="total_units",
                topic="department",
                prerequisites="prerequisites",
            ),
            language="en",
            provider="Massachusetts Institute of Technology",
            price_class="university",
            # A unit is an hour of work a week, a term has 14 weeks; 0 stands for "units arranged".
            hours=Hours(unit=Unit.HOURS, factor=Decimal(14), estimated=True, unknown=frozenset(("0",))),
            levels=_UNIVERSITY_LEVELS,
        ),
        CourseMapping(
            origin="rpi",
            name="Rensselaer Polytechnic Institute",
            columns=Columns(
                title="title",
                id="course_code",
                hours="credit_hours",
                topic="department",
                prerequisites="raw_precoreqs",
                description="description",
            ),
            language="en",
            provider="Rensselaer Polytechnic Institute",
            price_class="university",
            # A credit hour is three hours of work a week, of them one in class, in a term of 15 weeks.
            hours=Hours(unit=Unit.HOURS, factor=Decimal(45), estimated=True, unknown=frozenset(("0",))),
        ),
        CourseMapping(
            origin="free-programming",
            name="Free programming courses",
            columns=Columns(
                title="title", provider="author_or_provider", url="url", language="language", topic="section"
            ),
            price_class="free",
            licence="CC BY 4.0",
        ),
        CourseMapping(
            origin="moochub",
            name="MOOChub",
            items="data",
            shape=MOOCHUB,
            columns=Columns(
                title="attributes.name",
                id="id",
                provider="attributes.publisher.name",
                url="attributes.url",
                # Of a course in several languages, the first.
                language="attributes.inLanguage.0",
                hours="attributes.duration",
                description="attributes.description",
                licence="attributes.license.0.identifier",
            ),
        ),
        CourseMapping(
            origin="microsoft-learn",
            name="Microsoft Learn",
            items="modules",
            columns=Columns(
                title="title",
                id="uid",
                url="url",
                language="locale",
                level="levels",
                hours="duration_in_minutes",
                topic="subjects.0",
                description="summary",
            ),
            language="en",
            provider="Microsoft",
            price_class="free",
            hours=Hours(unit=Unit.MINUTES, unknown=frozenset(("0",))),
        ),
        CourseMapping(
            origin="collected",
            name="Collected catalogues",
            columns=Columns(
                title="title",
                id="source_id",
                provider="provider",
                url="url",
                language="language",
                level="level",
                hours="hours",
                topic="topic",
                prerequisites="prerequisites",
                description="description",
                licence="licence",
                part="source",
            ),
            # The table does not say which of its hours are stated and which were computed.
            hours=Hours(unit=Unit.HOURS, estimated=True),
            levels=_UNIVERSITY_LEVELS | _STARS,
        ),
    )
}


def mapping(name: str) -> CourseMapping:
    """A preset by its name, or the mapping in the JSON or TOML file `name`. Raises MalformedInputError."""
    if name in PRESETS:
        return PRESETS[name]
    path = Path(name)
    if path.suffix not in (".json", ".toml") or not path.is_file():
        raise MalformedInputError(f"{name}: neither a mapping file nor one of {', '.join(sorted(PRESETS))}")
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
        return _mapping(raw)
    except (OSError, ValueError, TypeError, AttributeError, InvalidOperation) as error:
        raise MalformedInputError(f"{name}: is no mapping of course columns ({error})") from error


def _mapping(raw: dict[str, Any]) -> CourseMapping:
    """The mapping in `raw`. Raises ValueError or TypeError for what is none."""
    hours = _hours(dict(raw.pop("hours", {})))
    levels = {str(word).lower(): level for word, level in raw.pop("levels", {}).items()}
    if raw.get("shape") == MOOCHUB:
        # What such a source calls things is known.
        raw = {"items": PRESETS[MOOCHUB].items, "columns": asdict(PRESETS[MOOCHUB].columns), **raw}
    made = CourseMapping(
        columns=Columns(**raw.pop("columns")),
        hours=hours,
        levels=levels,
        **{"name": raw["origin"], **raw},
    )
    _check(made)
    return made


def _hours(raw: dict[str, Any]) -> Hours:
    for name in ("factor", "a_week"):
        if name in raw:
            raw[name] = Decimal(str(raw[name]))
            if not raw[name].is_finite() or raw[name] <= 0:
                raise ValueError(f"hours.{name} must be above 0")
    raw["unit"] = Unit(raw.get("unit", Unit.TEXT))
    raw["unknown"] = frozenset(map(str, raw.get("unknown", ())))
    return Hours(**raw)


def _check(made: CourseMapping) -> None:
    """Raise ValueError or TypeError for a mapping that cannot be used."""
    texts = [made.origin, made.name, made.language, made.provider, made.licence, *made.columns.named()]
    if not all(isinstance(one, str) for one in texts):
        raise TypeError("columns and names must be text")
    if not _ORIGIN.fullmatch(made.origin) or len(made.origin) > 40:
        raise ValueError("origin must be a short name in lower-case letters, digits and hyphens")
    if made.origin == RESERVED:
        raise ValueError(f"the origin {RESERVED!r} is taken by the courses that come with this software")
    if made.format not in FORMATS or made.price_class not in PRICE_CLASSES:
        raise ValueError("format or price_class is none of ours")
    if not set(made.levels.values()) <= {"", "beginner", "intermediate", "advanced"}:
        raise ValueError("levels must be beginner, intermediate, advanced or empty")
    if made.shape not in ("", MOOCHUB):
        raise ValueError(f"shape must be empty or {MOOCHUB}")
    if not made.columns.title or not (made.language or made.columns.language):
        raise ValueError("a title column and a language are needed")
