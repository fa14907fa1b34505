"""One family: ours on every problem, the peers on the first few; all is verified, which is not timed."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from benchmarks.planner import limited
from benchmarks.planner.grounding import ground_task
from benchmarks.planner.peers import registry
from benchmarks.planner.peers.answer import Answer
from benchmarks.planner.sets import Family
from recommender import planning, verify
from recommender.domain import Problem, Solution, Status

GRACE = 5.0
BATCH_GAP = 30
PEER_MEBIBYTES = 6_144
STOPPED = 0.95

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is measured: problems a family, of those how many with peers, and limits in seconds."""

    problems: int
    peer_problems: int
    seconds: float
    peer_seconds: float
    peers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Rows of ours and of the peers, and what was measured once for the family."""

    family: str
    courses: int
    load_seconds: float
    cold_seconds: float
    memory_before: float
    memory_peak: float
    ours: list[Row]
    peers: list[Row]


def measure(family: Family, effort: Effort) -> limited.Outcome[Measured]:
    """Measure a family in a process of its own, so that its peak memory is its own."""
    return limited.run(partial(_measure, family, effort), seconds=None)


def _measure(family: Family, effort: Effort) -> Measured:
    started = time.perf_counter()
    problems = family.load(effort.problems)
    loaded = time.perf_counter() - started
    answers = family.answers()
    before = _peak_mebibytes()
    cold = _timed(partial(_first, problems[0], effort.seconds))[1]
    # As a server does before people come (`groundwork.wsgi`).
    gc.collect()
    gc.freeze()
    warmed = {id(problems[0].catalogue)}
    ours = []
    for problem in problems:
        if id(problem.catalogue) not in warmed:
            warmed.add(id(problem.catalogue))
            _first(problem, effort.seconds)
        ours.append(_ours(problem, answers.get(problem.id), effort))
    peak = _peak_mebibytes()
    return Measured(
        family=family.name,
        courses=max(len(problem.catalogue.courses) for problem in problems),
        load_seconds=loaded,
        cold_seconds=cold,
        memory_before=before,
        memory_peak=peak,
        ours=ours,
        peers=_peers(problems, ours, effort),
    )


def _ours(problem: Problem, answer: Mapping[str, Any] | None, effort: Effort) -> Row:
    first, first_seconds = _timed(partial(_first, problem, effort.seconds))
    batch, batch_seconds = _timed(lambda: planning.solve(problem, stop=_stop(effort.seconds), gap=BATCH_GAP))
    best, seconds = _timed(lambda: planning.solve(problem, stop=_stop(effort.seconds)))
    errors = [
        f"{name}: {error}"
        for name, solution in (("first", first), ("batch", batch), ("best", best))
        for error in verify.verify_solution(problem, solution).errors
    ]
    return {
        "problem": problem.id,
        "status": best.status.value,
        "proof": best.proof and best.proof.value,
        "cost": best.cost,
        "bound": best.bound,
        "verified_bound": best.verified_bound,
        "courses": len(best.steps),
        "seconds": seconds,
        "gap": best.gap,
        "verified_gap": best.verified_gap,
        "first_cost": first.cost,
        "first_seconds": first_seconds,
        "batch_verified_gap": batch.verified_gap,
        "batch_seconds": batch_seconds,
        "violations": errors,
        "agrees": None if answer is None else _agrees(best, answer),
    }


def _agrees(solution: Solution, answer: Mapping[str, Any]) -> bool:
    """Whether the known answer is met; an unproven one, or one of ours, must only not be contradicted."""
    if Status.INFEASIBLE in (solution.status, answer["status"]):
        return bool(solution.status == answer["status"])
    if solution.cost is None or solution.bound is None:
        return True
    if solution.status is Status.OPTIMAL and answer["status"] == Status.OPTIMAL:
        return bool(solution.cost == answer["cost"])
    return bool(solution.bound <= answer["cost"] and answer["bound"] <= solution.cost)


def _peers(problems: Sequence[Problem], ours: Sequence[Row], effort: Effort) -> list[Row]:
    rows: list[Row] = []
    if not effort.peers:
        return rows
    for problem, our in list(zip(problems, ours, strict=True))[: effort.peer_problems]:
        task = ground_task(problem)
        if not (task.solvable and task.goals):
            continue
        for name in effort.peers:
            outcome = limited.run(
                partial(registry.PEERS[name], problem, task, effort.peer_seconds),
                seconds=effort.peer_seconds + GRACE,
                mebibytes=PEER_MEBIBYTES,
                before=partial(registry.load, name),
            )
            row = _peer_row(name, problem, our, outcome)
            rows.append(row | {"stopped": outcome.seconds > STOPPED * effort.peer_seconds})
    return rows


def _peer_row(name: str, problem: Problem, our: Row, outcome: limited.Outcome[Answer]) -> Row:
    answer = outcome.value or Answer(courses=None, note=outcome.failure)
    cost, violations = None, []
    if answer.courses is not None:
        verdict = verify.verify(problem, answer.courses)
        cost, violations = verdict.cost, list(verdict.errors)
    contradicts = answer.proven and our["status"] in ("optimal", "infeasible") and cost != our["cost"]
    return {
        "peer": name,
        "problem": problem.id,
        "seconds": outcome.seconds,
        "cost": cost,
        "proven": answer.proven,
        "note": answer.note,
        "violations": violations,
        "contradicts": contradicts,
        "time_ratio": outcome.seconds / our["seconds"],
        "cost_ratio": cost / our["cost"] if cost is not None and our["cost"] else None,
    }


def _first(problem: Problem, seconds: float) -> Solution:
    return planning.first_plan(problem, stop=_stop(seconds))


def _stop(seconds: float) -> planning.Deadline:
    return planning.Deadline(seconds, clock=time.monotonic)


def _timed(work: Callable[[], Solution]) -> tuple[Solution, float]:
    started = time.perf_counter()
    value = work()
    return value, time.perf_counter() - started


def _peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
