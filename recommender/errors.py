"""Errors of the engine: every one says what is wrong and where."""

from __future__ import annotations


class RecommenderError(Exception):
    """Base of every error the engine raises on purpose."""


class MalformedInputError(RecommenderError):
    """A file or value cannot be understood; the message names the place and what was expected."""


class UnknownSkillError(RecommenderError):
    """A skill id is used that the catalogue or framework does not define."""


class InvalidValueError(MalformedInputError):
    """A file can be read, but one of its values is not allowed."""
