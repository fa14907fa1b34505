"""Many problems over one catalogue: results as they come, in order, on as many processes as asked for."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from recommender.domain import Catalogue, Problem, Solution
from recommender.errors import MalformedInputError
from recommender.planning import offer
from recommender.planning.preferring import solve
from recommender.planning.stopwatch import StopWatch, Unlimited

CHUNK = 16
"""Problems that one process takes at a time."""
AHEAD = 3
"""Chunks per process that are read before their turn; more would only fill the memory."""

Answer = TypeVar("Answer")
Crew = Callable[[Callable[[Problem], Any], Iterable[Problem], int], Iterator[Any]]
"""Question, problems and the number of them a process takes at a time -> the answers."""

_NOTHING = Catalogue(courses=(), skills=frozenset())
_shared: Catalogue = _NOTHING


def solve_many(
    problems: Iterable[Problem],
    *,
    processes: int = 1,
    stop: Callable[[], StopWatch] = Unlimited,
    gap: int = 0,
    chunk: int = CHUNK,
) -> Iterator[Solution]:
    """The solutions of `problems`, all over the same catalogue, in their order, each as soon as it is there.

    `stop` makes the stop-watch of one problem (it must be picklable when `processes` > 1), `gap` is that of
    `solve`, `chunk` how many a process takes at a time (few, when single ones take long). `problems` are read
    as they are needed, so they may be endless. Raises MalformedInputError for a problem over another
    catalogue, and as `solve` does.
    """
    return ask_many(partial(_solved, stop=stop, gap=gap), problems, processes=processes, chunk=chunk)


def ask_many(
    question: Callable[[Problem], Answer],
    problems: Iterable[Problem],
    *,
    processes: int = 1,
    chunk: int = CHUNK,
) -> Iterator[Answer]:
    """What `question` (picklable when `processes` > 1) answers for each problem, as `solve_many` does it."""
    iterator = iter(problems)
    first = next(iterator, None)
    if first is None:
        return
    with crew(first.catalogue, processes=processes) as ask:
        yield from ask(question, chain([first], iterator), chunk)


@contextmanager
def crew(catalogue: Catalogue, *, processes: int) -> Iterator[Crew]:
    """So many processes that have `catalogue` at hand, for several calls of what is given back: that answers
    a question for each of many problems, a chunk of them at a time, in their order."""
    offer.of(catalogue)
    if processes == 1:
        yield partial(_ask_here, catalogue)
        return
    with _pool(catalogue, processes) as pool:
        yield partial(_ask_pool, pool, catalogue, processes)


def _ask_here(
    catalogue: Catalogue, question: Callable[[Problem], Any], problems: Iterable[Problem], _chunk: int
) -> Iterator[Any]:
    for problem in _over(catalogue, problems):
        yield question(replace(problem, catalogue=catalogue))


def _ask_pool(
    pool: ProcessPoolExecutor,
    catalogue: Catalogue,
    processes: int,
    question: Callable[[Problem], Any],
    problems: Iterable[Problem],
    chunk: int,
) -> Iterator[Any]:
    pending: deque[Future[list[Any]]] = deque()
    try:
        for some in _chunks(_over(catalogue, problems), chunk):
            pending.append(pool.submit(_ask_chunk, question, some))
            if len(pending) > AHEAD * processes:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    finally:
        for future in pending:
            future.cancel()


def _solved(problem: Problem, *, stop: Callable[[], StopWatch], gap: int) -> Solution:
    return solve(problem, stop=stop(), gap=gap)


def _over(catalogue: Catalogue, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems without their catalogue, which the processes have already."""
    for problem in problems:
        if problem.catalogue is not catalogue and problem.catalogue.digest != catalogue.digest:
            raise MalformedInputError(f"problem {problem.id} is over another catalogue than the first")
        yield replace(problem, catalogue=_NOTHING)


def _chunks(problems: Iterator[Problem], size: int) -> Iterator[list[Problem]]:
    while some := list(islice(problems, size)):
        yield some


@contextmanager
def _pool(catalogue: Catalogue, processes: int) -> Iterator[ProcessPoolExecutor]:
    # Not forked: a solver that ran before leaves threads behind that a forked child would wait for in vain.
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="groundwork-") as folder:
        path = Path(folder) / "catalogue.offer"
        offer.save(offer.of(catalogue), path)
        with ProcessPoolExecutor(
            processes, mp_context=context, initializer=_begin, initargs=(catalogue, path)
        ) as pool:
            try:
                yield pool
            finally:
                pool.shutdown(cancel_futures=True)


def _begin(catalogue: Catalogue, path: Path) -> None:
    """What a process does first: every one maps the same file, so the arrays are in memory once."""
    global _shared  # noqa: PLW0603  # the one thing that all problems of this process have in common
    _shared = offer.given(catalogue, offer.load(path))


def _ask_chunk(question: Callable[[Problem], Answer], chunk: list[Problem]) -> list[Answer]:
    return [question(replace(problem, catalogue=_shared)) for problem in chunk]
