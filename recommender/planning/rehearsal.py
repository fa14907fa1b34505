"""A small problem on which every loop runs, before people come.

No solver runs here: one that did would leave threads behind, and a web server that forks its workers after
the rehearsal would make them wait for those in vain.
"""

from __future__ import annotations

import numpy as np

from recommender.domain import Catalogue, Constraints, Course, Problem, Profile, Role
from recommender.planning import bound, charging, construct, halves, propagate, separate, stating
from recommender.planning.model import structure
from recommender.planning.solving import first_plan
from recommender.planning.stopwatch import Unlimited
from recommender.planning.task import Task

_COURSES = (
    Course(id="door", hours=9, price=0, requires={}, teaches={"x": 1}),
    Course(id="x-to-y", hours=1, price=0, requires={"x": 1}, teaches={"y": 1}),
    Course(id="y-to-x", hours=1, price=0, requires={"y": 1}, teaches={"x": 1}),
    Course(id="side-door", hours=8, price=1, requires={}, teaches={"y": 1}),
    Course(id="last", hours=2, price=0, requires={"x": 1, "y": 1}, teaches={"z": 2}),
)


def play() -> None:
    """Plan, and run by themselves the loops that a first plan may do without."""
    problem = Problem(
        id="rehearsal",
        catalogue=Catalogue(courses=_COURSES, skills=frozenset("xyz")),
        profile=Profile(levels={}),
        role=Role(id="role", requires={"z": 2}),
        constraints=Constraints(max_hours=11),
    )
    first_plan(problem, stop=Unlimited())
    stated = stating.state(problem)
    if isinstance(stated, stating.Stated):
        _play_by_themselves(stated.task)


def _play_by_themselves(task: Task) -> None:
    taken, held = np.zeros(task.size), np.zeros(task.facts)
    construct.completed(task, [], task.cost)
    propagate.reached(task)
    propagate.detours(task, task.cost)
    task.restricted(courses=np.ones(task.size, dtype=np.bool_))
    separate.gated(task, task.always_before, taken, held)
    halves.cuts(structure(task), np.concatenate([taken, held]))
    crux = bound.crux(task, propagate.h_max(task, task.cost))
    asking, need = charging.supply(task), np.zeros(len(task.pre.item))
    cut = charging.apart(task, asking, np.ones(len(asking.fact)), need, crux)
    charging.executed(task, cut)
