"""Why a badge from elsewhere cannot be taken as evidence."""

from __future__ import annotations

from groundwork.core.errors import DomainError


class BadgeError(DomainError):
    """What was handed over is no badge that can be read, or it does not hold."""

    code = "badge-refused"
