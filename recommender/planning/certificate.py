"""The part of a proof that anybody can replay: landmarks with shares, in rounds (`domain.Certificate`).

LM-cut runs on the reduced task; each landmark is lifted back: a course that was left out for another one joins
the landmarks of that one, and since it is no cheaper, it can bear the same shares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.planning import bound, relevance
from recommender.planning.task import BoolArray, IntArray, Task

ROUNDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A landmark: course indices of the task, and what it charges each of them."""

    courses: IntArray
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Rounds of landmarks, and the bound they prove: no plan costs less than it."""

    rounds: tuple[tuple[Share, ...], ...]
    bound: int


def certify(
    task: Task,
    smaller: relevance.Reduced,
    cut: bound.LandmarkBound,
    *,
    cost: int,
    go_on: Callable[[], bool],
) -> Certified:
    """Landmarks of `task` for a plan of `cost`, in rounds until they reach it, nothing moves or time is up.

    `task` must have every course that can be taken and leads to a goal; `smaller` is its reduction and `cut`
    are the landmarks of that, which make the first round.
    """
    allowed: BoolArray = np.ones(task.size, dtype=np.bool_)
    rounds: list[tuple[Share, ...]] = []
    best = 0
    while True:
        left = task.cost.copy()
        rounds.append(tuple(_lifted(smaller, cut, allowed, left)))
        best = max(best, cut.value)
        kept = allowed & (cut.value + left < cost)
        if best >= cost or len(rounds) == ROUNDS or kept.sum() == allowed.sum() or not go_on():
            break
        allowed = kept
        smaller = relevance.reduced(task, allowed=allowed)
        if not smaller.is_possible:
            rounds.append((Share(courses=np.zeros(0, dtype=np.int64), share=cost),))
            best = cost
            break
        cut = bound.lm_cut(smaller.task, smaller.task.cost, go_on=lambda: True)
        if cut.value <= best:
            break
    return Certified(rounds=tuple(rounds), bound=min(best, cost))


def _lifted(
    smaller: relevance.Reduced, cut: bound.LandmarkBound, allowed: BoolArray, left: IntArray
) -> Sequence[Share]:
    found = []
    for courses, share in zip(cut.landmarks, cut.shares, strict=True):
        mask = smaller.lifted(courses) & allowed
        left[mask] -= share
        found.append(Share(courses=np.flatnonzero(mask), share=share))
    return found
