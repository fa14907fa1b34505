"""The index of names and aliases: longest match over tokens, English and Chinese alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from recommender.domain import Skill
from recommender.text.tokens import Token, is_han, words_of

_PARENTHESES = re.compile(r"\s*[(（][^()（）]*[)）]")
_EITHER = re.compile(r"\s+/\s+|\s*／\s*")


class Alias(NamedTuple):
    """One way to write one skill; `key` are its token forms."""

    skill: str
    written: str
    key: tuple[str, ...]


class AliasIndex:
    """All aliases of a vocabulary. Where two skills share a form, names go first, then the order decides."""

    def __init__(self, skills: Sequence[Skill]) -> None:
        self._by_first: dict[str, list[Alias]] = {}
        self.written_words: frozenset[str] = frozenset(
            word for alias in _ranked(skills) for word in alias.key
        )
        seen: set[tuple[str, ...]] = set()
        for alias in _ranked(skills):
            for key in _number_forms(alias.key):
                if key not in seen:
                    seen.add(key)
                    self._by_first.setdefault(key[0], []).append(alias._replace(key=key))
        for bucket in self._by_first.values():
            bucket.sort(key=lambda alias: -len(alias.key))
        self.words = frozenset(word for key in seen for word in key)
        self.single_words = frozenset(key[0] for key in seen if len(key) == 1)

    def __iter__(self) -> Iterator[Alias]:
        return (alias for bucket in self._by_first.values() for alias in bucket)

    def longest(self, tokens: Sequence[Token], position: int) -> Alias | None:
        """The longest alias that starts at `position`, or None."""
        token = tokens[position]
        for first in {token.text: 1, token.base: 1}:
            for alias in self._by_first.get(first, ()):
                if _matches(alias.key, tokens, position):
                    return alias
        return None


def _matches(key: tuple[str, ...], tokens: Sequence[Token], position: int) -> bool:
    if position + len(key) > len(tokens):
        return False
    for offset, word in enumerate(key):
        token = tokens[position + offset]
        if word != token.text and word != token.base:
            return False
    return True


def _ranked(skills: Iterable[Skill]) -> Iterator[Alias]:
    skills = list(skills)
    for skill in skills:
        yield from _written(skill.id, (skill.name.en, skill.name.zh))
    for skill in skills:
        yield from _written(skill.id, (*skill.aliases_en, *skill.aliases_zh))
    for skill in skills:
        shortened = (_PARENTHESES.sub("", name) for name in (skill.name.en, skill.name.zh))
        parts = [part for name in shortened for part in (name, *_EITHER.split(name))]
        yield from _written(skill.id, parts)


def _written(skill: str, names: Iterable[str]) -> Iterator[Alias]:
    for name in names:
        key = words_of(name)
        # One Chinese character stands inside too many other words to mean anything alone.
        if key and not (len(key) == 1 and is_han(key[0])) and any(word[0].isalnum() for word in key):
            yield Alias(skill=skill, written=name.strip(), key=key)


def _number_forms(key: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The form itself, the plural of its last word, and the singular where several words leave no doubt."""
    yield key
    last = key[-1]
    if len(last) < 4 or not last.isascii() or not last.isalpha():
        return
    if last.endswith("y") and last[-2] not in "aeiou":
        yield (*key[:-1], last[:-1] + "ies")
    elif not last.endswith("s"):
        yield (*key[:-1], last + "s")
    elif len(key) > 1 and not last.endswith(("ss", "us", "is", "ics")):
        yield (*key[:-1], last[:-3] + "y" if last.endswith("ies") else last[:-1])
