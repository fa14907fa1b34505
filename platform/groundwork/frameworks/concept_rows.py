"""A concept of a publication -> its row: what an import sets, and since when the concept is retired."""

from __future__ import annotations

from datetime import date
from typing import Any

from groundwork.frameworks.models import Concept
from recommender.formats.concepts import ConceptRecord, Wording

FIELDS = ("kind", "code", "label", "texts", "attributes", "retired_on")
"""What an import sets of a concept."""


def worded(row: Concept, record: ConceptRecord, *, on_date: date) -> Concept:
    """The row with what `record` says; wordings in other languages stay."""
    row.kind = record.kind.value
    row.code = record.code
    row.attributes = dict(record.attributes)
    wordings: tuple[ConceptRecord | Wording, ...] = (record, *record.others)
    row.texts = {**row.texts, **{one.language: _text(one) for one in wordings}}
    for one in wordings:
        row.label = one.label if one.language == "en" or not row.label else row.label
    row.retired_on = _retired_on(row, record, on_date=on_date)
    return row


def _text(wording: ConceptRecord | Wording) -> dict[str, Any]:
    return {
        "label": wording.label,
        "alternatives": list(wording.alternatives),
        "hidden": list(wording.hidden),
        "description": wording.description,
        "definition": wording.definition,
        "scope_note": wording.scope_note,
    }


def _retired_on(row: Concept, record: ConceptRecord, *, on_date: date) -> date | None:
    """The day the publisher states, once it has come; or the day on which we first read of it."""
    if record.retired_on is not None:
        return record.retired_on if record.retired_on <= on_date else None
    return (row.retired_on or on_date) if record.retired else None


def state(row: Concept) -> tuple[Any, ...]:
    """What an import sets, to be compared."""
    return tuple(getattr(row, name) for name in FIELDS)
