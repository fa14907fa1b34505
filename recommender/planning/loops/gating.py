"""What comes before a fact, whoever gives it first."""

from __future__ import annotations

import numpy as np

from recommender.planning.loops.compiling import WORD, compiled
from recommender.planning.task import TRUE, BoolArray, FloatArray, IntArray, Lists


@compiled
def gates(
    lists: Lists, before: IntArray, x: FloatArray, y: FloatArray, least: float
) -> tuple[IntArray, IntArray, IntArray]:
    """Facts whose `y` exceeds by more than `least` what their gates and the givers past those add up to.

    Returns ragged rows: row i is a fact with the gates `gate[at[i]:at[i + 1]]`. Gates are picked greedily,
    each for the x of the givers it stands before (`before`, as `always_before` gives it) less its own y.
    """
    facts = len(lists.need_at) - 1
    found = np.empty(facts, dtype=np.int64)
    at = np.zeros(facts + 1, dtype=np.int64)
    gate = np.empty(len(lists.give), dtype=np.int64)
    rows, used = 0, 0
    behind = np.empty(facts, dtype=np.float64)
    for fact in range(TRUE + 1, facts):
        if y[fact] <= least:
            continue
        givers = lists.give[lists.give_at[fact] : lists.give_at[fact + 1]]
        givers = givers[x[givers] > 0]
        covered = np.zeros(len(givers), dtype=np.bool_)
        value = 0.0
        for giver in givers:
            value += x[giver]
        first = used
        while True:
            chosen, gain = _best_gate(before, givers, covered, x, y, fact, behind)
            if gain <= least:
                break
            value -= gain
            gate[used] = chosen
            used += 1
            for place in range(len(givers)):
                covered[place] |= _stands_before(before, givers[place], chosen)
        if used > first and value < y[fact] - least:
            found[rows] = fact
            rows += 1
            at[rows] = used
        else:
            used = first
    return found[:rows], at[: rows + 1], gate[:used]


@compiled
def _best_gate(
    before: IntArray,
    givers: IntArray,
    covered: BoolArray,
    x: FloatArray,
    y: FloatArray,
    fact: int,
    behind: FloatArray,
) -> tuple[int, float]:
    """The fact that stands before most x of the givers not yet covered, less its y, and that difference."""
    behind[:] = 0.0
    for place in range(len(givers)):
        if covered[place]:
            continue
        giver = givers[place]
        for word in range(before.shape[1]):
            bits = before[giver, word]
            if bits == 0:
                continue
            for bit in range(min(WORD, len(behind) - word * WORD)):
                if bits >> np.int64(bit) & 1:
                    behind[word * WORD + bit] += x[giver]
    best, gain = TRUE, 0.0
    for other in range(TRUE + 1, len(behind)):
        if other != fact and behind[other] - y[other] > gain:
            best, gain = other, behind[other] - y[other]
    return best, gain


@compiled
def _stands_before(before: IntArray, course: int, fact: int) -> bool:
    return bool(before[course, fact // WORD] >> np.int64(fact % WORD) & 1)
