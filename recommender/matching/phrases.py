"""One short phrase, Chinese or English, to the skills it may mean: names first, then letters and meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse

from recommender.domain import Skill
from recommender.matching import calibration, tfidf, vectors
from recommender.matching.encoders import Encoder, Matrix
from recommender.matching.links import Method
from recommender.matching.retrievers import Scores
from recommender.text.normalise import fold
from recommender.text.tokens import words_of

USE = "phrases"
"""Under this name vectors of names are kept."""

_MEANING = 0.5
"""Share of the encoder where there is one. Not tuned: letters and meaning count alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseMatch:
    """A skill a phrase may mean; `name` is the nearest of its names, `score` 0..1 and 1 only for a name.

    `probability` that it is meant is calibrated for the best match; for others it is a lower bound.
    """

    skill: str
    score: float
    probability: float
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

    def __init__(
        self, skills: Sequence[Skill], *, encoder: Encoder | None = None, folder: Path | None = None
    ) -> None:
        named = names_of(skills)
        self._skills = [skill for skill, _ in named]
        self._names = [name for _, name in named]
        self._exact: dict[tuple[str, ...], int] = {}
        for place, name in enumerate(self._names):
            self._exact.setdefault(words_of(name), place)
        self._letters = tfidf.vectoriser(
            analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32
        )
        self._letter_rows = sparse.csr_matrix(self._letters.fit_transform(map(_plain, self._names)))
        self._encoder = encoder
        self._vectors: Matrix | None = None
        if encoder is not None:
            self._vectors = vectors.of_texts(self._names, encoder, folder=folder, use=USE)
        self._curve = calibration.load(encoded=encoder is not None)

    def match(self, phrase: str, *, limit: int = 5) -> tuple[PhraseMatch, ...]:
        """At most `limit` skills, best first; empty when no letter is shared with any name."""
        return self.match_all([phrase], limit=limit)[0]

    def match_all(self, phrases: Sequence[str], *, limit: int = 5) -> list[tuple[PhraseMatch, ...]]:
        """The same for many phrases at once."""
        if not phrases:
            return []
        scores = self.scores(phrases)
        return [self._best(phrase, row, limit=limit) for phrase, row in zip(phrases, scores, strict=True)]

    def scores(self, phrases: Sequence[str]) -> Scores:
        """phrases x names, in the order of `names_of`."""
        letters = sparse.csr_matrix(self._letters.transform(map(_plain, phrases)))
        scores = (letters @ self._letter_rows.T).toarray()
        if self._encoder is not None and self._vectors is not None:
            meaning = self._encoder.encode(phrases) @ self._vectors.T
            scores = (1 - _MEANING) * scores + _MEANING * meaning
        return np.asarray(scores, np.float32)

    def _best(self, phrase: str, scores: Scores, *, limit: int) -> tuple[PhraseMatch, ...]:
        found: dict[str, PhraseMatch] = {}
        exact = self._exact.get(words_of(phrase))
        if exact is not None:
            found[self._skills[exact]] = PhraseMatch(
                skill=self._skills[exact],
                score=1.0,
                probability=1.0,
                method=Method.ALIAS,
                name=self._names[exact],
            )
        nearest = self._nearest(scores, limit=limit + 1)
        for skill, place in nearest.items():
            if len(found) == limit:
                break
            score = float(scores[place])
            others = [float(scores[other]) for one, other in nearest.items() if one != skill]
            found.setdefault(
                skill,
                PhraseMatch(
                    skill=skill,
                    score=round(min(score, 0.99), 4),
                    probability=self._curve.probability(score=score, lead=score - max(others, default=0.0)),
                    method=Method.NEAREST,
                    name=self._names[place],
                ),
            )
        return tuple(found.values())

    def _nearest(self, scores: Scores, *, limit: int) -> dict[str, int]:
        """Skills that share anything, each with the place of its best name; at least `limit` if so many."""
        best: dict[str, int] = {}
        for place in map(int, np.argsort(-scores, kind="stable")):
            if len(best) > limit or scores[place] <= 0:
                break
            best.setdefault(self._skills[place], place)
        return best


def names_of(skills: Sequence[Skill]) -> list[tuple[str, str]]:
    """Every name of every skill, Chinese first, with the id of its skill."""
    return [
        (skill.id, name)
        for skill in skills
        for name in dict.fromkeys((skill.name.zh, skill.name.en, *skill.aliases_zh, *skill.aliases_en))
        if name
    ]


def _plain(text: str) -> str:
    return " ".join(fold(text).lower.split())
