"""The part of a proof that anybody can replay: landmarks with shares, in rounds (`domain.Certificate`).

LM-cut runs on the reduced task; each landmark is lifted back: a course that was left out for another one
joins the landmarks of that one, and since it is no cheaper, it can bear the same shares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    made: list[tuple[Share, ...]] = []
    best = idle = 0
    rng: np.random.Generator | None = None
    while True:
        left = task.cost.copy()
        shares = tuple(_lifted(smaller, cut, allowed, left))
        kept = allowed & (always | (cut.value + left < cost))
        shrinks = kept.sum() < WORTHWHILE_SHRINKING * allowed.sum()
        if cut.value > best or shrinks or not made:
            made.append(shares)
            best, idle = max(best, cut.value), 0
        else:
            idle += 1
        if best >= enough or len(made) == rounds or idle == PATIENCE or not go_on():
            break
        if shrinks:
            allowed = kept
            smaller = relevance.reduced(task, allowed=allowed)
            if not smaller.is_possible:
                made.append((Share(courses=np.zeros(0, dtype=np.int64), share=cost),))
                best = cost
                break
        elif smaller.task.size > SMALL:
            break
        # The first order again on what is left, then others; a seed, so that the same problem gets the same.
        rng = None if rng is None and shrinks and len(made) == 1 else rng or np.random.default_rng(SEED)
        cut = bound.lm_cut(smaller.task, smaller.task.cost, go_on=lambda: True, rng=rng)
    return Certified(rounds=tuple(made), bound=min(best, cost))


def _lifted(
    smaller: relevance.Reduced, cut: bound.LandmarkBound, allowed: BoolArray, left: IntArray
) -> Sequence[Share]:
    if not cut.shares:
        return []
    lengths = np.array([len(courses) for courses in cut.landmarks], dtype=np.int64)
    lifted = smaller.lifted(Rows.of(lengths, np.concatenate(cut.landmarks)))
    kept = allowed[lifted.item]
    owner, item = lifted.owner[kept], lifted.item[kept]
    np.subtract.at(left, item, np.array(cut.shares, dtype=np.int64)[owner])
    ends = np.searchsorted(owner, np.arange(1, len(lengths)))
    return [
        Share(courses=courses, share=share)
        for courses, share in zip(np.split(item, ends), cut.shares, strict=True)
    ]
