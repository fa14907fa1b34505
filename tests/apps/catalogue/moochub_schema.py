"""What a document of MOOChub v3 must hold, after its public schema, as a JSON Schema of our own words.

Only the parts that Groundwork writes; further attributes are none, further `meta` is free (JSON:API).
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1}
IRI = {"type": "string", "pattern": "^[a-z][a-z0-9+.-]*:[^ ]+$"}
UUID = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}


def _list(items: Any, *, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "uniqueItems": True, "minItems": least, "items": items}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


NAMES = _list(_object({"inLanguage": TEXT, "name": TEXT}), least=1)
LEVEL = _object(
    {"name": NAMES, "educationalFramework": TEXT, "type": {"const": "EducationalLevel"}}, {"shortCode": TEXT}
)
SKILL = _object({"name": NAMES, "educationalFramework": TEXT}, {"shortCode": TEXT, "educationalLevel": LEVEL})
PARTY = _object({"name": TEXT, "type": {"enum": ["Organization", "Person"]}})
LICENCE = _object(
    {"identifier": TEXT, "url": {"anyOf": [IRI, {"type": "null"}]}},
    {"contentUrl": {"anyOf": [IRI, {"type": "null"}]}},
)
OFFER = _object(
    {
        "price": {"type": "number", "minimum": 0},
        "priceCurrency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "paymentFrequency": {
            "enum": [
                "one-time",
                "weekly",
                "monthly",
                "quarterly",
                "half-yearly",
                "by semester",
                "yearly",
                "other",
            ]
        },
        "category": {"enum": ["course", "certificate", "complete"]},
    }
)
ATTRIBUTES = _object(
    {
        "name": TEXT,
        "learningResourceType": _object(
            {
                "identifier": {"const": "https://w3id.org/kim/hcrt/course"},
                "type": {"const": "Concept"},
                "inScheme": {"const": "https://w3id.org/kim/hcrt/scheme"},
            }
        ),
        "publisher": PARTY,
        "url": IRI,
        "license": _list(LICENCE, least=1),
        "creator": _list(PARTY, least=1),
    },
    {
        "courseCode": TEXT,
        "description": TEXT,
        "inLanguage": _list(TEXT),
        "duration": {"type": "string", "pattern": r"^P(?!$)(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?)?$"},
        "access": _list({"enum": ["free", "paid", "student", "other"]}),
        "offer": _list(OFFER),
        "teaches": _list(SKILL),
        "competencyRequired": _list(SKILL),
        "educationalLevel": _list(LEVEL),
        "keywords": _list(TEXT),
    },
)
COURSE = _object(
    {"id": UUID, "type": {"const": "Course"}, "attributes": ATTRIBUTES}, {"meta": {"type": "object"}}
)
LINKS = _object({"self": IRI, "first": IRI, "last": IRI}, {"next": IRI, "prev": IRI})
DOCUMENT = _object({"links": LINKS, "data": _list(COURSE)})
