"""Sentences to skills they name in other words: retrievers, then the re-ranker trained for vocabularies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from recommender.domain import Skill
from recommender.matching import reranker, vectors
from recommender.matching.candidates import CandidateFinder
from recommender.matching.encoders import TokenEncoder
from recommender.matching.links import Method
from recommender.matching.reranker import Kind, Ranked, Reranker
from recommender.matching.retrieval import Suggestion
from recommender.matching.retrievers import LexicalIndex, unigrams
from recommender.matching.targets import Target, from_skills

NEAREST = 20
"""Candidates that are described. Of a few hundred skills the right one is among them or shares no word."""

LEAST = 0.3
"""Below this probability nothing is suggested: seven in ten would be wrong."""


class Suggester:
    """Ranks a vocabulary for sentences. Build it once; the first question builds the index.

    With an encoder meaning counts as well; `folder` keeps the vectors of the vocabulary.
    """

    def __init__(
        self, skills: Sequence[Skill], *, encoder: TokenEncoder | None = None, folder: Path | None = None
    ) -> None:
        self._targets = from_skills(skills)
        self._encoder = encoder
        self._folder = folder

    @property
    def version(self) -> str:
        """The first letters of the hash of the trained model."""
        return str(self._model.card["sha256"])[:8]

    def suggest(self, sentences: Sequence[str]) -> list[tuple[Suggestion, ...]]:
        """For each sentence its suggestions, most probable first; most have none.

        start..end are positions in the sentence.
        """
        answers: list[tuple[Suggestion, ...]] = [()] * len(sentences)
        asked = [place for place, one in enumerate(sentences) if self._targets and self._is_worth_asking(one)]
        ranked = self._model.rank(self._finder, [sentences[place] for place in asked]) if asked else []
        for place, found in zip(asked, ranked, strict=True):
            answers[place] = tuple(self._suggestions(sentences[place], found))
        return answers

    def _is_worth_asking(self, sentence: str) -> bool:
        words = unigrams(sentence)
        if self._encoder is not None:
            return len(words) > 1
        return len(self._index.idf.keys() & set(words)) > 1

    def _suggestions(self, sentence: str, found: Ranked) -> list[Suggestion]:
        kept = []
        for place, chance, (start, end) in zip(found.targets, found.probabilities, found.spans, strict=True):
            if chance < LEAST:
                break
            label, is_met = _nearest_name(self._targets[place], sentence[start:end])
            kept.append(
                Suggestion(
                    skill=self._targets[place].id,
                    confidence=round(float(chance), 4),
                    start=start,
                    end=end,
                    method=Method.WORDS if is_met else Method.NEAREST,
                    label=label,
                )
            )
        return kept

    @cached_property
    def _index(self) -> LexicalIndex:
        return LexicalIndex(self._targets)

    @cached_property
    def _model(self) -> Reranker:
        return reranker.load(encoded=self._encoder is not None, kind=Kind.VOCABULARY)

    @cached_property
    def _finder(self) -> CandidateFinder:
        encoded = None
        if self._encoder is not None:
            encoded = vectors.of_targets(self._targets, self._encoder, folder=self._folder)
        return CandidateFinder(self._index, encoder=self._encoder, vectors=encoded, candidates=NEAREST)


def _nearest_name(target: Target, words: str) -> tuple[str, bool]:
    """The name that shares most of its words with these, the first of equals; whether it shares them all."""
    stems = set(unigrams(words))
    shares = {name: _share(set(unigrams(name)), stems) for name in (target.label, *target.alternatives)}
    best = max(shares, key=lambda name: shares[name])
    return best, shares[best] == 1


def _share(wanted: set[str], stems: set[str]) -> float:
    return len(wanted & stems) / len(wanted) if wanted else 0.0
