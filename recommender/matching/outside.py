"""What a text lists beside known skills and no vocabulary holds: kept for a steward, never guessed at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from recommender.matching.links import SkillLink, Span
from recommender.text.contacts import redact
from recommender.text.normalise import fold
from recommender.text.tokens import STOP_WORDS, is_han, sentences, tokenise

_BETWEEN = re.compile(r"[,，、;；/|•·()（）:：]|\band\b|\bor\b|和|与|及|或")
_LEAST_KNOWN = 2
_MOST_WORDS = 3
_MOST_HAN = 8
_SHORTEST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideTerm:
    """Words at `span` of the original text that stand in a list of skills and are none of ours."""

    words: str
    span: Span


def outside(text: str, links: Sequence[SkillLink]) -> tuple[OutsideTerm, ...]:
    """Short items of sentences that name at least two known skills, each form once, in order.

    `links` are those of the same text; a sentence with fewer known skills gives no ground to call its words
    skills, so it yields nothing.
    """
    folded = fold(redact(text))
    spans = sorted(span for link in links for span in link.spans)
    found: dict[str, OutsideTerm] = {}
    for start, end in sentences(folded.text):
        first, last = folded.span(start, end)
        if sum(first <= span[0] < last for span in spans) < _LEAST_KNOWN:
            continue
        for left, right in _items(folded.text, start, end):
            span = folded.span(left, right)
            if not any(known[0] < span[1] and span[0] < known[1] for known in spans):
                found.setdefault(
                    folded.lower[left:right], OutsideTerm(words=text[span[0] : span[1]], span=span)
                )
    return tuple(found.values())


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Ranges of short items between separators, without the opening of the sentence."""
    edges = [(start, start), *((m.start(), m.end()) for m in _BETWEEN.finditer(text, start, end)), (end, end)]
    for (_, left), (right, _) in pairwise(edges[1:]):
        item = text[left:right].strip(" .。\t")
        if len(item) >= _SHORTEST and _is_term(item):
            at = text.index(item, left)
            yield at, at + len(item)


def _is_term(item: str) -> bool:
    tokens = [token.text for token in tokenise(fold(item))]
    han = [word for word in tokens if is_han(word)]
    words = [word for word in tokens if word[0].isalnum() and not is_han(word)]
    if (not han and not words) or len(han) > _MOST_HAN or len(words) > _MOST_WORDS:
        return False
    return not any(word in STOP_WORDS or word.isdigit() for word in words)
