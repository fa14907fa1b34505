"""Vectors of targets, computed once per set of texts and encoder, kept as files and memory-mapped."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recommender.matching.candidates import Vectors, encode_targets
from recommender.matching.encoders import Matrix, MiniLM
from recommender.matching.targets import Target, digest

_PARTS = ("labels", "names", "documents")


def of_targets(targets: Sequence[Target], encoder: MiniLM, *, folder: Path | None) -> Vectors:
    """From `folder` where they are already, else computed and, with a folder, kept there.

    A file's name holds the digest of texts and encoder, so a changed vocabulary never meets old vectors.
    """
    if folder is None:
        return encode_targets(targets, encoder)
    key = hashlib.sha256(f"{encoder.name} {digest(targets)}".encode()).hexdigest()[:24]
    files = {part: folder / f"{key}-{part}.npy" for part in _PARTS}
    if not all(file.exists() for file in files.values()):
        folder.mkdir(parents=True, exist_ok=True)
        found = encode_targets(targets, encoder)
        for part, file in files.items():
            _write(getattr(found, part), file)
    labels, names, documents = (np.load(files[part], mmap_mode="r", allow_pickle=False) for part in _PARTS)
    return Vectors(labels=labels, names=names, documents=documents)


def _write(matrix: Matrix, file: Path) -> None:
    """Whole or not at all: another process may be reading the folder."""
    unfinished = file.with_suffix(f".{os.getpid()}.part")
    with unfinished.open("wb") as out:
        np.save(out, matrix, allow_pickle=False)
    unfinished.replace(file)
