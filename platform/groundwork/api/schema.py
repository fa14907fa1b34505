"""What drf-spectacular cannot know: the key, and the refusals that every operation shares."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.views import APIView

from groundwork.api import authentication, problems

PROBLEM = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "The address that explains the code."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "For people, in the language of Accept-Language."},
        "code": {"type": "string", "enum": list(problems.TITLES), "description": "Stable, for programs."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "The place in the body, a JSON pointer as URI fragment.",
                        "examples": ["#/evidence/0/level"],
                    },
                    "parameter": {"type": "string", "description": "The query parameter."},
                    "message": {"type": "string"},
                },
            },
        },
    },
}

REFUSALS = {
    "400": "The request cannot be read: malformed JSON or header.",
    "401": "No key, or one that is unknown or closed.",
    "403": "The key lacks a scope.",
    "404": "There is nothing here, or not for this organisation.",
    "405": "The address does not know the method.",
    "406": "The answer is JSON and nothing else.",
    "422": "Values are out of range, unknown or of the wrong kind. Nothing was written.",
    "429": "Too many requests; Retry-After says how many seconds to wait.",
    "500": "The failure is logged. Nothing was changed.",
}
REFUSALS_OF_BODIES = {
    "409": "The change contradicts what is already there.",
    "413": "The body is larger than 1 MiB.",
    "415": "The body must be application/json.",
}
METHODS = ("get", "post", "put", "patch", "delete")


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped package
    """The key as a bearer token; the list beside it names the scopes of the operation."""

    target_class = "groundwork.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[Any]]:
        view: APIView = auto_schema.view
        return {self.name: authentication.security_of(view, auto_schema.method)}

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key that an administrator of the organisation made; it begins with gwk_.",
        }


def finish(result: dict[str, Any], **_others: Any) -> dict[str, Any]:
    """Postprocessing hook: refusals, language and idempotency on every operation."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path in result["paths"].values():
        for method in METHODS:
            if method in path:
                _finish(path[method], method)
    return result


def _finish(operation: dict[str, Any], method: str) -> None:
    refusals = {**REFUSALS, **(REFUSALS_OF_BODIES if method != "get" else {})}
    for status, description in refusals.items():
        operation["responses"][status] = {
            "description": description,
            "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    operation["responses"] = dict(sorted(operation["responses"].items()))
    parameters = operation.setdefault("parameters", [])
    parameters.append(
        {
            "in": "header",
            "name": "Accept-Language",
            "schema": {"type": "string"},
            "description": "The language of messages: en or zh-Hans. Names come in both.",
        }
    )
    if method == "post":
        parameters.append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
                "description": "Makes a repeat within 24 hours harmless: same key and body, same answer.",
            }
        )
