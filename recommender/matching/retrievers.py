"""First stage: how near each target is to a sentence, by several measures over words and letters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.matching import tfidf
from recommender.matching.targets import Target
from recommender.text.normalise import fold
from recommender.text.tokens import STOP_WORDS, is_han, stem, tokenise

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

Scores = NDArray[np.float32]

LONGEST_WINDOW = 6
_MOST_WORDS = 160


class Word(NamedTuple):
    """One content word of a sentence; start..end are positions in the sentence."""

    text: str
    stem: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def content_words(sentence: str) -> tuple[Word, ...]:
    """The words of a sentence that carry meaning, in order; at most 160 are read."""
    folded = fold(sentence)
    found = []
    for token in tokenise(folded):
        if token.text[0].isalnum() and token.text not in STOP_WORDS and not is_han(token.text):
            start, end = folded.span(token.start, token.end)
            found.append(Word(token.text, stem(token.text), start, end))
    return tuple(found[:_MOST_WORDS])


def unigrams(text: str) -> list[str]:
    """Stemmed content words."""
    return [word.stem for word in content_words(text)]


def one_and_two_grams(text: str) -> list[str]:
    """Stemmed content words and pairs of neighbours."""
    words = unigrams(text)
    return words + [f"{one} {other}" for one, other in itertools.pairwise(words)]


def plain(text: str) -> str:
    """Content words only, in one spelling."""
    return " ".join(word.text for word in content_words(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Runs of neighbouring words against names.

    `best[t]` is the highest cosine of any run with name t; `first[t]`, `size[t]` say which run that was.
    """

    best: Scores
    first: NDArray[np.int32]
    size: NDArray[np.int32]


class LexicalIndex:
    """TF-IDF over words and letters of all targets. Immutable once built.

    Letters are counted within words, so the vector of a run of words is the sum of its words' vectors; that
    makes every run of up to six words affordable.
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        labels = [one.label for one in targets]
        self.targets = tuple(targets)
        self._label_words = _vectoriser(one_and_two_grams)
        self._label_rows = _fit(self._label_words, labels)
        self._name_words = _vectoriser(one_and_two_grams)
        self._name_rows = _fit(
            self._name_words, ["\n".join((one.label, *one.alternatives)) for one in targets]
        )
        self._document_words = _vectoriser(one_and_two_grams)
        self._document_rows = _fit(self._document_words, [one.document for one in targets])
        self._description_words = _vectoriser(unigrams)
        self._description_rows = _fit(
            self._description_words, [one.description or one.label for one in targets]
        )
        self._letters = tfidf.vectoriser(
            analyzer="char_wb", ngram_range=(3, 5), norm=None, dtype=np.float32, lowercase=False
        )
        self._letters.fit([plain(label) or label for label in labels])
        self._letter_rows = self._by_letters(labels)
        alternatives = [other for one in targets for other in one.alternatives]
        self._alternative_rows = self._by_letters(alternatives) if alternatives else None
        counts = [len(one.alternatives) for one in targets]
        self._alternatives_from = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.idf = dict(
            zip(self._document_words.get_feature_names_out(), self._document_words.idf_, strict=True)
        )
        self.rarest = float(max(self.idf.values(), default=1.0))

    def _by_letters(self, texts: Sequence[str]) -> sparse.csr_matrix:
        rows = sparse.csr_matrix(self._letters.transform([plain(text) or text for text in texts]))
        norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        return sparse.csr_matrix(sparse.diags(1 / np.maximum(norms, 1e-9)) @ rows)

    def letters_of(self, words: Sequence[Word]) -> sparse.csr_matrix:
        """words x letter groups, not scaled."""
        if not words:
            return sparse.csr_matrix(np.zeros((0, self._letter_rows.shape[1]), np.float32))
        return sparse.csr_matrix(self._letters.transform([word.text for word in words]))

    def scores(self, sentences: Sequence[str]) -> dict[str, Scores]:
        """By measure: sentences x targets, cosines 0..1."""
        by_words = {
            "label": (self._label_words, self._label_rows),
            "names": (self._name_words, self._name_rows),
            "document": (self._document_words, self._document_rows),
            "description": (self._description_words, self._description_rows),
        }
        found = {
            name: (sparse.csr_matrix(words.transform(sentences)) @ rows.T).toarray().astype(np.float32)
            for name, (words, rows) in by_words.items()
        }
        found["letters"] = (self._by_letters(sentences) @ self._letter_rows.T).toarray().astype(np.float32)
        return found

    def label_windows(self, words: sparse.csr_matrix) -> Windows:
        """The best run of words for the label of every target."""
        return windows(words, self._letter_rows)

    def alternative_windows(self, words: sparse.csr_matrix, candidates: NDArray[np.int64]) -> Scores:
        """For each candidate the best cosine of any run of words with any of its other names; 0 without."""
        best = np.zeros(len(candidates), np.float32)
        starts, ends = self._alternatives_from[candidates], self._alternatives_from[candidates + 1]
        owners = np.repeat(np.arange(len(candidates)), ends - starts)
        if self._alternative_rows is None or not len(owners):
            return best
        rows = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
        np.maximum.at(best, owners, windows(words, self._alternative_rows[rows]).best)
        return best


def windows(words: sparse.csr_matrix, names: sparse.csr_matrix) -> Windows:
    """Cosines of all runs of 1..6 neighbouring words with each name (rows of length one)."""
    count, width = words.shape[0], names.shape[0]
    best = np.zeros(width, np.float32)
    first, size = np.zeros(width, np.int32), np.ones(width, np.int32)
    if count == 0:
        return Windows(best=best, first=first, size=size)
    dots = (words @ names.T).toarray()
    summed = np.vstack([np.zeros((1, width), np.float32), np.cumsum(dots, axis=0, dtype=np.float32)])
    gram = np.zeros((count + 1, count + 1))
    gram[1:, 1:] = (words @ words.T).toarray().cumsum(axis=0).cumsum(axis=1)
    for length in range(1, min(LONGEST_WINDOW, count) + 1):
        low = np.arange(count - length + 1)
        high = low + length
        squares = gram[high, high] - gram[low, high] - gram[high, low] + gram[low, low]
        scale = (1 / np.sqrt(np.maximum(squares, 1e-9))).astype(np.float32)
        cosines = (summed[length:] - summed[:-length]) * scale[:, None]
        where = cosines.argmax(axis=0)
        highest = cosines[where, np.arange(width)]
        better = highest > best + 1e-6
        best[better], first[better], size[better] = highest[better], where[better], length
    return Windows(best=best, first=first, size=size)


def _vectoriser(analyzer: Callable[[str], list[str]]) -> TfidfVectorizer:
    return tfidf.vectoriser(analyzer=analyzer, sublinear_tf=True, dtype=np.float32)


def _fit(vectoriser: TfidfVectorizer, texts: Sequence[str]) -> sparse.csr_matrix:
    return sparse.csr_matrix(vectoriser.fit_transform(texts))
