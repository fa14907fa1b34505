"""Every refusal as application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from rest_framework import exceptions
from rest_framework.views import set_rollback

from groundwork.core.errors import DomainError, InvalidError

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
UNPROCESSABLE = 422

TITLES: dict[str, str | Promise] = {
    "malformed": gettext_lazy("The request cannot be read."),
    "unauthenticated": gettext_lazy("A valid key is needed."),
    "missing-scope": gettext_lazy("The key lacks a scope."),
    "forbidden": gettext_lazy("This is not allowed."),
    "not-found": gettext_lazy("There is nothing here."),
    "method-not-allowed": gettext_lazy("This address does not know the method."),
    "not-acceptable": gettext_lazy("The answer cannot be given in the wanted form."),
    "conflict": gettext_lazy("The change contradicts what is already there."),
    "too-large": gettext_lazy("The request is too large."),
    "unsupported-media-type": gettext_lazy("The body must be JSON."),
    "invalid": gettext_lazy("Some values are not valid."),
    "refused": gettext_lazy("This cannot be done."),
    "idempotency-key-reused": gettext_lazy("The idempotency key belongs to another request."),
    "too-many-requests": gettext_lazy("Too many requests."),
    "plan-refused": gettext_lazy("The plan did not pass the check."),
    "internal": gettext_lazy("Something went wrong on our side."),
}
"""Code -> title; the codes are stable, the titles are for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong: where (JSON pointer into the body, or the query parameter) and what."""

    message: str
    pointer: str = ""
    parameter: str = ""

    def as_json(self) -> dict[str, str]:
        """Only the members that are set."""
        where = {"pointer": self.pointer} if self.pointer else {"parameter": self.parameter}
        return {**(where if any(where.values()) else {}), "message": self.message}


class Refusal(exceptions.APIException):
    """A refusal of the interface itself, with its own code and the places that caused it."""

    def __init__(self, *, status: int, code: str, message: str | Promise, faults: tuple[Fault, ...] = ()):
        super().__init__(str(message), code)
        self.status_code = status
        self.code = code
        self.faults = faults


def type_of(code: str) -> str:
    """The address that explains a code."""
    return f"{settings.BASE_URL}/api/v1/problems/#{code}"


def answer(
    *,
    status: int,
    code: str,
    detail: object,
    faults: tuple[Fault, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """One problem document."""
    body = {
        "type": type_of(code),
        "title": str(TITLES.get(code, HTTPStatus(status).phrase)),
        "status": status,
        "detail": str(detail),
        "code": code,
        "errors": [fault.as_json() for fault in faults],
    }
    return JsonResponse(
        body,
        status=status,
        content_type=CONTENT_TYPE,
        headers=dict(headers or {}),
        json_dumps_params={"ensure_ascii": False},
    )


def handle(error: Exception, _context: dict[str, Any]) -> HttpResponse:
    """DRF's exception handler: every exception of an API view becomes a problem."""
    set_rollback()
    if isinstance(error, DomainError):
        return _of_domain(error)
    if isinstance(error, exceptions.ValidationError):
        return _of_validation(error)
    if isinstance(error, exceptions.APIException):
        return _of_interface(error)
    if isinstance(error, Http404):
        return answer(
            status=404, code="not-found", detail=gettext("There is nothing at this address for you.")
        )
    if isinstance(error, PermissionDenied):
        return answer(status=403, code="forbidden", detail=gettext("You may not do this."))
    if isinstance(error, RequestDataTooBig):
        return answer(status=413, code="too-large", detail=gettext("The body of the request is too large."))
    if isinstance(error, IntegrityError):
        # Two requests at once: the database kept the rule that both had checked.
        logger.warning("conflict found by the database", exc_info=error)
        return answer(
            status=409, code="conflict", detail=gettext("Somebody else changed this at the same moment.")
        )
    logger.error("an API request failed", exc_info=error)
    return answer(
        status=500, code="internal", detail=gettext("The failure has been logged. Nothing was changed.")
    )


def _of_domain(error: DomainError) -> HttpResponse:
    # In the API 400 means "unreadable"; a value that was read and is out of range is 422 at every layer.
    status = UNPROCESSABLE if isinstance(error, InvalidError) else error.status
    return answer(status=status, code=error.code, detail=error.message)


def _of_validation(error: exceptions.ValidationError) -> HttpResponse:
    faults = tuple(_faults(error.detail))
    return answer(
        status=UNPROCESSABLE,
        code="invalid",
        detail=gettext("Correct the values named under errors. Nothing was written."),
        faults=faults,
    )


def _faults(detail: Any, path: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Flatten DRF's nested messages into places: {"evidence": [{"level": ["..."]}]} -> #/evidence/0/level."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _faults(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        for position, inner in enumerate(detail):
            yield from _faults(inner, (*path, str(position)))
    elif isinstance(detail, list):
        yield from (Fault(pointer=_pointer(path), message=str(message)) for message in detail)
    else:
        yield Fault(pointer=_pointer(path), message=str(detail))


def _pointer(path: tuple[str, ...]) -> str:
    """A JSON pointer as a URI fragment (RFC 6901, section 6)."""
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in path)
    return "#" + "".join(f"/{part}" for part in escaped)


_CODES = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
}


def _of_interface(error: exceptions.APIException) -> HttpResponse:
    code = error.code if isinstance(error, Refusal) else _CODES.get(error.status_code, "refused")
    faults = error.faults if isinstance(error, Refusal) else ()
    headers: dict[str, str] = {}
    # Both are set by DRF: the challenge of the view's authentication, and seconds until the next try.
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return answer(status=error.status_code, code=code, detail=error.detail, faults=faults, headers=headers)
