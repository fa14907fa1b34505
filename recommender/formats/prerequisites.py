"""Prerequisites as catalogues write them -> and/or groups, with what was not understood flagged.

Two grammars. *Expressions* as at MIT: `,` is and, `/` is or, parentheses nest, `''...''` is free text,
`(GIR)` marks a general requirement, `Coreq:` a corequisite. *Prose* as at most universities: "Prerequisite:
MATH 2010 and (PHYS 1200 or PHYS 1250), or permission of instructor. Corequisite: ...". See `prose`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from recommender.formats import prose
from recommender.formats.needs import (
    PERMISSION,
    All,
    Alternative,
    Any,
    Flag,
    Group,
    Need,
    NeedKind,
    Node,
    joined,
)

MOST_ALTERNATIVES = 64
"""Of one group; an expression that needs more is kept as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prerequisites:
    """What a text asks for: all of `groups`, of each at least one alternative. No group: nothing is asked."""

    raw: str
    groups: tuple[Group, ...] = ()
    flags: frozenset[Flag] = frozenset()

    @property
    def courses(self) -> tuple[str, ...]:
        """The courses named, each once."""
        needs = (need for group in self.groups for one in group for need in one)
        return tuple(dict.fromkeys(need.text for need in needs if need.kind is NeedKind.COURSE))


_NOTHING = re.compile(
    r"^\W*(none|n/?a|no prerequisites?|no formal prerequisites?|无|没有)?\W*$", re.IGNORECASE
)
_EXPRESSION_COURSE = re.compile(r"^(?:[A-Z]{2,4}|\d{1,2}[A-Z]?)\.[A-Z0-9]{1,6}$")
_COREQUISITE = re.compile(r"^\s*co-?req(?:uisite)?s?\b[.:]?\s*", re.IGNORECASE)


def parse(text: str) -> Prerequisites:
    """Read `text` in either grammar. Never fails: what cannot be understood is kept as text and flagged.

    >>> [[[need.text for need in one] for one in group] for group in parse("6.100A, (18.05/18.600)").groups]
    [[['6.100A']], [['18.05'], ['18.600']]]
    >>> parse("Prerequisite: MATH 2010 or permission of instructor.").courses
    ('MATH 2010',)
    """
    if _NOTHING.match(text):
        return Prerequisites(raw=text)
    flags = set[Flag]()
    node: Node | None
    try:
        node = _expression(text)
    except _OtherGrammarError:
        node, flags = prose.read(text)
    try:
        groups = _groups(node) if node is not None else ()
    except _TooLargeError:
        groups, flags = (((Need(kind=NeedKind.TEXT, text=text.strip()),),),), {*flags, Flag.LARGE}
    if any(need.kind is NeedKind.TEXT for group in groups for one in group for need in one):
        flags.add(Flag.TEXT)
    return Prerequisites(raw=text, groups=groups, flags=frozenset(flags))


# --- expressions ---


class _OtherGrammarError(Exception):
    """The text is no expression."""


_PIECE = re.compile(r"''(?P<quoted>.*?)''|(?P<sign>[(),/])|(?P<word>(?:\((?:GIR)\)|(?!'')[^(),/])+)")


def _expression(text: str) -> Node:
    pieces: list[tuple[str, str]] = []
    for match in _PIECE.finditer(text):
        kind = match.lastgroup or ""
        value = match[kind].strip()
        if value:
            pieces.append((kind, value))
    words = [value for kind, value in pieces if kind == "word"]
    if not all(_EXPRESSION_COURSE.match(word) or word.endswith("(GIR)") for word in words):
        raise _OtherGrammarError
    if not pieces:
        raise _OtherGrammarError
    reader = _Expression(pieces)
    node = reader.conjunction()
    if reader.rest:
        raise _OtherGrammarError
    return node


class _Expression:
    """Recursive descent: conjunction := choice (',' choice)*; choice := atom ('/' atom)*."""

    def __init__(self, pieces: Sequence[tuple[str, str]]) -> None:
        self.rest = list(pieces)

    def conjunction(self) -> Node:
        return joined(All, self._list(self._choice, ","))

    def _choice(self) -> Node:
        return joined(Any, self._list(self._atom, "/"))

    def _list(self, part: Callable[[], Node], sign: str) -> list[Node]:
        parts = [part()]
        while self.rest and self.rest[0] == ("sign", sign):
            self.rest.pop(0)
            parts.append(part())
        return parts

    def _atom(self) -> Node:
        if not self.rest:
            raise _OtherGrammarError
        kind, value = self.rest.pop(0)
        if kind == "word":
            course = _EXPRESSION_COURSE.match(value)
            return Need(kind=NeedKind.COURSE if course else NeedKind.STANDING, text=value)
        if kind == "quoted":
            return _words(value)
        if value != "(":
            raise _OtherGrammarError
        node = self.conjunction()
        if not self.rest or self.rest.pop(0) != ("sign", ")"):
            raise _OtherGrammarError
        return node


def _words(text: str) -> Need:
    together = _COREQUISITE.match(text)
    rest = text[together.end() :] if together else text
    kind = NeedKind.PERMISSION if PERMISSION.fullmatch(rest.strip(" .")) else NeedKind.TEXT
    if kind is NeedKind.TEXT and _EXPRESSION_COURSE.match(rest):
        kind = NeedKind.COURSE
    return Need(kind=kind, text=rest, together=together is not None)


# --- groups ---


class _TooLargeError(Exception):
    """The expression does not fit into groups of reasonable size."""


def _groups(node: Node) -> tuple[Group, ...]:
    if isinstance(node, All):
        return tuple(dict.fromkeys(group for part in node.parts for group in _groups(part)))
    return (tuple(dict.fromkeys(_alternatives(node))),)


def _alternatives(node: Node) -> list[Alternative]:
    if isinstance(node, Need):
        return [(node,)]
    parts = [_alternatives(part) for part in node.parts]
    if isinstance(node, Any):
        made = list(itertools.chain.from_iterable(parts))
    else:
        made = [()]
        for part in parts:
            if len(made) * len(part) > MOST_ALTERNATIVES:
                raise _TooLargeError
            made = [_together((*one, *other)) for one in made for other in part]
    if len(made) > MOST_ALTERNATIVES:
        raise _TooLargeError
    return made


def _together(needs: Iterable[Need]) -> Alternative:
    return tuple(dict.fromkeys(needs))
