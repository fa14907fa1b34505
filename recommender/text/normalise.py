"""Folding of text so that one word has one form, without losing where it stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212")

# British and American spellings meet in the American form; only ever used to compare, never shown.
_SPELLINGS = (
    (re.compile(r"(?<=\w{4})is(?=(?:ation|e|ed|er|ers|es|ing|able)s?$)"), "iz"),
    (re.compile(r"(?<=[aeo])ll(?=(?:ing|ed|er|ers)$)"), "l"),
    (re.compile(r"our(?=(?:s|al|ed|ing)?$)"), "or"),
    (re.compile(r"(?<=\w[a-z])tre(?=s?$)"), "ter"),
    (re.compile(r"programme(?=s?$)"), "program"),
    (re.compile(r"aly[sz]e(?=[ds]?$)"), "alyze"),
    (re.compile(r"^(an|h|p)ae(?=[msd])"), r"\1e"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Text in one form (NFKC by character, plain dashes, nothing invisible).

    `text` keeps the case, `lower` does not; both have the same length. `origin[i]` is the index in the
    original of the character that became character i.
    """

    text: str
    lower: str
    origin: range | tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the original for the half-open, non-empty range start..end of this text."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(original: str) -> Folded:
    """Fold `original`; full-width letters become ordinary ones and no length is assumed to be kept.

    >>> fold("Ｃ＋＋语言").text
    'C++语言'
    """
    if original.isascii():
        return Folded(text=original, lower=original.lower(), origin=range(len(original)))
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(original):
        for folded in _fold_character(character):
            characters.append(folded)
            origin.append(index)
    lower = "".join(one if len(one.lower()) != 1 else one.lower() for one in characters)
    return Folded(text="".join(characters), lower=lower, origin=tuple(origin))


def _fold_character(character: str) -> str:
    if character.isascii() or "\u4e00" <= character <= "\u9fff":
        return character
    if character in _INVISIBLE:
        return ""
    if character in _DASHES:
        return "-"
    return unicodedata.normalize("NFKC", character)


def spelling(word: str) -> str:
    """The comparison form of one lower-case English word.

    >>> spelling("optimisation"), spelling("modelling"), spelling("data")
    ('optimization', 'modeling', 'data')
    """
    if len(word) < 5 or not word.isascii():
        return word
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return word
