"""A small problem on which every loop runs, before people come.

No solver runs here: one that did would leave threads behind, and a web server that forks its workers after
the rehearsal would make them wait for those in vain.
"""

from __future__ import annotations

import numpy as np

from recommender.domain import Catalogue, Constraints, Course, Problem, Profile, Role
from recommender.planning import bound, construct, propagate, separate, stating
from recommender.planning.solving import first_plan
from recommender.planning.stopwatch import Unlimited

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
        construct.completed(stated.task, [], stated.task.cost)
        propagate.reached(stated.task)
        bound.crux(stated.task, propagate.h_max(stated.task, stated.task.cost))
        taken, held = np.zeros(stated.task.size), np.zeros(stated.task.facts)
        separate.gated(stated.task, stated.task.always_before, taken, held)
