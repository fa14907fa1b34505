"""One short phrase, Chinese or English, to the skills it may mean: names first, then letters and meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender.domain import Skill
from recommender.matching.encoders import Encoder, Matrix
from recommender.matching.links import Method
from recommender.matching.retrievers import Scores
from recommender.text.normalise import fold
from recommender.text.tokens import words_of

_MEANING = 0.5
"""Share of the encoder where there is one. Not tuned: letters and meaning count alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseMatch:
    """A skill a phrase may mean; `name` is the nearest of its names, `score` 0..1 and 1 only for a name."""

    skill: str
    score: float
    method: Method
    name: str


class PhraseMatcher:
    """Ranks skills for short phrases. Build it once for a vocabulary.

    >>> from recommender.domain import HalfLife, Label, SkillKind
    >>> skill = Skill(id="ml", name=Label(en="Machine learning", zh="机器学习"), kind=SkillKind.TECHNOLOGY,
    ...               half_life=HalfLife.METHOD)
    >>> [(one.skill, one.name) for one in PhraseMatcher([skill]).match("机器学习建模")]
    [('ml', '机器学习')]
    """

    def __init__(self, skills: Sequence[Skill], *, encoder: Encoder | None = None) -> None:
        named = [
            (skill.id, name)
            for skill in skills
            for name in dict.fromkeys((skill.name.zh, skill.name.en, *skill.aliases_zh, *skill.aliases_en))
            if name
        ]
        self._skills = [skill for skill, _ in named]
        self._names = [name for _, name in named]
        self._exact: dict[tuple[str, ...], int] = {}
        for place, name in enumerate(self._names):
            self._exact.setdefault(words_of(name), place)
        self._letters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32
        )
        self._letter_rows = sparse.csr_matrix(self._letters.fit_transform(map(_plain, self._names)))
        self._encoder = encoder
        self._vectors: Matrix | None = encoder.encode(self._names) if encoder is not None else None

    def match(self, phrase: str, *, limit: int = 5) -> tuple[PhraseMatch, ...]:
        """At most `limit` skills, best first; empty when no letter is shared with any name."""
        return self.match_all([phrase], limit=limit)[0]

    def match_all(self, phrases: Sequence[str], *, limit: int = 5) -> list[tuple[PhraseMatch, ...]]:
        """The same for many phrases at once."""
        if not phrases:
            return []
        letters = sparse.csr_matrix(self._letters.transform(map(_plain, phrases)))
        scores = (letters @ self._letter_rows.T).toarray()
        if self._encoder is not None and self._vectors is not None:
            meaning = self._encoder.encode(phrases) @ self._vectors.T
            scores = (1 - _MEANING) * scores + _MEANING * meaning
        return [self._best(phrase, row, limit=limit) for phrase, row in zip(phrases, scores, strict=True)]

    def _best(self, phrase: str, scores: Scores, *, limit: int) -> tuple[PhraseMatch, ...]:
        found: dict[str, PhraseMatch] = {}
        exact = self._exact.get(words_of(phrase))
        if exact is not None:
            found[self._skills[exact]] = PhraseMatch(
                skill=self._skills[exact], score=1.0, method=Method.ALIAS, name=self._names[exact]
            )
        for place in np.argsort(-scores, kind="stable"):
            if len(found) == limit or scores[place] <= 0:
                break
            skill = self._skills[place]
            if skill not in found:
                found[skill] = PhraseMatch(
                    skill=skill,
                    score=round(min(float(scores[place]), 0.99), 4),
                    method=Method.RETRIEVAL,
                    name=self._names[place],
                )
        return tuple(found.values())


def _plain(text: str) -> str:
    return " ".join(fold(text).lower.split())
