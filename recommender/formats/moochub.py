"""MOOChub v3, the open exchange format of course catalogues in Europe (JSON:API): courses in and out.

What the format has no place for stands in the `meta` of a course, which JSON:API keeps for such things, under
our name; skills of our vocabulary are named by their short names within `educationalFramework`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from recommender.domain import MAX_LEVEL, Label
from recommender.formats import course_values, durations
from recommender.formats.course_mappings import FORMATS, LEVELS, PRICE_CLASSES
from recommender.formats.course_records import CatalogueRecord

MEDIA_TYPE = "application/vnd.api+json"
FRAMEWORK = "Groundwork"
"""Our vocabulary and its scale, as `educationalFramework`."""

OURS = "groundwork"
"""Our name in `meta`."""

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:groundwork:moochub")
UNKNOWN_LICENCE = "proprietary"
"""The word of the format for a course whose licence nobody has stated."""

_CURRENCY = "CNY"
_ACCESS = {"free": ["free"], "freemium": ["free", "paid"], "paid": ["paid"], "university": ["student"]}
_A_WEEK = {"h/day": Decimal(7), "h/week": Decimal(1), "h/month": 1 / durations.WEEKS_A_MONTH}
_RESOURCE_TYPE = {
    "identifier": "https://w3id.org/kim/hcrt/course",
    "type": "Concept",
    "inScheme": "https://w3id.org/kim/hcrt/scheme",
}


# --- in ---


def stated(item: Mapping[str, Any], record: CatalogueRecord) -> dict[str, Any]:
    """What `item` says beyond the columns of `record`, as its fields; what is malformed is not said."""
    attributes = _object(item.get("attributes"))
    ours = _object(_object(item.get("meta")).get(OURS))
    teaches, taught_words = _skills(attributes.get("teaches"))
    requires, required_words = _skills(attributes.get("competencyRequired"))
    price_class, price = _price(attributes, ours)
    said: dict[str, Any] = {
        "title_zh": _text(ours, "titleZh")[:300],
        "keywords": tuple(dict.fromkeys((*_texts(attributes.get("keywords")), *taught_words))),
        "teaches": teaches,
        "requires": requires,
        "prerequisites_text": _text(ours, "prerequisitesText") or ", ".join(required_words),
        "level": _level(attributes),
        "price_class": price_class,
        "price": price,
        "price_estimated": ours.get("priceBasis") == "estimate",
        "hands_on": ours.get("handsOn") is True,
        "topic": _text(ours, "area")[:60],
        **_hours(attributes, ours, record),
    }
    if ours.get("format") in FORMATS:
        said["format"] = ours["format"]
    for name in ("licence", "provider", "url"):
        # Things that the format wants, though we do not know them.
        if ours.get(name) == "":
            said[name] = ""
    return said


def _hours(attributes: Mapping[str, Any], ours: Mapping[str, Any], record: CatalogueRecord) -> dict[str, Any]:
    if record.hours is not None:
        return {"hours_estimated": record.hours_estimated or ours.get("hoursBasis") == "estimate"}
    workload = _object(attributes.get("workload"))
    value, unit = workload.get("timeValue"), _A_WEEK.get(_text(workload, "timeUnit"))
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or unit is None or value <= 0:
        return {}
    try:
        found = durations.parse(_text(attributes, "duration"), hours_a_week=value * unit)
    except durations.NoDurationError:
        return {}
    return {"hours": course_values.whole(found.hours), "hours_estimated": True} if found else {}


def _price(attributes: Mapping[str, Any], ours: Mapping[str, Any]) -> tuple[str, int | None]:
    access = set(_texts(attributes.get("access")))
    amounts = list(_amounts(attributes.get("offer")))
    known = [amount for amount, currency in amounts if currency == _CURRENCY or amount == 0]
    price = int(min(known).to_integral_value(rounding="ROUND_HALF_UP")) if known else None
    given = _text(ours, "priceClass")
    if given and given in PRICE_CLASSES:
        return given, price
    if "student" in access:
        return "university", price
    if "free" in access:
        return ("freemium" if "paid" in access else "free"), 0
    if amounts:
        return ("free" if price == 0 else "paid"), price
    return ("paid" if "paid" in access else ""), price


def _amounts(offers: object) -> Iterator[tuple[Decimal, str]]:
    """What the course itself costs, by offer; not what only its certificate does."""
    for offer in offers if isinstance(offers, list) else ():
        price = _object(offer).get("price")
        if isinstance(price, bool) or not isinstance(price, int | Decimal) or price < 0:
            continue
        if _text(offer, "category") in ("course", "complete", ""):
            yield Decimal(price), _text(offer, "priceCurrency")


def _level(attributes: Mapping[str, Any]) -> str:
    """The level, where one of the names given is a word we know."""
    levels = attributes.get("educationalLevel")
    for level in levels if isinstance(levels, list) else [levels]:
        for word in (_text(_object(level), "shortCode"), *_names(level)):
            if found := LEVELS.get(word.lower()):
                return found
    return ""


def _skills(skills: object) -> tuple[tuple[tuple[str, int], ...], list[str]]:
    """Skills of our vocabulary with a level, and the names of all others."""
    ours: dict[str, int] = {}
    names: list[str] = []
    for skill in skills if isinstance(skills, list) else ():
        level = _text(_object(_object(skill).get("educationalLevel")), "shortCode")
        slug = _text(_object(skill), "shortCode")
        is_level = len(level) == 1 and level.isascii() and level.isdigit() and 1 <= int(level) <= MAX_LEVEL
        if _text(_object(skill), "educationalFramework") == FRAMEWORK and slug and is_level:
            ours[slug] = max(int(level), ours.get(slug, 0))
        else:
            names += list(_names(skill))[:1]
    return tuple(ours.items()), names


def _names(thing: object) -> Iterator[str]:
    """Its names, the English ones first."""
    names = _object(thing).get("name")
    rows = [_object(one) for one in names] if isinstance(names, list) else []
    for row in sorted(rows, key=lambda one: not _text(one, "inLanguage").lower().startswith("en")):
        if name := course_values.clean(_text(row, "name"))[:200]:
            yield name


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    rows = value if isinstance(value, list) else []
    return [text for one in rows if isinstance(one, str) and (text := course_values.clean(one)[:200])]


# --- out ---


def resource(record: CatalogueRecord, *, skills: Mapping[str, Label], website: str) -> dict[str, Any]:
    """One course as a resource object; `skills` names ours, `website` stands in for a missing URL."""
    provider = {"name": record.provider or FRAMEWORK, "type": "Organization"}
    attributes: dict[str, Any] = {
        "name": record.title,
        "courseCode": record.slug,
        "learningResourceType": _RESOURCE_TYPE,
        "inLanguage": [record.language],
        "publisher": provider,
        "creator": [provider],
        "url": record.url or website,
        "license": [{"identifier": record.licence or UNKNOWN_LICENCE, "url": None, "contentUrl": None}],
        "teaches": [_skill(slug, level, skills) for slug, level in record.teaches],
        "competencyRequired": [_skill(slug, level, skills) for slug, level in record.requires],
        "keywords": list(record.keywords),
    }
    if record.description:
        attributes["description"] = record.description
    if record.hours is not None:
        attributes["duration"] = f"PT{record.hours}H"
    if record.level:
        attributes["educationalLevel"] = [_named_level(record.level, record.level.capitalize())]
    if record.price_class:
        attributes["access"] = _ACCESS[record.price_class]
    if record.price is not None:
        attributes["offer"] = [
            {
                "price": record.price,
                "priceCurrency": _CURRENCY,
                "paymentFrequency": "one-time" if record.price else "other",
                "category": "course",
            }
        ]
    return {
        "id": _identifier(record),
        "type": "Course",
        "attributes": attributes,
        "meta": {OURS: _besides(record)},
    }


def _identifier(record: CatalogueRecord) -> str:
    """The UUID it came with from a source that has such, or one made from its short name."""
    try:
        return str(uuid.UUID(record.source_id))
    except ValueError:
        return str(uuid.uuid5(NAMESPACE, record.slug))


def _besides(record: CatalogueRecord) -> dict[str, Any]:
    said: dict[str, Any] = {
        "titleZh": record.title_zh if record.title_zh != record.title else "",
        "format": record.format,
        "hoursBasis": "estimate" if record.hours_estimated else "",
        "priceClass": record.price_class,
        "priceBasis": "estimate" if record.price_estimated else "",
        "handsOn": record.hands_on,
        "area": record.topic,
        "prerequisitesText": record.prerequisites_text,
    }
    unknown = {name: "" for name in ("licence", "provider", "url") if not getattr(record, name)}
    return {**{name: value for name, value in said.items() if value}, **unknown}


def _skill(slug: str, level: int, skills: Mapping[str, Label]) -> dict[str, Any]:
    label = skills[slug]
    return {
        "name": [{"inLanguage": "en", "name": label.en}, {"inLanguage": "zh", "name": label.zh}],
        "shortCode": slug,
        "educationalFramework": FRAMEWORK,
        "educationalLevel": _named_level(str(level), f"Level {level}"),
    }


def _named_level(code: str, name: str) -> dict[str, Any]:
    return {
        "name": [{"inLanguage": "en", "name": name}],
        "shortCode": code,
        "educationalFramework": FRAMEWORK,
        "type": "EducationalLevel",
    }
