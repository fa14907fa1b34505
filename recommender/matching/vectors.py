"""Vectors of texts, computed once for each text and encoder, kept as files and memory-mapped."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.errors import MalformedInputError
from recommender.matching.candidates import Vectors, encode_targets, texts_of
from recommender.matching.encoders import Encoder, Matrix
from recommender.matching.targets import Target


def of_targets(targets: Sequence[Target], encoder: Encoder, *, folder: Path | None) -> Vectors:
    """From `folder` where they are already, else computed and, with a folder, kept there."""
    if folder is None:
        return encode_targets(targets, encoder)
    parts = texts_of(targets).items()
    return Vectors(**{part: of_texts(texts, encoder, folder=folder, use=part) for part, texts in parts})


def of_texts(texts: Sequence[str], encoder: Encoder, *, folder: Path | None, use: str = "texts") -> Matrix:
    """texts x dimensions; a folder keeps them by encoder and `use`.

    A file's name holds the digest of texts and encoder, so a changed vocabulary never meets old vectors. Of
    the set that was kept last for the same use every text that is still there is taken over: one new name
    costs one encoding.
    """
    if folder is None:
        return encoder.encode(texts)
    kept = _Kept(folder=folder, encoder=encoder.name, use=use)
    file = kept.file(texts)
    if not file.exists():
        kept.write(texts, _completed(texts, encoder, kept.last(texts)))
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))


def missing(texts: Sequence[str], encoder: Encoder, *, folder: Path, use: str = "texts") -> int:
    """How many texts `of_texts` would have to encode."""
    kept = _Kept(folder=folder, encoder=encoder.name, use=use)
    if kept.file(texts).exists():
        return 0
    return len(set(texts) - kept.last(texts).keys())


def missing_of_targets(targets: Sequence[Target], encoder: Encoder, *, folder: Path) -> int:
    """How many texts `of_targets` would have to encode."""
    parts = texts_of(targets).items()
    return sum(missing(texts, encoder, folder=folder, use=part) for part, texts in parts)


def _completed(texts: Sequence[str], encoder: Encoder, known: dict[str, Matrix]) -> Matrix:
    new = [text for text in dict.fromkeys(texts) if text not in known]
    rows = known | dict(zip(new, encoder.encode(new), strict=True)) if new else known
    empty = np.zeros((0, encoder.dimensions), np.float32)
    return np.asarray([rows[text] for text in texts], np.float32) if texts else empty


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """The files of one encoder and use: matrices by digest, and which texts the last one holds."""

    folder: Path
    encoder: str
    use: str

    def file(self, texts: Sequence[str]) -> Path:
        state = hashlib.sha256(self.encoder.encode())
        for text in texts:
            state.update(b"\0" + text.encode())
        return self.folder / f"{state.hexdigest()[:24]}-{self.use}.npy"

    @property
    def _last(self) -> Path:
        return self.folder / f"{hashlib.sha256(self.encoder.encode()).hexdigest()[:12]}-{self.use}.json"

    def last(self, texts: Sequence[str]) -> dict[str, Matrix]:
        """Vectors of those of the texts that were kept last.

        Raises MalformedInputError when the list and the matrix do not fit together.
        """
        try:
            kept = json.loads(self._last.read_text(encoding="utf-8"))
            matrix = np.load(self.folder / kept["file"], mmap_mode="r", allow_pickle=False)
        except FileNotFoundError:
            return {}
        if len(matrix) != len(kept["texts"]):
            raise MalformedInputError(f"{self._last}: does not fit {kept['file']}")
        places = {text: place for place, text in enumerate(kept["texts"])}
        return {text: matrix[places[text]] for text in texts if text in places}

    def write(self, texts: Sequence[str], matrix: Matrix) -> None:
        """Whole or not at all: another process may be reading the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.file(texts)
        unfinished = file.with_suffix(f".{os.getpid()}.part")
        with unfinished.open("wb") as out:
            np.save(out, matrix, allow_pickle=False)
        unfinished.replace(file)
        listed = json.dumps({"file": file.name, "texts": list(texts)}, ensure_ascii=False)
        unfinished.write_text(listed, encoding="utf-8")
        unfinished.replace(self._last)
