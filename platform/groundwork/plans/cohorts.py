"""The latest cohort: what ended before it teaches, what ended in it judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from groundwork.plans.past import Past

SHARE = 0.25
"""Smallest part of the attempts that makes a cohort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Attempts that ended before `on`, and those that ended on that day or later."""

    on: date
    earlier: Sequence[Past]
    latest: Sequence[Past]


def split(ended: Sequence[Past], *, not_before: date | None = None) -> Split | None:
    """The latest whole months that hold a quarter of the attempts, against all before; None without both.

    Not before `not_before`, the start of the cohort that judged what is in use: what that was trained on
    must not judge its successor.
    """
    days = sorted(row.ended_on for row in ended if row.ended_on)
    if not days:
        return None
    start = days[len(days) - ceil(SHARE * len(days))].replace(day=1)
    start = max(start, not_before or start)
    earlier = [row for row in ended if row.ended_on and row.ended_on < start]
    latest = [row for row in ended if row.ended_on and row.ended_on >= start]
    return Split(on=start, earlier=earlier, latest=latest) if earlier and latest else None
