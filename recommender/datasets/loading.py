"""Reads each fixture file into its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from recommender.datasets.estimates import Estimates
from recommender.datasets.records import (
    CourseRecord,
    DemandRecord,
    DemandTermRecord,
    FeederRecord,
    Fixtures,
    HalfLifeRecord,
    PersonLevel,
    PersonRecord,
    PriorityRecord,
    RequirementRecord,
    RoleRecord,
    SkillRecord,
)
from recommender.datasets.rows import Row, read_rows
from recommender.domain import MAX_LEVEL, Course, HalfLife, Profile, Skill, SkillKind
from recommender.errors import InvalidValueError, MalformedInputError

T = TypeVar("T")

SKILL_COLUMNS = "id,kind,half_life,name_en,name_zh,aliases_en,aliases_zh,esco_uri,onet,provenance"
HALF_LIFE_COLUMNS = "half_life,months,name_en,name_zh,basis_en,basis_zh"
ROLE_COLUMNS = (
    "id,code,layer,domain_en,domain_zh,name_en,name_zh,aliases_en,aliases_zh,summary_en,summary_zh,"
    "integration_course,priority,priority_reason_en,priority_reason_zh,priority_source,priority_as_of,esco,onet,csco,provenance"
)
REQUIREMENT_COLUMNS = "role,skill,level,weight,essential,part,source,provenance"
PRIORITY_COLUMNS = "layer,skill,priority,reason_en,reason_zh,source,as_of,basis"
DEMAND_COLUMNS = "role,postings,source,as_of,note_en,note_zh"
DEMAND_TERM_COLUMNS = "role,term,skill,postings"
COURSE_COLUMNS = (
    "id,title_en,title_zh,provider,url,language,level,format,hours,hours_basis,price_class,price,currency,"
    "price_basis,hands_on,requires,teaches,prerequisites_text,area,source,source_id,provenance"
)
FEEDER_COLUMNS = "id,name_en,name_zh,roles,provenance"
FEEDER_LEVEL_COLUMNS = "feeder,skill,level"
PERSON_COLUMNS = "id,name_en,name_zh,headline_en,headline_zh,language,role,hours_per_week,feeder,cv"
PERSON_LEVEL_COLUMNS = "person,skill,level,evidenced_on,provenance"

KINDS = frozenset(SkillKind)
HALF_LIVES = frozenset(HalfLife)
LAYERS = frozenset({"foundation", "technology", "application", "compound"})
PARTS = frozenset({"ai", "domain", "general"})
COURSE_LEVELS = frozenset({"", "beginner", "intermediate", "advanced"})
FORMATS = frozenset({"course", "tutorial", "book", "certification", "competition", "project", "programme"})
PRICE_CLASSES = frozenset({"free", "freemium", "paid", "university"})
BASES = frozenset({"known", "estimate"})
READINGS = frozenset({"stated", "editorial"})


def load(root: Path) -> Fixtures:
    """Read every file below `root`. Raises MalformedInputError naming file, line and column."""
    frameworks = root / "frameworks"
    return Fixtures(
        skills=_keyed(frameworks / "skills.csv", SKILL_COLUMNS, _skill, key=lambda r: r.skill.id),
        half_lives=load_half_lives(root),
        roles=_keyed(frameworks / "roles.csv", ROLE_COLUMNS, _role, key=lambda r: r.id),
        requirements=tuple(
            map(_requirement, read_rows(frameworks / "role_requirements.csv", columns=REQUIREMENT_COLUMNS))
        ),
        priorities=tuple(map(_priority, read_rows(frameworks / "priorities.csv", columns=PRIORITY_COLUMNS))),
        demand=_keyed(frameworks / "demand.csv", DEMAND_COLUMNS, _demand, key=lambda r: r.role),
        demand_terms=tuple(
            map(_demand_term, read_rows(frameworks / "demand_terms.csv", columns=DEMAND_TERM_COLUMNS))
        ),
        courses=load_courses(root / "catalogue"),
        feeders=load_feeders(root),
        people=load_people(root),
    )


def load_courses(folder: Path) -> Mapping[str, CourseRecord]:
    """All of `courses/*.csv` below `folder`, gaps filled from its `estimates.csv`."""
    estimates = Estimates.read(folder / "estimates.csv")
    courses: dict[str, CourseRecord] = {}
    for path in sorted((folder / "courses").glob("*.csv")):
        for row in read_rows(path, columns=COURSE_COLUMNS):
            record = _course(row, estimates=estimates)
            if record.course.id in courses:
                raise row.error("id", f"{record.course.id} occurs twice")
            courses[record.course.id] = record
    if not courses:
        raise MalformedInputError(f"{folder / 'courses'}: no course files found")
    return courses


def _keyed(
    path: Path, columns: str, build: Callable[[Row], T], *, key: Callable[[T], str]
) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for row in read_rows(path, columns=columns):
        record = build(row)
        if key(record) in found:
            raise InvalidValueError(f"{row.where}: {key(record)} occurs twice")
        found[key(record)] = record
    return found


def _skill(row: Row) -> SkillRecord:
    return SkillRecord(
        skill=Skill(
            id=row.needed("id"),
            name=row.label("name"),
            kind=SkillKind(row.one_of("kind", KINDS)),
            half_life=HalfLife(row.one_of("half_life", HALF_LIVES)),
            aliases_en=row.many("aliases_en"),
            aliases_zh=row.many("aliases_zh"),
            esco_uri=row.text("esco_uri"),
            onet=row.text("onet"),
        ),
        provenance=row.text("provenance"),
    )


def _half_life(row: Row) -> HalfLifeRecord:
    return HalfLifeRecord(
        half_life=HalfLife(row.one_of("half_life", HALF_LIVES)),
        months=row.whole("months", lowest=1),
        name=row.label("name"),
        basis=row.label("basis"),
    )


def _role(row: Row) -> RoleRecord:
    return RoleRecord(
        id=row.needed("id"),
        code=row.needed("code"),
        layer=row.one_of("layer", LAYERS),
        domain=row.label("domain"),
        name=row.label("name"),
        aliases_en=row.many("aliases_en"),
        aliases_zh=row.many("aliases_zh"),
        summary=row.label("summary"),
        integration_course=row.text("integration_course"),
        priority=row.whole("priority", lowest=1, highest=3),
        priority_reason=row.label("priority_reason"),
        priority_source=row.needed("priority_source"),
        priority_as_of=row.needed("priority_as_of"),
        esco=row.text("esco"),
        onet=row.text("onet"),
        csco=row.text("csco"),
        provenance=row.needed("provenance"),
    )


def _priority(row: Row) -> PriorityRecord:
    layer, skill = row.text("layer"), row.text("skill")
    if bool(layer) == bool(skill) or (layer and layer not in LAYERS):
        raise row.error("layer", "expected one of the layers, or a skill")
    return PriorityRecord(
        layer=layer,
        skill=skill,
        priority=row.whole("priority", lowest=1, highest=3),
        reason=row.label("reason"),
        source=row.needed("source"),
        as_of=row.needed("as_of"),
        basis=row.one_of("basis", READINGS),
    )


def _requirement(row: Row) -> RequirementRecord:
    return RequirementRecord(
        role=row.needed("role"),
        skill=row.needed("skill"),
        level=row.whole("level", lowest=1, highest=MAX_LEVEL),
        weight=row.whole("weight", lowest=1, highest=5),
        essential=row.flag("essential"),
        part=row.one_of("part", PARTS),
        source=row.text("source"),
        provenance=row.text("provenance"),
    )


def _demand(row: Row) -> DemandRecord:
    return DemandRecord(
        role=row.needed("role"),
        postings=row.whole("postings", lowest=0),
        source=row.needed("source"),
        as_of=row.needed("as_of"),
        note_en=row.text("note_en"),
        note_zh=row.text("note_zh"),
    )


def _demand_term(row: Row) -> DemandTermRecord:
    return DemandTermRecord(
        role=row.needed("role"),
        term=row.needed("term"),
        skill=row.text("skill"),
        postings=row.whole("postings", lowest=0),
    )


def _course(row: Row, *, estimates: Estimates) -> CourseRecord:
    level = row.one_of("level", COURSE_LEVELS)
    price, price_basis = _price(row, estimates=estimates)
    course = _value(row, price=price, estimates=estimates, level=level)
    return CourseRecord(
        course=course,
        title=row.label("title"),
        provider=course.provider,
        url=row.text("url"),
        language=course.language,
        level=level,
        format=course.format,
        hours_basis=row.one_of("hours_basis", BASES) if row.text("hours") else "estimate",
        price_class=row.one_of("price_class", PRICE_CLASSES),
        price_basis=price_basis,
        hands_on=row.flag("hands_on"),
        prerequisites_text=row.text("prerequisites_text"),
        area=row.text("area"),
        source=row.needed("source"),
        source_id=row.text("source_id"),
        provenance=row.needed("provenance"),
    )


def _value(row: Row, *, price: int, estimates: Estimates, level: str) -> Course:
    kind = row.one_of("format", FORMATS)
    stated = row.text("hours")
    hours = row.whole("hours", lowest=1) if stated else estimates.hours_for(kind=kind, level=level)
    return Course(
        id=row.needed("id"),
        hours=hours,
        price=price,
        requires=row.levels("requires"),
        teaches=row.levels("teaches"),
        # No source splits its hours, so a course marked as practice counts with all of them.
        hands_on=hours if row.flag("hands_on") else 0,
        language=row.needed("language"),
        format=kind,
        provider=row.text("provider"),
    )


def _price(row: Row, *, estimates: Estimates) -> tuple[int, str]:
    amount, price_class = row.text("price"), row.one_of("price_class", PRICE_CLASSES)
    if not amount:
        if price_class not in estimates.price:
            raise row.error("price", f"{price_class} needs a price: nothing to estimate it from")
        return estimates.price[price_class], "estimate"
    try:
        price = estimates.in_yuan(Decimal(amount), currency=row.text("currency") or "CNY")
    except (InvalidOperation, KeyError):
        raise row.error("price", f"cannot read {amount!r} in {row.text('currency')!r}") from None
    if price < 0:
        raise row.error("price", "must not be negative")
    # The rates are assumptions, so what they turn a stated price into is an estimate.
    is_converted = price > 0 and row.text("currency") not in ("", "CNY")
    return price, "estimate" if is_converted else row.one_of("price_basis", BASES)


def load_half_lives(root: Path) -> Mapping[str, HalfLifeRecord]:
    """The assumed half-lives alone."""
    path = root / "frameworks" / "half_lives.csv"
    return _keyed(path, HALF_LIFE_COLUMNS, _half_life, key=lambda r: r.half_life.value)


def load_feeders(root: Path) -> Mapping[str, FeederRecord]:
    """The feeder profiles alone."""
    people = root / "people"
    levels: dict[str, dict[str, int]] = {}
    for row in read_rows(people / "feeder_levels.csv", columns=FEEDER_LEVEL_COLUMNS):
        of_feeder = levels.setdefault(row.needed("feeder"), {})
        of_feeder[row.needed("skill")] = row.whole("level", lowest=1, highest=MAX_LEVEL)

    def build(row: Row) -> FeederRecord:
        return FeederRecord(
            id=row.needed("id"),
            name=row.label("name"),
            roles=row.many("roles"),
            profile=Profile(levels=levels.get(row.needed("id"), {})),
            provenance=row.needed("provenance"),
        )

    return _keyed(people / "feeders.csv", FEEDER_COLUMNS, build, key=lambda r: r.id)


def load_people(root: Path) -> Mapping[str, PersonRecord]:
    """The example people alone."""
    people = root / "people"
    levels: dict[str, list[PersonLevel]] = {}
    for row in read_rows(people / "levels.csv", columns=PERSON_LEVEL_COLUMNS):
        levels.setdefault(row.needed("person"), []).append(
            PersonLevel(
                skill=row.needed("skill"),
                level=row.whole("level", lowest=1, highest=MAX_LEVEL),
                evidenced_on=row.day("evidenced_on"),
            )
        )

    def build(row: Row) -> PersonRecord:
        return PersonRecord(
            id=row.needed("id"),
            name=row.label("name"),
            headline=row.label("headline"),
            language=row.needed("language"),
            role=row.needed("role"),
            hours_per_week=row.whole("hours_per_week", lowest=1, highest=60),
            feeder=row.needed("feeder"),
            cv=row.needed("cv"),
            levels=tuple(levels.get(row.needed("id"), ())),
        )

    return _keyed(people / "people.csv", PERSON_COLUMNS, build, key=lambda r: r.id)
