"""Prerequisites in prose, as at most universities.

"Prerequisite: MATH 2010 and (PHYS 1200 or PHYS 1250), or permission of instructor. Corequisite: ...". "Or"
between two courses binds closer than "and", commas take the conjunction of their list, `;` stands above both,
and a permission or a standing that comes last is another way into the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

from recommender.formats.needs import PERMISSION, STANDING, All, Any, Flag, Need, NeedKind, Node, joined

_CODE = r"[A-Z]{2,5}[ \u00a0-]{0,2}\d{2,4}[A-Z]{0,2}\b|\d{1,2}[A-Z]?\.[A-Z]?\d{2,4}[A-Z]{0,2}\b"
_CODE_ONLY = re.compile(_CODE)
# "ERTH or CSCI 4960" and "PHIL/PSYC 2120" are one course of two departments.
_TWO_DEPARTMENTS = re.compile(r"\b([A-Z]{4})(?:\s+or\s+|\s*/\s*)(?=([A-Z]{4})\s?(\d{4})\b)")
_HEADER = re.compile(
    r"(?P<both>\bpre-?\s*(?:requisites?)?\s*(?:or|/|and)\s*co-?requisites?\b)|(?P<together>\bco-?requisites?\b)"
    r"|(?P<before>\bprer\w{0,8}s[it]{1,3}\w{0,4}\b)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:\bAttributes\b|\bWhen Offered\b|\bCross Listed\b|\bCredit Hours\b).*$", re.DOTALL)
_ADVICE = re.compile(
    r"\b(?:recommended|suggested|preferred|preferr?able|preferrable|encouraged|helpful|useful|not required|"
    r"desirable|restricted|intended|only|not open|open to|cannot|may not|should not|credit (?:not|cannot)|"
    r"mandatory|except)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[a-z0-9)]\.)\s*(?=[A-Z(])|[。\n]+")
_TOGETHER_AFTER = re.compile(r"concurrent|taken at the same time|same semester", re.IGNORECASE)
_CONCURRENT_NOTE = re.compile(r"\([^()]*concurrent[^()]*\)|(?:\w+ )?taken concurrently", re.IGNORECASE)
_FILLER = re.compile(
    r"^(?:a|an|the|any|of|in|is|are|be|to|with|must|have|has|been|taken|take|completed|successful|completion|prior|"
    r"previous|required|require|requires|requirement|course|courses|student|students|following|these|either|both|"
    r"registration|this|class|for|as|well|also|passing|grade|c|b|better|minimum|level|at|least|its|their|his|her|"
    r"instructor|it|such|from|by|s|all|section|plus|core|same|similar|one|concurrent|concurrently|enrollment|"
    r"already|only|background|and/or|knowledge)$",
    re.IGNORECASE,
)


class _Sign(StrEnum):
    AND = "and"
    OR = "or"
    COMMA = ","
    SEMICOLON = ";"
    OPEN = "("
    CLOSE = ")"
    ONE_OF = "one of"


_Token = _Sign | Need

_TOKEN = re.compile(
    rf"(?P<course>(?-i:{_CODE}))"
    rf"|(?P<permission>{PERMISSION.pattern})"
    rf"|(?P<standing>{STANDING.pattern})"
    r"|(?P<equivalent>\b(?:an?\s+|the\s+|its\s+|their\s+)?(?:equivalents?(?:\s+(?:experience|courses?|knowledge|"
    r"background|preparation))?|similar(?:\s+courses?)?)\b)"
    r"|(?P<oneof>\b(?:at least\s+)?(?:one|any)\s+of(?:\s+the\s+following)?(?:\s+courses?)?\b:?)"
    r"|(?P<or>\bor\b|/|或)|(?P<and>\band\b|&|\+|和|以及)|(?P<comma>[,，、])|(?P<semicolon>[;；])"
    r"|(?P<open>[(\[（])|(?P<close>[)\]）])|(?P<word>[^\s,，、;；()\[\]（）/&+]+)",
    re.IGNORECASE,
)
_SIGNS = {
    "or": _Sign.OR,
    "and": _Sign.AND,
    "comma": _Sign.COMMA,
    "semicolon": _Sign.SEMICOLON,
    "open": _Sign.OPEN,
    "close": _Sign.CLOSE,
    "oneof": _Sign.ONE_OF,
}
_KINDS = {
    "course": NeedKind.COURSE,
    "permission": NeedKind.PERMISSION,
    "standing": NeedKind.STANDING,
    "equivalent": NeedKind.EQUIVALENT,
}
_WAIVERS = frozenset((NeedKind.PERMISSION, NeedKind.STANDING))


def read(text: str) -> tuple[Node | None, set[Flag]]:
    """What `text` asks for (None: nothing), and why a person should look at it."""
    flags: set[Flag] = set()
    parts: list[Node] = []
    for section, together in _sections(_TAIL.sub("", text).replace("\u200b", "")):
        for written in _SENTENCE.split(section):
            advises = bool(_ADVICE.search(written))
            sentence = _without_advice(written) if advises else written
            flags |= {Flag.NOTE} if advises else set()
            if not sentence.strip(" .:;,"):
                continue
            node = _Prose(sentence, together=together, flags=flags).node()
            if node is not None:
                parts.append(node)
    # A sentence that is nothing but a way round ("Or permission of the instructor.") is one for the whole.
    return (joined(All, parts) if parts else None), flags


def _sections(text: str) -> Iterator[tuple[str, bool]]:
    """The stretches under each header, and whether what they name may be taken together."""
    together, start = False, 0
    for match in _HEADER.finditer(text):
        yield text[start : match.start()].removesuffix("and ").strip(" ;,"), together
        together, start = match.lastgroup != "before", match.end()
    yield text[start:].lstrip(": "), together


def _without_advice(sentence: str) -> str:
    """The clauses of a sentence that ask for courses; those that advise or restrict are dropped."""
    clauses = re.split(r"(?<=[;；])|(?:,\s+(?=and\s|but\s))|(?<=\d)[;,]?\s+(?=except\b)", sentence)
    kept = [
        clause for clause in clauses if clause and not _ADVICE.search(clause) and _CODE_ONLY.search(clause)
    ]
    if not kept and _CODE_ONLY.search(sentence) and "mandatory" in sentence.lower():
        return re.sub(r"\([^)]*mandatory[^)]*\)", "", sentence, flags=re.IGNORECASE)
    if not kept and re.search(r"\((?:strongly\s+)?(?:preferred|recommended)\)", sentence):
        return re.sub(r"\([^)]*\)", "", sentence)
    return " ".join(kept)


class _Prose:
    """One sentence."""

    def __init__(self, text: str, *, together: bool, flags: set[Flag]) -> None:
        self._flags = flags
        self._together = together
        self._concurrent = bool(_TOGETHER_AFTER.search(text)) and "*" not in text
        text = _CONCURRENT_NOTE.sub("", text)
        self._tokens = self._read(_TWO_DEPARTMENTS.sub(r"\1 \3 or ", text))

    def node(self) -> Node | None:
        """What the sentence asks for; None when it asks for nothing."""
        return self._parse(self._balanced(self._tokens))

    def _read(self, text: str) -> list[_Token]:
        tokens: list[_Token] = []
        words: list[str] = []
        titled: list[int] = []

        def flush() -> None:
            told = [word for word in words if not _FILLER.match(word.strip(".:'’*"))]
            # What follows a course without any sign between them is its title, which may hold an "and".
            if told and _is_course(tokens, -1):
                titled.append(len(tokens) - 1)
            elif told and _goes_on(tokens, words, titled):
                tokens.pop()
            elif told:
                tokens.append(Need(kind=NeedKind.TEXT, text=" ".join(words).strip(" .:")))
            words.clear()

        for match in _TOKEN.finditer(text):
            group = match.lastgroup or "word"
            if group == "word":
                if any(char.isalnum() for char in match[0]):
                    words.append(match[0])
                elif "*" in match[0] and tokens and isinstance(tokens[-1], Need):
                    tokens[-1] = replace(tokens[-1], together=True)
                continue
            flush()
            tokens.append(_SIGNS[group] if group in _SIGNS else self._need(group, match[0]))
        flush()
        if self._concurrent:
            tokens = [
                replace(one, together=True) if isinstance(one, Need) and one.kind is NeedKind.COURSE else one
                for one in tokens
            ]
        return tokens

    def _need(self, group: str, text: str) -> Need:
        kind = _KINDS[group]
        if kind is NeedKind.COURSE:
            if not _CODE_ONLY.fullmatch(text):
                return Need(kind=NeedKind.TEXT, text=text, together=self._together)
            text = re.sub(r"(?<=[A-Z])[ \u00a0-]*(?=\d)", " ", text) if "." not in text else text
        together = self._together and kind is NeedKind.COURSE
        return Need(kind=kind, text=" ".join(text.split()), together=together)

    def _balanced(self, tokens: list[_Token]) -> list[_Token]:
        depth, kept = 0, []
        for token in tokens:
            depth += (token is _Sign.OPEN) - (token is _Sign.CLOSE)
            if depth < 0:
                depth = 0
                self._flags.add(Flag.BROKEN)
                continue
            kept.append(token)
        if depth:
            self._flags.add(Flag.BROKEN)
        return [*kept, *[_Sign.CLOSE] * depth]

    def _parse(self, tokens: Sequence[_Token]) -> Node | None:
        """Waivers at the end, then `;`, then commas, then and, then or."""
        tokens, waivers = _waivers(_trimmed(tokens))
        node = self._semicolons(tokens)
        parts = [one for one in (node, *waivers) if one is not None]
        return joined(Any, parts) if parts else None

    def _semicolons(self, tokens: Sequence[_Token]) -> Node | None:
        result: Node | None = None
        for part in _split(tokens, _Sign.SEMICOLON):
            node = self._commas(_trimmed(part))
            if node is None or result is None:
                result = result if node is None else node
            elif part[0] is _Sign.OR:
                result = Any(parts=(result, node))
            else:
                result = All(parts=(result, node))
        return result

    def _commas(self, tokens: Sequence[_Token]) -> Node | None:
        if _Sign.ONE_OF in tokens and _depth_zero(tokens, _Sign.ONE_OF):
            return self._one_of(tokens)
        parts = [part for part in _split(tokens, _Sign.COMMA) if part]
        if len(parts) < 2:
            return self._ands(tokens)
        nodes = [self._ands(_trimmed(part)) for part in parts]
        kept = [node for node in nodes if node is not None]
        if not kept:
            return None
        if parts[-1][0] is _Sign.OR:
            before = kept[:-1] if nodes[-1] is not None else kept
            last = kept[-1:] if nodes[-1] is not None else []
            if any(_depth_zero(part, _Sign.AND) for part in parts[:-1]) and before:
                return joined(Any, [joined(All, before), *last])
            return joined(Any, kept)
        plain = all(len(_trimmed(part)) == 1 for part in parts[:-1])
        if plain and _depth_zero(parts[-1], _Sign.OR) and not _depth_zero(parts[-1], _Sign.AND):
            return joined(Any, kept)
        return joined(All, kept)

    def _one_of(self, tokens: Sequence[_Token]) -> Node | None:
        at = tokens.index(_Sign.ONE_OF)
        before = self._commas(_trimmed(tokens[:at])) if at else None
        parts = [part for sign in (_Sign.COMMA,) for part in _split(tokens[at + 1 :], sign) if part]
        nodes = [node for part in parts if (node := self._ands(_trimmed(part))) is not None]
        choice = joined(Any, nodes) if nodes else None
        found = [one for one in (before, choice) if one is not None]
        return joined(All, found) if found else None

    def _ands(self, tokens: Sequence[_Token]) -> Node | None:
        parts = [part for part in _split(tokens, _Sign.AND) if part]
        if len(parts) > 1 and any(_depth_zero(part, _Sign.OR) for part in parts):
            self._flags.add(Flag.MIXED)
        nodes = [node for part in parts if (node := self._ors(_trimmed(part))) is not None]
        return joined(All, nodes) if nodes else None

    def _ors(self, tokens: Sequence[_Token]) -> Node | None:
        parts = [part for part in _split(tokens, _Sign.OR) if part]
        nodes = [node for part in parts if (node := self._side_by_side(part)) is not None]
        return joined(Any, nodes) if nodes else None

    def _side_by_side(self, tokens: Sequence[_Token]) -> Node | None:
        nodes: list[Node] = []
        for is_group, part in _grouped(tokens):
            node = self._parse(part) if is_group else None
            if node is not None and nodes and part[0] is _Sign.OR:
                nodes[-1] = Any(parts=(nodes[-1], node))
            elif node is not None:
                nodes.append(node)
            nodes += [one for one in part if isinstance(one, Need)] if not is_group else []
        named = [node for node in nodes if _names_courses(node)]
        if len(named) > 1:
            self._flags.add(Flag.MIXED)
        # Words beside courses describe them: "a course in mechanics (ENGR 2530)", "6.1220 (Algorithms)".
        kept = named or nodes
        return joined(All, kept) if kept else None


def _is_course(tokens: Sequence[_Token], at: int) -> bool:
    token = tokens[at] if len(tokens) >= abs(at) else None
    return isinstance(token, Need) and token.kind is NeedKind.COURSE


def _goes_on(tokens: Sequence[_Token], words: Sequence[str], titled: Sequence[int]) -> bool:
    """Whether capitalised words behind a sign go on with the title of the course before it."""
    if not titled or titled[-1] != len(tokens) - 2 or tokens[-1] not in (_Sign.AND, _Sign.COMMA):
        return False
    return all(word[0].isupper() or word[0].isdigit() for word in words)


def _names_courses(node: Node) -> bool:
    if isinstance(node, Need):
        return node.kind is NeedKind.COURSE
    return any(_names_courses(part) for part in node.parts)


def _trimmed(tokens: Sequence[_Token]) -> Sequence[_Token]:
    """Without signs at either end that join nothing."""
    joins = {_Sign.AND, _Sign.OR, _Sign.COMMA, _Sign.SEMICOLON}
    start, end = 0, len(tokens)
    while start < end and tokens[start] in joins:
        start += 1
    while end > start and tokens[end - 1] in joins:
        end -= 1
    return tokens[start:end]


def _waivers(tokens: Sequence[_Token]) -> tuple[Sequence[_Token], list[Need]]:
    """Split off permissions and standings that follow a last "or": they open the whole to somebody."""
    found: list[Need] = []
    while len(tokens) > 2 and tokens[-2] is _Sign.OR:
        last = tokens[-1]
        if not isinstance(last, Need) or last.kind not in _WAIVERS:
            break
        found.insert(0, last)
        tokens = _trimmed(tokens[:-2])
    return tokens, found


def _split(tokens: Sequence[_Token], sign: _Sign) -> list[Sequence[_Token]]:
    parts: list[list[_Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token is _Sign.OPEN) - (token is _Sign.CLOSE)
        if token is sign and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    if sign is _Sign.COMMA or sign is _Sign.SEMICOLON:
        return [part for part in parts if part]
    return list(parts)


def _depth_zero(tokens: Sequence[_Token], sign: _Sign) -> bool:
    depth = 0
    for token in tokens:
        depth += (token is _Sign.OPEN) - (token is _Sign.CLOSE)
        if token is sign and depth == 0:
            return True
    return False


def _grouped(tokens: Sequence[_Token]) -> Iterator[tuple[bool, list[_Token]]]:
    """Stretches in parentheses, and what stands between them."""
    depth, part = 0, list[_Token]()
    for token in tokens:
        if token is _Sign.OPEN:
            if depth == 0 and part:
                yield False, part
                part = []
            elif depth:
                part.append(token)
            depth += 1
        elif token is _Sign.CLOSE:
            depth -= 1
            if depth == 0:
                yield True, part
                part = []
            else:
                part.append(token)
        else:
            part.append(token)
    if part:
        yield False, part
