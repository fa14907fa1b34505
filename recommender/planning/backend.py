"""Which loops run: those that numba compiles where it is installed, else numpy's, to the same answers."""

from __future__ import annotations

import contextlib
import functools
import importlib
import importlib.util
from collections.abc import Iterator
from types import ModuleType

NAMES = {"numba": "recommender.planning.loops", "numpy": "recommender.planning.arrays"}

_chosen: list[str] = ["numba" if importlib.util.find_spec("numba") else "numpy"]


def loops() -> ModuleType:
    """The module with the loops in force."""
    return _loaded(_chosen[-1])


@functools.cache
def _loaded(name: str) -> ModuleType:
    return importlib.import_module(NAMES[name])


def name() -> str:
    """`numba` or `numpy`."""
    return _chosen[-1]


@contextlib.contextmanager
def using(name: str) -> Iterator[None]:
    """Run with the named loops; for comparisons."""
    if name not in NAMES:
        raise ValueError(f"loops must be one of {', '.join(NAMES)}, got {name!r}")
    _chosen.append(name)
    try:
        yield
    finally:
        _chosen.pop()


def warm() -> None:
    """Load (on a new machine: compile) every loop now, so that nobody's first request waits for it."""
    from recommender.planning import highs, rehearsal, sat

    for module in ("scipy.optimize", "scipy.sparse.csgraph"):
        importlib.import_module(module)
    highs.load()
    rehearsal.play()
    if sat.is_installed():
        sat.load()
