"""Random draws that come out the same on every machine and with every version of Python.

Only `random.Random.random()` is used, the one method whose sequence Python promises to keep.
"""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """A source of draws; the text `seed` names it."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self._random.random() < probability

    def whole(self, low: int, high: int) -> int:
        """An integer of low..high, both included, all alike."""
        return low + int(self._random.random() * (high - low + 1))

    def one(self, among: Sequence[T]) -> T:
        """One of a sequence, all alike."""
        return among[self.whole(0, len(among) - 1)]

    def some(self, among: Sequence[T], *, count: int) -> list[T]:
        """`count` different ones of a sequence, or all of a shorter one, in the order drawn."""
        left = list(among)
        return [left.pop(self.whole(0, len(left) - 1)) for _ in range(min(count, len(left)))]

    def weighted(self, wheel: Sequence[float]) -> int:
        """A place on a wheel made by `wheel_of`."""
        return min(bisect(wheel, self._random.random() * wheel[-1]), len(wheel) - 1)

    def lognormal(self, *, median: float, spread: float) -> float:
        """About lognormal: exp of a sum of twelve uniform draws, which is near enough to a normal one."""
        normal = sum(self._random.random() for _ in range(12)) - 6.0
        return median * math.exp(spread * normal)


def wheel_of(weights: Sequence[float]) -> list[float]:
    """Cumulative weights, to be drawn from by `Draw.weighted`."""
    return list(accumulate(weights))


def zipf(count: int, *, exponent: float) -> list[float]:
    """Weights 1 / rank ** exponent for ranks 1..count."""
    return [1.0 / rank**exponent for rank in range(1, count + 1)]
