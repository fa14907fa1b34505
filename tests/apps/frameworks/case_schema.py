"""What a CFPackage of CASE 1.1 may and must hold, after the information model of 1EdTech, as a JSON Schema.

Only the parts that Groundwork writes; no property beyond those of the model is allowed but in `extensions`.
"""

from __future__ import annotations

from typing import Any

UUID = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
}
TEXT = {"type": "string", "minLength": 1}
URI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:[!#$&-;=?-Z\[\]_a-z~%]+$"}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
TEXTS = {"type": "array", "items": TEXT}
OBJECT = {"type": "object"}
EXTENDED = {"type": "string", "pattern": r"^ext:[A-Za-z0-9._-]+$"}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {}), "extensions": OBJECT},
        "additionalProperties": False,
    }


def _link(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """A link, which has no extensions."""
    made = _object(required, optional)
    del made["properties"]["extensions"]
    return made


LINK = _link({"title": TEXT, "identifier": UUID, "uri": URI})
NODE = _link(
    {"title": TEXT, "identifier": TEXT, "uri": URI}, {"targetType": {"anyOf": [{"enum": ["CASE"]}, EXTENDED]}}
)
RECORD = {"identifier": UUID, "uri": URI, "lastChangeDateTime": MOMENT}
ASSOCIATION_TYPE = {
    "anyOf": [
        {
            "enum": [
                "isChildOf",
                "isPeerOf",
                "isPartOf",
                "exactMatchOf",
                "precedes",
                "isRelatedTo",
                "replacedBy",
                "exemplar",
                "hasSkillLevel",
                "isTranslationOf",
            ]
        },
        EXTENDED,
    ]
}
DOCUMENT = _object(
    {**RECORD, "creator": TEXT, "title": TEXT},
    {
        "frameworkType": TEXT,
        "caseVersion": {"enum": ["1.1"]},
        "officialSourceURL": URI,
        "publisher": TEXT,
        "description": TEXT,
        "subject": TEXTS,
        "language": TEXT,
        "version": TEXT,
        "adoptionStatus": TEXT,
        "statusStartDate": DAY,
        "statusEndDate": DAY,
        "licenseURI": LINK,
        "notes": TEXT,
    },
)
ITEM = _object(
    {**RECORD, "fullStatement": TEXT},
    {
        "alternativeLabel": TEXT,
        "CFItemType": TEXT,
        "humanCodingScheme": TEXT,
        "listEnumeration": TEXT,
        "abbreviatedStatement": TEXT,
        "conceptKeywords": TEXTS,
        "notes": TEXT,
        "subject": TEXTS,
        "language": TEXT,
        "educationLevel": TEXTS,
        "CFItemTypeURI": LINK,
        "licenseURI": LINK,
        "statusStartDate": DAY,
        "statusEndDate": DAY,
    },
)
ASSOCIATION = _object(
    {
        **RECORD,
        "associationType": ASSOCIATION_TYPE,
        "originNodeURI": NODE,
        "destinationNodeURI": NODE,
    },
    {"sequenceNumber": {"type": "integer"}, "notes": TEXT},
)
TYPE = _object({**RECORD, "title": TEXT, "description": TEXT, "hierarchyCode": TEXT}, {"typeCode": TEXT})
LICENCE = _object({**RECORD, "title": TEXT, "licenseText": TEXT}, {"description": TEXT})
PACKAGE = _object(
    {"CFDocument": DOCUMENT},
    {
        "CFItems": {"type": "array", "items": ITEM},
        "CFAssociations": {"type": "array", "items": ASSOCIATION},
        "CFDefinitions": _object(
            {},
            {
                "CFItemTypes": {"type": "array", "items": TYPE},
                "CFLicenses": {"type": "array", "items": LICENCE},
            },
        ),
    },
)
