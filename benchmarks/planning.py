"""The planner on the problem set with proven optima, beside what a developer would write by hand.

    PYTHONPATH=. python benchmarks/planning.py [--families near-1k,near-10k] [--time-limit 60] [--out FILE]

Reads ${GROUNDWORK_SHARED:-../shared}/data/planning and says so when it is not there. "recursive" picks the
cheapest course for each goal and recurses on its prerequisites; "plain MILP" is scipy's solver on all
relevant courses, with the planner's cycle cuts but without its landmarks, bounds and fixing.
Figures are ratios within one run; seconds are shown for orientation.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from recommender import planning, problem_files, verify
from recommender.domain import Catalogue, Constraints, Problem, Solution, Status, after
from recommender.planning import compile as compiling
from recommender.planning import propagate, relevance, separate
from recommender.planning.model import Model, Outcome

FAMILIES = "tiny,cyclic-small,near-1k,near-10k,budget-10k,deep-10k"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; 1 when an answer differs from the proven one."""
    options = _options(arguments)
    folder = Path(os.environ.get("GROUNDWORK_SHARED", "../shared")) / "data" / "planning"
    if not folder.is_dir():
        print(f"The problem set is not here ({folder}); set GROUNDWORK_SHARED to measure the planner.")
        return 0
    answers = json.loads((folder / "answers.json").read_text())
    rows = []
    for family in options.families.split(","):
        for path in sorted(folder.glob(f"{family}-[0-9]*.json")):
            row = _measure(path, answers, seconds=options.time_limit, with_plain=not options.quick)
            rows.append(row)
            print(_line(row), flush=True)
    document = {"at": datetime.now(UTC).isoformat(), "machine": _machine(), "rows": rows}
    print(_summary(rows))
    if options.out:
        options.out.write_text(json.dumps(document, indent=1))
    return 0 if all(row["equal"] for row in rows) else 1


def _measure(path: Path, answers: dict[str, Any], *, seconds: float, with_plain: bool) -> dict[str, Any]:
    problem = _read(path)
    answer = answers[problem.id]
    started = time.perf_counter()
    solution = planning.solve(problem, stop=planning.Deadline(seconds, clock=time.monotonic))
    spent = time.perf_counter() - started
    courses = [step.course for step in solution.steps]
    valid = solution.cost is None or verify.verify(problem, courses, cost=solution.cost).valid
    row: dict[str, Any] = {
        "problem": problem.id,
        "status": solution.status.value,
        "cost": solution.cost,
        "bound": solution.bound,
        "equal": valid and _is_equal(solution, answer),
        "is_open": answer["status"] == "feasible",
        "seconds": round(spent, 4),
    }
    if solution.cost and problem.constraints == Constraints():
        row["recursive"] = _ratio(recursive_cheapest(problem), solution.cost)
    if with_plain and solution.cost:
        row["plain_milp_time"] = _ratio(_plain_milp_seconds(problem, seconds=seconds), spent)
    return row


def _is_equal(solution: Solution, answer: dict[str, Any]) -> bool:
    """Whether the answers agree; with one that is itself unproven, whether they do not contradict."""
    if answer["status"] == "feasible" and solution.cost is not None and solution.bound is not None:
        return bool(solution.bound <= answer["cost"] and answer["bound"] <= solution.cost)
    return (
        solution.status == Status(answer["status"])
        and solution.cost == answer.get("cost")
        and set(solution.unreachable) == set(answer.get("unreachable", []))
    )


def _ratio(value: float | None, reference: float) -> float | None:
    return None if value is None else round(value / reference, 3)


def recursive_cheapest(problem: Problem) -> int | None:
    """Cost of the hand-written plan: for each goal the cheapest course, then its prerequisites likewise."""
    taken: list[str] = []
    levels = dict(problem.profile.levels)
    allowed = [c for c in problem.catalogue.courses if c.id not in problem.constraints.exclude]

    def reach(skill: str, level: int, stack: frozenset[str]) -> bool:
        if levels.get(skill, 0) >= level:
            return True
        offers = [c for c in allowed if c.teaches.get(skill, 0) >= level and c.id not in stack]
        for course in sorted(offers, key=lambda c: (problem.objective.cost(c), c.id)):
            inside = stack | {course.id}
            before = len(taken), dict(levels)
            if all(reach(need, at, inside) for need, at in course.requires.items()):
                taken.append(course.id)
                levels.update(after(course, levels))
                return True
            del taken[before[0] :]
            levels.clear()
            levels.update(before[1])
        return False

    sys.setrecursionlimit(10_000)
    if not all(reach(skill, level, frozenset()) for skill, level in problem.role.requires.items()):
        return None
    return sum(problem.objective.cost(problem.catalogue.by_id[course]) for course in dict.fromkeys(taken))


def _plain_milp_seconds(problem: Problem, *, seconds: float) -> float | None:
    """Seconds scipy's MILP needs on all relevant courses; None when the limit passes first."""
    started = time.perf_counter()
    task = compiling.compile_problem(problem).task
    task = relevance.reachable_part(task, holds=propagate.reached(task))
    model = Model(task, [])
    while (left := seconds - (time.perf_counter() - started)) > 0:
        chosen = model.choose(seconds=left)
        if chosen.outcome is not Outcome.SOLVED or chosen.courses is None:
            return None
        holds = propagate.closure(task, chosen.courses)[1]
        missed = [goal for goal in task.goals.tolist() if goal not in holds]
        if not missed:
            return time.perf_counter() - started
        model.landmarks = [
            *model.landmarks,
            *(cut for goal in missed for cut in separate.missed_fact(task, chosen.courses, goal)),
        ]
    return None


def _read(path: Path) -> Problem:
    problem_files.read_catalogue = _catalogue
    return problem_files.read_problem(path)


_read_catalogue = problem_files.read_catalogue


@lru_cache(maxsize=1)
def _catalogue(path: Path) -> Catalogue:
    return _read_catalogue(path)


def _line(row: dict[str, Any]) -> str:
    agrees = "open" if row["is_open"] else "equal"
    mark = agrees if row["equal"] else "DIFFERS"
    extra = "".join(
        f"  {name} x{row[key]}"
        for name, key in (("recursive cost", "recursive"), ("plain MILP time", "plain_milp_time"))
        if row.get(key)
    )
    return (
        f"{row['problem']:18} {row['status']:10} {row['cost']!s:>7} {mark:8} {row['seconds']:8.3f} s{extra}"
    )


def _summary(rows: list[dict[str, Any]]) -> str:
    recursive = [row["recursive"] for row in rows if row.get("recursive")]
    equal = sum(row["equal"] for row in rows)
    text = f"{equal} of {len(rows)} agree with the known answers"
    if recursive:
        text += f"; the hand-written plan costs x{statistics.mean(recursive):.2f} on average"
    return text


def _machine() -> str:
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--families", default=FAMILIES)
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--quick", action="store_true", help="without the plain MILP")
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
