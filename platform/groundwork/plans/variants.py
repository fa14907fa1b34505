"""The same goal by other measures: the plan finished first, the cheapest, and the one with most practice.

Each is the plan of least effort under a limit that says what is wanted, so that it has an address of its own:
the fewest hours there can be, the lowest price there can be, the largest share of practice that costs little.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from groundwork.plans import deadlines, distances, planning, solutions
from groundwork.plans.planning import Planned
from recommender import domain
from recommender.planning import what_if

SECONDS = 2.0
"""How long each plan is looked for."""
DEARER_PERCENT = 25
"""How much more effort practice may cost; without such a limit courses would be taken for practice alone."""
SHARES = range(100, 0, -10)
"""Shares of practice (per cent) that are tried, the largest first."""


class Aim(enum.StrEnum):
    """What a variant is best in."""

    FASTEST = "fastest"
    CHEAPEST = "cheapest"
    HANDS_ON = "hands-on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The plan of least effort among those best in `aim`, and the limit that made it so (the others: None).

    `max_hours` are whole hours, `max_price` is whole CNY, `min_hands_on` a share in per cent. `proven`: no
    plan is better in `aim` (with practice: none within DEARER_PERCENT more effort, in steps of ten per cent).
    """

    aim: Aim
    planned: Planned
    proven: bool
    max_hours: int | None = None
    max_price: int | None = None
    min_hands_on: int | None = None


def of(planned: Planned) -> list[Variant]:
    """The variants of `planned`, which must be a plan: by each aim the best there is within its limits."""
    found = [_fastest(planned), _cheapest(planned), _hands_on(planned)]
    return [one for one in found if one is not None]


def _fastest(planned: Planned) -> Variant | None:
    fewest = distances.measure(replace(planned.problem, objective=what_if.HOURS))
    # By the last day of the fewest hours: an address names days, and no hour is won within one.
    day = deadlines.last_day(fewest.hours, **planned.dates)
    if not fewest.has_route or day is None:
        return None
    most = deadlines.hours_until(day, **planned.dates)
    return _within(planned, aim=Aim.FASTEST, proven=fewest.is_proven, max_hours=most)


def _cheapest(planned: Planned) -> Variant | None:
    lowest = distances.measure(replace(planned.problem, objective=what_if.PRICE))
    if not lowest.has_route:
        return None
    return _within(planned, aim=Aim.CHEAPEST, proven=lowest.is_proven, max_price=lowest.price)


def _hands_on(planned: Planned) -> Variant | None:
    """The largest share first: that a smaller one has a plan says nothing of what it costs."""
    affordable = (100 + DEARER_PERCENT) * (planned.solution.cost or 0) // 100
    proven = True
    for share in (one for one in SHARES if one > planned.hands_on_percent):
        narrowed = what_if.constrained(planned.problem, min_hands_on=share)
        solution = solutions.solve(narrowed, seconds=SECONDS)
        if solution.cost is not None and solution.cost <= affordable:
            return _within(planned, aim=Aim.HANDS_ON, proven=proven, min_hands_on=share)
        # A plan that is dearer than allowed says something of all others only with its bound.
        proven &= solution.status is domain.Status.INFEASIBLE or (solution.bound or 0) > affordable
    return Variant(aim=Aim.HANDS_ON, planned=planned, proven=proven)


def _within(planned: Planned, *, aim: Aim, proven: bool, **limit: int) -> Variant | None:
    """The plan of least effort within one more limit; None where time was too short to find any."""
    found = planning.compute(
        what_if.constrained(planned.problem, **limit),
        **planned.dates,
        seconds=SECONDS,
    )
    if found.solution.cost is None:
        return None
    return Variant(aim=aim, planned=found, proven=proven, **limit)
