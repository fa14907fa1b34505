"""Domain errors: raised below the interfaces, worded for people, turned into a page or problem+json above."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise


class DomainError(Exception):
    """Something a person asked for cannot be done. `code` is stable English; `message` is translatable."""

    code = "refused"
    status = 422

    def __init__(self, message: str | Promise, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class NotFoundError(DomainError):
    """The row does not exist, or the actor may not know that it does."""

    code = "not-found"
    status = 404


class ForbiddenError(DomainError):
    """The actor is known and lacks the right."""

    code = "forbidden"
    status = 403


class InvalidError(DomainError):
    """A value is out of range or malformed."""

    code = "invalid"
    status = 400


class ConflictError(DomainError):
    """The change contradicts what is already there."""

    code = "conflict"
    status = 409
