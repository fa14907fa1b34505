"""How long the most of a role takes that fits into limits, on generated and given problems, one thread.

    PYTHONPATH=. python -m benchmarks.within [--families given-near-10k] [--limit 10] [--seconds 10]

For each problem two limits: half the hours of its cheapest plan, then 70 % of the price. Prints a line per
question, in seconds on the clock, and a summary per family; every plan is checked by `verify`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from benchmarks.planner import sets
from recommender import planning, verify
from recommender.domain import Problem
from recommender.planning import limits, what_if


def questions(problem: Problem, *, seconds: float) -> Iterator[tuple[str, Problem]]:
    """The problem within half the hours, and within 70 % of the price, of its cheapest plan."""
    best = planning.solve(problem, stop=_stop(seconds))
    spent = what_if.figures(problem, what_if.courses(best))
    yield "hours / 2", what_if.constrained(problem, max_hours=spent.hours // 2)
    yield "price * 0.7", what_if.constrained(problem, max_price=spent.price * 7 // 10)


def _stop(seconds: float) -> planning.Deadline:
    return planning.Deadline(seconds, clock=time.monotonic)


def asked(problem: Problem, *, seconds: float) -> tuple[float, str, bool]:
    """Seconds, what was found, and whether that is proven; raises AssertionError for a plan that is none."""
    started = time.perf_counter()
    found = limits.within_limits(problem, stop=_stop(seconds))
    took = time.perf_counter() - started
    assert verify.verify_solution(found.problem, found.solution).valid
    proven = found.after == found.at_most
    return took, f"{found.before} -> {found.after} % (at most {found.at_most} %)", proven


def main() -> None:
    """Ask and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--families", default="given-near-10k,given-near-100k")
    parser.add_argument("--limit", type=int, default=10, help="problems a family")
    parser.add_argument("--seconds", type=float, default=10.0, help="limit per question")
    options = parser.parse_args()
    planning.warm()
    for family in sets.named(options.families):
        if not family.is_here:
            print(f"{family.name}: left out: {family.needs} is not here; GROUNDWORK_SHARED names its parent")
            continue
        times, proven = [], 0
        problems = family.load(options.limit)
        planning.first_plan(problems[0], stop=_stop(options.seconds))
        for problem in problems:
            for name, question in questions(problem, seconds=options.seconds):
                took, text, done = asked(question, seconds=options.seconds)
                times.append(took)
                proven += done
                print(f"{took:8.3f}  {problem.id:30} {name:12} {text}", flush=True)
        times.sort()
        print(
            f"{family.name}: {len(times)} questions, {proven} proven; median {times[len(times) // 2]:.2f} s, "
            f"p95 {times[-(-95 * len(times) // 100) - 1]:.2f} s, longest {times[-1]:.2f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
