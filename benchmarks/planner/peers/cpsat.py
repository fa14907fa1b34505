"""OR-Tools CP-SAT, as it comes and tuned: the model of `milp`. Never import highspy beside ortools."""

from __future__ import annotations

import importlib
import time
from typing import Any

from benchmarks.planner.grounding import Task
from benchmarks.planner.peers import cutting, running
from benchmarks.planner.peers.answer import IMPOSSIBLE, OUT_OF_TIME, Answer
from recommender.domain import Problem


def default(problem: Problem, task: Task, seconds: float) -> Answer:
    """Default parameters on one worker."""
    del problem
    return _solve(task, seconds=seconds, parameters={})


def tuned(problem: Problem, task: Task, seconds: float) -> Answer:
    """The whole LP relaxation is kept (`linearization_level` 2)."""
    del problem
    return _solve(task, seconds=seconds, parameters={"linearization_level": 2})


def load() -> Any:
    """The library: heavy, optional, and only in a peer's own process. mypy does not see it."""
    return importlib.import_module("ortools.sat.python.cp_model")


def _solve(task: Task, *, seconds: float, parameters: dict[str, int]) -> Answer:
    cp_model = load()

    end = time.monotonic() + seconds
    model, takes = _model(cp_model.CpModel(), task)
    while (left := end - time.monotonic()) > 0:
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = left
        solver.parameters.num_workers = 1
        for name, value in parameters.items():
            setattr(solver.parameters, name, value)
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return IMPOSSIBLE
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return OUT_OF_TIME
        chosen = {number for number, take in enumerate(takes) if solver.value(take)}
        landmark = cutting.missed_landmark(task, chosen)
        if landmark is None:
            courses = tuple(task.courses(running.run(task, chosen)[0]))
            return Answer(courses=courses, proven=status == cp_model.OPTIMAL)
        model.add_bool_or([takes[one] for one in landmark])
    return OUT_OF_TIME


def _model(model: Any, task: Task) -> tuple[Any, list[Any]]:
    takes = [model.new_bool_var(f"take{number}") for number in range(len(task.actions))]
    suppliers = task.suppliers()
    for goal in task.goals:
        model.add_bool_or([takes[one] for one in suppliers[goal]])
    for number, action in enumerate(task.actions):
        for need in action.needs:
            others = [takes[one] for one in suppliers[need] if one != number]
            model.add_bool_or([*others, ~takes[number]])
    if task.max_price is not None:
        model.add(sum(a.price * take for a, take in zip(task.actions, takes, strict=True)) <= task.max_price)
    if task.max_hours is not None:
        model.add(sum(a.hours * take for a, take in zip(task.actions, takes, strict=True)) <= task.max_hours)
    model.minimize(sum(a.cost * take for a, take in zip(task.actions, takes, strict=True)))
    return model, takes
