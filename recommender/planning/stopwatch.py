"""How long the engine may still work: asked of the caller, because the engine has no clock of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol


class StopWatch(Protocol):
    """What a planner asks now and then."""

    def remaining(self) -> float:
        """Seconds left; zero or less means: answer now with what is known. May be infinite."""
        ...


class Unlimited:
    """Time without end.

    >>> Unlimited().remaining()
    inf
    """

    def remaining(self) -> float:
        """Always infinite."""
        return math.inf


class Deadline:
    """A limit of `seconds` from now on, by the caller's `clock` (`time.monotonic`, for instance).

    >>> ticks = iter([10.0, 12.5])
    >>> Deadline(4, clock=lambda: next(ticks)).remaining()
    1.5
    """

    def __init__(self, seconds: float, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Seconds until the end, negative after it."""
        return self._end - self._clock()
