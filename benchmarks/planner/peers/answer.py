"""What a peer gets and gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.planner.grounding import Task
from recommender.domain import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`courses` in the order in which they are taken; None without a plan. `proven` means that the peer
    claims the optimum, or with `courses` None that there is no plan. `note` says why there is none."""

    courses: tuple[str, ...] | None
    proven: bool = False
    note: str = ""


Peer = Callable[[Problem, Task, float], Answer]
"""Problem, its task (solvable, with at least one goal) and a time limit in seconds -> answer."""

UNSUPPORTED = Answer(courses=None, note="limits are not supported")
IMPOSSIBLE = Answer(courses=None, proven=True, note="no plan")
OUT_OF_TIME = Answer(courses=None, note="out of time")
