"""Tokens, sentences and search terms of English, Chinese and mixtures of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from recommender.text.normalise import Folded, fold, spelling

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"

_TOKEN = re.compile(rf"[{HAN}]|[^\W\d_{HAN}]+(?:\+\+|#)|[^\W_{HAN}]+|[^\s_\-]")
_SENTENCE = re.compile(r"[\n\r\u2028\u2029;；。！？•●▪◆►]+|[.!?]+(?=\s|$)|\t{1,}|\u25a0")
_VERSION = re.compile(r"(?<=[a-z]{3})\d+$")
_HAN_RUN = re.compile(rf"[{HAN}]+")

_STOP_WORDS_TEXT = """
a an and as at by for from in into is it its of on or our that the their this to via was were will
with using use used etc i my we you your be been are has have had such other including various all
any both more most very also than who which while where when over under per up out new good well
front back end
"""
STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())


class Token(NamedTuple):
    """One word, Chinese character or sign. `text` and `base` are comparison forms; positions are folded."""

    text: str
    base: str
    start: int
    end: int


def tokenise(folded: Folded) -> list[Token]:
    """Tokens in order; blanks, hyphens and underscores only separate.

    `base` is `text` without a version number at its end (`python3` -> `python`).
    """
    return [
        Token(*_forms(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(folded.lower)
    ]


@lru_cache(maxsize=65536)
def _forms(word: str) -> tuple[str, str]:
    text = spelling(word)
    return text, _VERSION.sub("", text)


def words_of(phrase: str) -> tuple[str, ...]:
    """Comparison forms of the tokens of a short phrase, such as an alias.

    >>> words_of("CI/CD pipelines")
    ('ci', '/', 'cd', 'pipelines')
    """
    return tuple(token.text for token in tokenise(fold(phrase)))


def is_han(text: str) -> bool:
    """Whether `text` is written in Chinese characters only (and is not empty)."""
    return _HAN_RUN.fullmatch(text) is not None


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Half-open ranges of sentences, lines and bullet points of `text`, without blank ones."""
    start = 0
    for match in _SENTENCE.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def terms(phrase: str) -> list[str]:
    """Search terms: stemmed content words of the Latin part, pairs of neighbours of the Chinese part.

    >>> terms("analysis of networks"), terms("机器学习")
    (['analysis', 'network'], ['机器', '器学', '学习'])
    """
    found = [stem(token.text) for token in tokenise(fold(phrase)) if _is_content(token.text)]
    for run in _HAN_RUN.findall(phrase):
        found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found


def _is_content(word: str) -> bool:
    return word[0].isalnum() and not word.isdigit() and not is_han(word) and word not in STOP_WORDS


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A light stem: plural endings only, so that two different skills do not fall together."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return word[:-1]
    return word
