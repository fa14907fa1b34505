"""What a prerequisite can ask for: needs, joined by and and or; and why a person should look at a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class NeedKind(StrEnum):
    """A course, somebody's permission, a standing or general requirement, or just words."""

    COURSE = "course"
    PERMISSION = "permission"
    STANDING = "standing"
    EQUIVALENT = "equivalent"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing asked for; `together` when it may be taken at the same time (corequisite)."""

    kind: NeedKind
    text: str
    together: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class All:
    """Every part is needed."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Any:
    """One part is enough."""

    parts: tuple[Node, ...]


Node = Need | All | Any

Alternative = tuple[Need, ...]
"""Needs that go together."""

Group = tuple[Alternative, ...]
"""Alternatives, of which one is enough."""


class Flag(StrEnum):
    """Why a person should look at the text."""

    TEXT = "text"
    """Some words were not understood; they stand as a need of kind text."""
    NOTE = "note"
    """A sentence advises or restricts, and is no prerequisite."""
    MIXED = "mixed"
    """And and or meet without parentheses."""
    BROKEN = "broken"
    """Parentheses or operators do not match."""
    LARGE = "large"
    """The alternatives are too many to be written out."""


PERMISSION = re.compile(
    r"(?:upon\s+)?(?:(?:permission|approval|consent)s?\s+(?:of|from|by)\s+(?:the\s+|an?\s+)?"
    r"(?:\w+\s+)?(?:instr\w*|faculty|department|advis[eo]r|chair|teacher|director|dean)"
    r"|(?:instructor|department|departmental|advis[eo]r|faculty)(?:['’]?s['’]?)?\s+(?:permission|approval|consent)"
    r"|\bprerequisite override(?:\s+\d+)?)",
    re.IGNORECASE,
)
STANDING = re.compile(
    r"\b(?:freshman|sophomore|junior|senior|graduate|undergraduate|upper|first|second|third|fourth)\b"
    r"(?:[\s/,-]+(?:freshman|sophomore|junior|senior|graduate|undergraduate|year|class|level|student|or|and|"
    r"(?-i:[A-Z]{2,5})))*[\s-]+(?:standing|status|students?)(?:\s+or\s+(?:higher|above))?"
    r"(?:\s+(?:in|of)\s+[a-z]+(?:\s+(?:and\s+)?[a-z]+){0,3})?"
    r"|\b[A-Z][a-z]+(?:\s+I{1,3})?\s+\(GIR\)",
    re.IGNORECASE,
)


def joined(kind: type[All] | type[Any], parts: Sequence[Node]) -> Node:
    """The only part, or all of them joined."""
    return parts[0] if len(parts) == 1 else kind(parts=tuple(parts))
