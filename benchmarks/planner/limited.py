"""Work in a process of its own, ended with everything it started when its time is up."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

T = TypeVar("T")
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[T]):
    """What came back, or None; seconds the work itself took, or until it was ended; why nothing came back."""

    value: T | None
    seconds: float
    failure: str = ""


def run(
    work: Callable[[], T],
    *,
    seconds: float | None,
    mebibytes: int | None = None,
    before: Callable[[], None] | None = None,
) -> Outcome[T]:
    """Fork, so that what is loaded need not be loaded again, and do `work` there; `before` it, untimed.

    Call it from a process with one thread and no connections: libraries tidy theirs up after a fork, in the
    child, and that may wait for ever (a message queue's client does).
    Beyond `mebibytes` of address space the work fails; `seconds` None means no limit.
    """
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=_do, args=(work, before, sending, mebibytes))
    started = time.perf_counter()
    child.start()
    sending.close()
    try:
        if not receiving.poll(seconds):
            return Outcome(value=None, seconds=time.perf_counter() - started, failure="out of time")
        answer: tuple[T | None, float, str] = receiving.recv()
        return Outcome(value=answer[0], seconds=answer[1], failure=answer[2])
    except EOFError:
        return Outcome(value=None, seconds=time.perf_counter() - started, failure="ended without an answer")
    finally:
        receiving.close()
        _end(child)


def _do(
    work: Callable[[], T], before: Callable[[], None] | None, sending: Connection, mebibytes: int | None
) -> None:
    os.setsid()
    if mebibytes:
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes * MEBIBYTE, mebibytes * MEBIBYTE))
    if before:
        before()
    started = time.perf_counter()
    try:
        value = work()
    except MemoryError:
        sending.send((None, time.perf_counter() - started, "out of memory"))
    except RecursionError:
        sending.send((None, time.perf_counter() - started, "too deep"))
    else:
        sending.send((value, time.perf_counter() - started, ""))
    sending.close()


def _end(child: BaseProcess) -> None:
    """End the child and what it started; it leads a process group of its own, if it got that far."""
    if child.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    child.kill()
    child.join()
