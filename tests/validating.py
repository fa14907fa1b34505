"""Documents against JSON Schemas, formats included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # the package brings no types


def validate(document: object, schema: Mapping[str, Any]) -> None:
    """Raise ValidationError, which says where, for a document that is not valid."""
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(document)
