"""From a job title in anyone's words to the roles it may mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from recommender.domain import Label
from recommender.matching import tfidf, vectors
from recommender.matching.encoders import Encoder, Matrix
from recommender.matching.links import Method
from recommender.text.normalise import fold
from recommender.text.tokens import terms, words_of

_LEAST_SCORE = 0.25
_EXACT = 1.0
_MEANING = 0.5
"""Share of the encoder where there is one. Not tuned."""
_HIGHEST_RETRIEVED = 0.95

# Rank and circumstance say nothing of the role.
_RANK = re.compile(
    r"\b(?:senior|junior|lead|principal|staff|chief|head of|intern|trainee|mid-?level|sr|jr|i{1,3}|iv|"
    r"remote|full[- ]time|part[- ]time)\b\.?|\([^()]*\)|（[^（）]*）|"
    r"高级|资深|初级|中级|首席|主任|实习生?|助理",
    re.IGNORECASE,
)

NamedRole = tuple[str, Label, Sequence[str]]
"""Role id, its names, and further ways to call it in either language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCandidate:
    """A role a title may mean; `score` is 0..1 and 1 only for one of its names."""

    role: str
    score: float
    method: Method


class TitleMatcher:
    """Matches job titles to roles by name, then by TF-IDF over words and letters. Build once per framework.

    With an encoder meaning counts as much as both; `folder` keeps the vectors of the names.

    >>> label = Label(en="Machine learning engineer", zh="机器学习工程师")
    >>> matcher = TitleMatcher([("ml", label, ["ML engineer"])])
    >>> [(one.role, one.score) for one in matcher.match("Senior ML Engineer")]
    [('ml', 1.0)]
    """

    def __init__(
        self, roles: Sequence[NamedRole], *, encoder: Encoder | None = None, folder: Path | None = None
    ) -> None:
        named = [
            (role, name) for role, label, aliases in roles for name in (label.en, label.zh, *aliases) if name
        ]
        self._roles = [role for role, _ in named]
        self._exact: dict[tuple[str, ...], str] = {}
        for role, name in named:
            self._exact.setdefault(words_of(name), role)
            self._exact.setdefault(words_of(_plain(name)), role)
        self._exact.pop((), None)
        texts = [_plain(name) for _, name in named]
        self._ready = any(map(terms, texts))
        if not self._ready:
            return
        self._word = tfidf.vectoriser(analyzer=terms, sublinear_tf=True)
        self._letters = tfidf.vectoriser(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
        self._word_rows = sparse.csr_matrix(self._word.fit_transform(texts))
        self._letter_rows = sparse.csr_matrix(self._letters.fit_transform(texts))
        self._encoder = encoder
        self._vectors: Matrix | None = None
        if encoder is not None:
            self._vectors = vectors.of_texts(texts, encoder, folder=folder, use="titles")

    def match(self, title: str, *, limit: int = 5) -> tuple[RoleCandidate, ...]:
        """At most `limit` roles, best first; empty when nothing is near."""
        plain = _plain(title)
        found: dict[str, RoleCandidate] = {}
        for key in (words_of(title), words_of(plain)):
            if key in self._exact and not found:
                role = self._exact[key]
                found[role] = RoleCandidate(role=role, score=_EXACT, method=Method.ALIAS)
        if self._ready and plain:
            for role, score in self._nearest(plain):
                found.setdefault(role, RoleCandidate(role=role, score=score, method=Method.NEAREST))
        return tuple(found.values())[:limit]

    def _nearest(self, plain: str) -> list[tuple[str, float]]:
        word = (self._word_rows @ self._word.transform([plain]).T).toarray()[:, 0]
        letters = (self._letter_rows @ self._letters.transform([plain]).T).toarray()[:, 0]
        scores = 0.5 * word + 0.5 * letters
        if self._encoder is not None and self._vectors is not None:
            scores = (1 - _MEANING) * scores + _MEANING * (self._vectors @ self._encoder.encode([plain])[0])
        scores = np.minimum(scores, _HIGHEST_RETRIEVED)
        order = np.argsort(-scores, kind="stable")
        return [
            (self._roles[row], round(float(scores[row]), 3)) for row in order if scores[row] >= _LEAST_SCORE
        ]


def _plain(title: str) -> str:
    return " ".join(_RANK.sub(" ", fold(title).text).lower().split())
