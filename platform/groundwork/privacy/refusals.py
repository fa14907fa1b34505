"""What may be refused, in words for the person who asks."""

from __future__ import annotations

from groundwork.core.errors import ConflictError, InvalidError


class UnreadableError(InvalidError):
    """The file is no export of a person, or is damaged."""

    code = "unreadable-export"


class UnsignedError(InvalidError):
    """Nobody vouches for the file: its signature is missing, foreign, or not of these data."""

    code = "unsigned-export"


class UnknownHereError(ConflictError):
    """The file names skills, courses or roles that this installation does not have."""

    code = "unknown-here"


class NotEmptyError(ConflictError):
    """The account holds data already."""

    code = "account-not-empty"
