"""Second stage: the nearest targets of a sentence, each with what tells a true one from a near one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.matching.encoders import Encoder, Matrix, TokenEncoder, unit
from recommender.matching.retrievers import (
    LONGEST_WINDOW,
    LexicalIndex,
    Scores,
    Windows,
    Word,
    content_words,
    unigrams,
)
from recommender.matching.targets import Target

CANDIDATES = 150
"""How many are described in a large framework; a vocabulary of a few hundred skills needs fewer."""

_LONGEST_RUN_OF_TOKENS = 9
_MOST_TOKENS = 90
_LONGEST_LABEL_COUNTED = 5

LEXICAL = ("label", "names", "document", "description", "letters", "window")
ENCODED = ("e_label", "e_names", "e_document", "e_window")
_OF_A_MEASURE = ("", "_standard", "_gap", "_rank")
_OF_WORDS = (
    "other_window",
    "other_gap",
    "other_rank",
    "any_window",
    "coverage",
    "first_word",
    "last_word",
    "exact",
    "exact_other",
    "missing",
    "met",
    "ahead",
    "window_words",
    "rivals",
    "ahead_fused",
)
_OF_THE_TARGET = ("mentions", "rarity", "weight", "others", "reuse", "knowledge", "words", "sentence_words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """Encoded targets: targets x dimensions each, rows of length one."""

    labels: Matrix
    names: Matrix
    documents: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The nearest targets of one sentence, nearest first.

    `targets` are positions in the index, `features` candidates x features in the order of `feature_names`;
    `spans` are the half-open ranges of the sentence that come nearest to each label.
    """

    targets: NDArray[np.int64]
    features: Scores
    spans: tuple[tuple[int, int], ...]


def feature_names(*, encoded: bool) -> tuple[str, ...]:
    """Names of the columns of `Candidates.features`."""
    measures = (*LEXICAL, *(ENCODED if encoded else ()), "fused")
    return (*(m + suffix for m in measures for suffix in _OF_A_MEASURE), *_OF_WORDS, *_OF_THE_TARGET)


def texts_of(targets: Sequence[Target], *, alternatives: int = 5) -> dict[str, list[str]]:
    """What is encoded: labels, labels with the first few other names, and labels with descriptions."""
    return {
        "labels": [one.label for one in targets],
        "names": ["; ".join((one.label, *one.alternatives[:alternatives])) for one in targets],
        "documents": [f"{one.label}. {one.description}" for one in targets],
    }


def encode_targets(targets: Sequence[Target], encoder: Encoder) -> Vectors:
    """Vectors of all texts of the targets."""
    return Vectors(**{part: encoder.encode(texts) for part, texts in texts_of(targets).items()})


