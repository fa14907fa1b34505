"""Chinese clauses that no name of a skill touches: what retrieval is asked about there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from recommender.matching.reading import Reading
from recommender.matching.retrieval import Phrase
from recommender.text.tokens import is_han

_CLAUSE_END = re.compile(r"[,，、:：()（）\[\]/|•·]")


def untouched(reading: Reading, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Phrase]]:
    """Clauses with Chinese in them and no mention, with the number of their sentence.

    `taken` are ranges of the folded text, in order.
    """
    starts = [start for start, _ in taken]
    token_starts = [token.start for token in reading.tokens]
    lower = reading.folded.lower
    for number, (start, end) in enumerate(reading.sentences):
        edges = [start, *(match.start() for match in _CLAUSE_END.finditer(lower, start, end)), end]
        for left, right in pairwise(edges):
            index = bisect_right(starts, right - 1) - 1
            if right <= left or (index >= 0 and taken[index][1] > left):
                continue
            tokens = reading.tokens[
                bisect_right(token_starts, left - 1) : bisect_right(token_starts, right - 1)
            ]
            if len(tokens) > 1 and any(is_han(token.text) for token in tokens):
                yield number, Phrase(text=lower[left:right], tokens=tuple(tokens))
