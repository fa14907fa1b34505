"""Retrieval for phrases no alias hits: TF-IDF over words and letters, then words that stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.matching import tfidf
from recommender.matching.aliases import Alias, AliasIndex
from recommender.matching.links import Method
from recommender.text.tokens import STOP_WORDS, Token, is_han, stem, terms

CEILING = 0.75
"""Highest confidence of a retrieved link; it stays below the confirmation threshold."""

_FLOOR = 0.35
_LEAST_SCORE = 0.6
_LEAST_COVERAGE = 0.7
_CANDIDATES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A skill that a text may speak of; start..end are the words that do, `label` its nearest name."""

    skill: str
    confidence: float
    start: int
    end: int
    method: Method
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A stretch of text between punctuation that no alias touches."""

    text: str
    tokens: tuple[Token, ...]


class Retriever:
    """Finds the aliases nearest to a phrase. Immutable once built."""

    def __init__(self, index: AliasIndex) -> None:
        # A single word is met exactly, by its plural or as a typo; as part of a phrase it would only mislead.
        self._aliases = [alias for alias in index if _is_phrase(alias)]
        texts = [" ".join(alias.key) if alias.key[0].isascii() else alias.written for alias in self._aliases]
        self._terms = [frozenset(terms(text)) for text in texts]
        self._word = tfidf.vectoriser(analyzer=terms, sublinear_tf=True)
        self._letters = tfidf.vectoriser(
            analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, max_features=20000
        )
        self._known: frozenset[str] = frozenset()
        self._ready = bool(texts) and any(self._terms)
        if not self._ready:
            return
        self._word_rows = sparse.csr_matrix(self._word.fit_transform(texts)).T.tocsr()
        self._letter_rows = sparse.csr_matrix(self._letters.fit_transform(texts)).T.tocsr()
        self._idf = dict(zip(self._word.get_feature_names_out(), self._word.idf_, strict=True))
        self._known = frozenset(self._idf)

    def suggest(self, phrases: Sequence[Phrase]) -> list[tuple[Suggestion, ...]]:
        """For each phrase its suggestions, best first; empty for most."""
        answers: list[tuple[Suggestion, ...]] = [()] * len(phrases)
        asked = [index for index, phrase in enumerate(phrases) if self._is_worth_asking(phrase)]
        if not asked or not self._ready:
            return answers
        texts = [phrases[index].text for index in asked]
        word = sparse.csr_matrix(self._word.transform(texts)) @ self._word_rows
        letters = sparse.csr_matrix(self._letters.transform(texts)) @ self._letter_rows
        # Only what shares a word is looked at: letters alone make strange bedfellows.
        for row, index in enumerate(asked):
            near = word.indices[word.indptr[row] : word.indptr[row + 1]]
            by_word = word.data[word.indptr[row] : word.indptr[row + 1]]
            by_letter = letters[row, near].toarray()[0] if len(near) else np.zeros(0)
            answers[index] = self._judge(phrases[index], near, by_word, by_letter)
        return answers

    def _is_worth_asking(self, phrase: Phrase) -> bool:
        found = set(terms(phrase.text)) & self._known
        return len(found) > 1

    def _judge(
        self,
        phrase: Phrase,
        near: NDArray[np.int32],
        by_word: NDArray[np.float64],
        by_letter: NDArray[np.float64],
    ) -> tuple[Suggestion, ...]:
        fused = 0.6 * by_word + 0.4 * by_letter
        best: dict[str, Suggestion] = {}
        for place in np.argsort(-fused, kind="stable")[:_CANDIDATES]:
            alias, shared = self._aliases[near[place]], self._terms[near[place]]
            coverage, start, end = self._coverage(phrase, shared)
            score = 0.5 * coverage + 0.5 * float(fused[place])
            if coverage < _LEAST_COVERAGE or score < _LEAST_SCORE or alias.skill in best:
                continue
            best[alias.skill] = Suggestion(
                skill=alias.skill,
                confidence=_confidence(float(score)),
                start=start,
                end=end,
                method=Method.WORDS,
                label=alias.written,
            )
        return tuple(sorted(best.values(), key=lambda one: -one.confidence))

    def _coverage(self, phrase: Phrase, wanted: frozenset[str]) -> tuple[float, int, int]:
        """The idf share of `wanted` within one narrow window of the phrase, and that window."""
        hits = _hits(phrase.tokens, wanted)
        total = sum(self._idf[term] for term in wanted)
        # What tells the alias from others must be there: "programming language" alone is no C.
        telling = max(self._idf[term] for term in wanted)
        best = (0.0, 0, 0)
        for first, (position, _, start, _) in enumerate(hits):
            seen: dict[str, int] = {}
            for other, term, _, end in hits[first:]:
                if other - position > len(wanted):
                    break
                seen[term] = 1
                share = sum(self._idf[one] for one in seen) / total
                tells = any(self._idf[one] >= telling for one in seen)
                if tells and len(seen) > 1 and share > best[0]:
                    best = (share, start, end)
        return best


def _is_phrase(alias: Alias) -> bool:
    words = [word for word in alias.key if word[0].isalnum() and word not in STOP_WORDS]
    if all(is_han(word) for word in words):
        return len(words) >= 4
    return len(words) >= 2


def _hits(tokens: Sequence[Token], wanted: frozenset[str]) -> list[tuple[int, str, int, int]]:
    """(position, term, start, end) of each wanted term, in order; Chinese terms are pairs of neighbours."""
    found = []
    for position, token in enumerate(tokens):
        if is_han(token.text):
            if position + 1 < len(tokens) and token.text + tokens[position + 1].text in wanted:
                pair = token.text + tokens[position + 1].text
                found.append((position, pair, token.start, tokens[position + 1].end))
        elif stem(token.text) in wanted:
            found.append((position, stem(token.text), token.start, token.end))
    return found


def _confidence(score: float) -> float:
    """Scores from the least to a perfect one, spread evenly from the floor to the ceiling."""
    share = (score - _LEAST_SCORE) / (1 - _LEAST_SCORE)
    return round(_FLOOR + (CEILING - _FLOOR) * min(1.0, max(0.0, share)), 2)