class CandidateFinder:
    """Finds and describes candidates; with an encoder also by meaning. Immutable once built."""

    def __init__(
        self,
        index: LexicalIndex,
        *,
        encoder: TokenEncoder | None = None,
        vectors: Vectors | None = None,
        candidates: int = CANDIDATES,
    ) -> None:
        self._index = index
        self._candidates = candidates
        self._encoder = encoder
        self._vectors = vectors
        targets = index.targets
        self._terms = [frozenset(unigrams(one.label)) for one in targets]
        self._ordered = [unigrams(one.label) for one in targets]
        self._labels = [_texts(one.label) for one in targets]
        self._others = [{_texts(other) for other in one.alternatives} - {()} for one in targets]
        self._weights = np.array([sum(map(self._idf, terms)) for terms in self._terms], np.float32)
        self._facts = np.array(
            [
                (
                    mentions,
                    np.mean([self._idf(term) for term in terms]) if terms else 0,
                    weight,
                    len(one.alternatives),
                    one.reuse,
                    one.is_knowledge,
                    len(terms),
                )
                for one, terms, weight, mentions in zip(
                    targets, self._ordered, self._weights, _mentions(targets, self._labels), strict=True
                )
            ],
            np.float32,
        )

    def find(self, sentences: Sequence[str]) -> Iterator[Candidates]:
        """For each sentence its candidates."""
        scores = self._index.scores(sentences)
        if self._encoder is not None and self._vectors is not None:
            whole, tokens = self._encoder.with_tokens(sentences)
            scores["e_label"] = whole @ self._vectors.labels.T
            scores["e_names"] = whole @ self._vectors.names.T
            scores["e_document"] = whole @ self._vectors.documents.T
        for number, sentence in enumerate(sentences):
            words = content_words(sentence)
            letters = self._index.letters_of(words)
            runs = self._index.label_windows(letters)
            measures = {name: found[number] for name, found in scores.items()}
            measures["window"] = runs.best
            if self._encoder is not None and self._vectors is not None:
                measures["e_window"] = _nearest_run(tokens[number], self._vectors.labels)
            measures["fused"] = _fused(measures)
            near = np.argsort(-measures["fused"], kind="stable")[: self._candidates]
            others = self._index.alternative_windows(letters, near)
            features = [
                *self._of_measures(measures, near),
                *self._of_words(words, near, runs=runs, others=others, fused=measures["fused"]),
                *self._facts[near].T,
                np.full(len(near), len(words)),
            ]
            yield Candidates(
                targets=near,
                features=np.column_stack([np.asarray(one, np.float32) for one in features]),
                spans=tuple(_span(words, runs, target) for target in near),
            )

    def _of_measures(self, measures: dict[str, Scores], near: NDArray[np.int64]) -> Iterator[Scores]:
        encoded = ENCODED if self._encoder is not None else ()
        for name in (*LEXICAL, *encoded, "fused"):
            values = measures[name]
            own = values[near]
            yield own
            yield (own - values.mean()) / (values.std() + 1e-6)
            yield values.max() - own
            yield _log_rank(own)

    def _of_words(
        self, words: Sequence[Word], near: NDArray[np.int64], *, runs: Windows, others: Scores, fused: Scores
    ) -> Iterator[object]:
        best = runs.best[near]
        yield others
        yield (others.max() if len(others) else 0) - others
        yield _log_rank(others)
        yield np.maximum(others, best)
        stems = {word.stem for word in words}
        texts = tuple(word.text for word in words)
        met = np.array([sum(self._idf(term) for term in self._terms[one] if term in stems) for one in near])
        weights = self._weights[near]
        yield met / (weights + 1e-6)
        yield [bool(self._ordered[one]) and self._ordered[one][0] in stems for one in near]
        yield [bool(self._ordered[one]) and self._ordered[one][-1] in stems for one in near]
        yield [len(self._labels[one]) if _holds(texts, self._labels[one]) else 0 for one in near]
        yield [max((len(o) for o in self._others[one] if _holds(texts, o)), default=0) for one in near]
        yield weights - met
        yield met
        start, end = runs.first[near], runs.first[near] + runs.size[near]
        rivals = (start[:, None] < end[None, :]) & (start[None, :] < end[:, None])
        np.fill_diagonal(rivals, val=False)
        yield best - np.where(rivals, best[None, :], 0).max(axis=1, initial=0)
        yield runs.size[near]
        yield rivals.sum(axis=1)
        own = fused[near]
        yield own - np.where(rivals, own[None, :], own.min()).max(axis=1, initial=own.min())

    def _idf(self, term: str) -> float:
        return float(self._index.idf.get(term, self._index.rarest))


def _fused(measures: dict[str, Scores]) -> Scores:
    text = sum((_standard(measures[name]) for name in LEXICAL), start=np.zeros(1, np.float32))
    if "e_label" not in measures:
        return np.asarray(text, np.float32)
    meaning = sum((_standard(measures[name]) for name in ENCODED), start=np.zeros(1, np.float32))
    return np.asarray(text / 2 + 2 * meaning, np.float32)


def _standard(values: Scores) -> Scores:
    return np.asarray((values - values.mean()) / (values.std() + 1e-6), np.float32)


def _log_rank(values: Scores) -> Scores:
    order = np.argsort(np.argsort(-values, kind="stable"), kind="stable")
    return np.log1p(order).astype(np.float32)


def _nearest_run(tokens: Matrix, labels: Matrix) -> Scores:
    """Highest cosine of the mean of any run of up to nine tokens with each label."""
    tokens = tokens[:_MOST_TOKENS]
    if not len(tokens):
        return np.zeros(len(labels), np.float32)
    summed = np.vstack([np.zeros((1, tokens.shape[1]), np.float32), np.cumsum(tokens, axis=0)])
    longest = min(_LONGEST_RUN_OF_TOKENS, len(tokens))
    runs = unit(np.vstack([summed[size:] - summed[:-size] for size in range(1, longest + 1)]))
    return np.asarray((runs @ labels.T).max(axis=0), np.float32)


def _texts(name: str) -> tuple[str, ...]:
    return tuple(word.text for word in content_words(name))


def _holds(texts: tuple[str, ...], name: tuple[str, ...]) -> bool:
    size = len(name)
    return size > 0 and any(texts[at : at + size] == name for at in range(len(texts) - size + 1))


def _mentions(targets: Sequence[Target], labels: Sequence[tuple[str, ...]]) -> list[float]:
    """log(1 + number of descriptions that hold the label): how commonly a skill is spoken of."""
    wanted = set(labels)
    counts: Counter[tuple[str, ...]] = Counter()
    for one in targets:
        texts = _texts(one.description)
        counts.update(
            {
                run
                for size in range(1, _LONGEST_LABEL_COUNTED + 1)
                for at in range(len(texts) - size + 1)
                if (run := texts[at : at + size]) in wanted
            }
        )
    return [float(np.log1p(counts[label])) for label in labels]


def _span(words: Sequence[Word], runs: Windows, target: int) -> tuple[int, int]:
    if not words:
        return (0, 0)
    first = int(runs.first[target])
    last = min(len(words), first + int(runs.size[target]), first + LONGEST_WINDOW) - 1
    return words[first].start, words[last].end
