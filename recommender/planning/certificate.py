"""The part of a proof that anybody can replay: landmarks with shares, in rounds (`domain.Certificate`).

LM-cut runs on the reduced task; each landmark is lifted back: a course that was left out for another one
joins the landmarks of that one, and since it is no cheaper, it can bear the same shares.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from recommender.planning import bound, relevance
from recommender.planning.task import BoolArray, IntArray, Rows, Task

ROUNDS = 12
PATIENCE = 6
"""Orders of the goals tried in vain before a certificate is left as it is."""
WORTHWHILE_SHRINKING = 0.95
"""Share of the courses that a round must have left at most for the next one to do without the others."""
SEED = 1
SMALL = 600
"""Courses up to which other orders of the goals are tried: there they are cheap, and worth it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Landmarks: rows of course indices of the task, and what each charges its courses."""

    landmarks: Rows
    shares: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Rounds of landmarks, and the bound they prove: no plan costs less than it."""

    rounds: tuple[Round, ...]
    bound: int


def certify(
    task: Task,
    smaller: relevance.Reduced,
    cut: bound.LandmarkBound,
    *,
    cost: int,
    enough: int,
    courses: int,
    rounds: int,
    go_on: Callable[[], bool],
) -> Certified:
    """Landmarks of `task` for a plan of `cost`, in at most so many `rounds`, until they prove that no plan
    costs less than `enough`, nothing moves or `go_on` says no.

    Only sources below `courses` are left out of later rounds; waivers and helpers stay.
    `task` must have every course that can be taken and leads to a goal; `smaller` is its reduction and `cut`
    are the landmarks of that, which make the first round.
    """
    allowed: BoolArray = np.ones(task.size, dtype=np.bool_)
    always = task.source >= courses
    made: list[Round] = []
    best = idle = 0
    rng: np.random.Generator | None = None
    while True:
        left = task.cost.copy()
        landmarks = smaller.lifted(cut.landmarks, allowed=allowed)
        np.subtract.at(left, landmarks.item, np.repeat(cut.shares, landmarks.lengths))
        kept = allowed & (always | (cut.value + left < cost))
        shrinks = kept.sum() < WORTHWHILE_SHRINKING * allowed.sum()
        if cut.value > best or shrinks or not made:
            made.append(Round(landmarks=landmarks, shares=cut.shares))
            best, idle = max(best, cut.value), 0
        else:
            idle += 1
        if best >= enough or len(made) == rounds or idle == PATIENCE or not go_on():
            break
        if shrinks:
            allowed = kept
            smaller = relevance.reduced(task, allowed=allowed)
            if not smaller.is_possible:
                made.append(_without_way_out(cost))
                best = cost
                break
        elif smaller.task.size > SMALL:
            break
        # The first order again on what is left, then others; a seed, so that the same problem gets the same.
        rng = None if rng is None and shrinks and len(made) == 1 else rng or np.random.default_rng(SEED)
        cut = bound.lm_cut(smaller.task, smaller.task.cost, go_on=lambda: True, rng=rng)
    return Certified(rounds=tuple(made), bound=min(best, cost))


def _without_way_out(cost: int) -> Round:
    """That the courses left do not reach the goals: a landmark without courses."""
    empty = np.zeros(0, dtype=np.int64)
    return Round(landmarks=Rows.of(np.zeros(1, dtype=np.int64), empty), shares=np.array([cost]))
