"""An encoder small enough for tests: texts that share groups of three letters lie near each other."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from recommender.matching.encoders import Matrix, unit


class LettersEncoder:
    """Deterministic, without weights; counts what it is asked to encode."""

    name = "letters 1"
    dimensions = 256

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Matrix:
        self.encoded += texts
        return self._vectors(texts)

    def with_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[Matrix]]:
        return self.encode(texts), [self._vectors(text.split()) for text in texts]

    def _vectors(self, texts: Sequence[str]) -> Matrix:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            padded = f" {text.lower()} "
            for at in range(len(padded) - 2):
                vectors[row, zlib.crc32(padded[at : at + 3].encode()) % self.dimensions] += 1
        return unit(vectors)
