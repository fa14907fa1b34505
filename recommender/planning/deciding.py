"""The 0/1 model asked for the cheapest plan: by CP-SAT in runs of growing length, or by HiGHS to its end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from recommender.planning import highs, parts, sat
from recommender.planning.highs import Outcome

if TYPE_CHECKING:
    from recommender.planning.exact import Search

FIRST_EFFORT = 2.0
"""CP-SAT's deterministic seconds for its first run, in which most models are closed."""
LONGER = 6
"""How many times as long as the last its next run may take, now that it is warned of some circles."""


def explore(search: Search) -> bool:
    """One run of CP-SAT, longer than the last; False when nothing more can come of it."""
    search.solver = f"{highs.NAME} and {sat.name()}"
    if search.effort > FIRST_EFFORT:
        parts.search_around(search)
        if not search.is_open():
            return False
    model, known = search.model, len(search.model.landmarks)
    chosen = model.search(
        below=search.best_cost,
        seconds=search.stop.remaining(),
        effort=search.effort,
        see=search.learn,
    )
    if chosen.outcome is Outcome.STOPPED:
        search.effort *= LONGER
    if chosen.outcome is Outcome.INFEASIBLE:
        search.refuted()
        return False
    if math.isfinite(chosen.bound):
        search.raise_bound(int(min(search.rounded_up(chosen.bound), search.best_cost)))
    return chosen.outcome is Outcome.STOPPED or len(model.landmarks) > known


def decide(search: Search) -> bool:
    """Run the 0/1 model once; False when nothing more can come of it."""
    model = search.model
    chosen = model.choose(seconds=search.stop.remaining())
    if chosen.outcome is Outcome.INFEASIBLE:
        search.refuted()
        return False
    lowest = 0
    if chosen.outcome is Outcome.SOLVED and chosen.courses is not None:
        lowest = search.task.cost_of(chosen.courses)
    elif math.isfinite(chosen.bound):
        lowest = int(search.rounded_up(chosen.bound))
    search.raise_bound(int(min(lowest, search.best_cost)))
    return chosen.courses is not None and search.learn(chosen.courses)
