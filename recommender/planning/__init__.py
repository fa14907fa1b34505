"""The planner: a learner, a role and a catalogue in, the cheapest sequence of courses out, with a bound.

`solve` always answers: with a proof, with the best plan and bound it found in time, or by saying that time
was too short. It reads no clock; the stop-watch comes from the caller.
"""

from __future__ import annotations

from recommender.planning.backend import warm
from recommender.planning.batch import solve_many
from recommender.planning.preferring import solve
from recommender.planning.solving import PLANNERS, Planner, Within, best_within, first_plan
from recommender.planning.stopwatch import Deadline, StopWatch, Unlimited

__all__ = [
    "PLANNERS",
    "Deadline",
    "Planner",
    "StopWatch",
    "Unlimited",
    "Within",
    "best_within",
    "first_plan",
    "solve",
    "solve_many",
    "warm",
]
