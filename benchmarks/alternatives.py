"""How long alternatives take on our own fixtures: every n-th example person x role, one thread.

    python -m benchmarks.alternatives pareto|differing|preferred [--every 61] [--within 5] [--seconds 60]

Prints a line per pair and a summary, in seconds of processor time; every plan is checked by `verify`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

from recommender import datasets, planning, verify
from recommender.domain import Constraints, Merit, Objective, Preferences, Problem
from recommender.planning import differing, pareto

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
PRODUCT = Objective(hour=100, price=1)


def problems(every: int) -> list[Problem]:
    """The pairs of the sample; people are offered English, and their own language."""
    fixtures = datasets.load(FIXTURES)
    catalogue = fixtures.catalogue()
    return [
        Problem(
            id=f"{person.id} -> {role}",
            catalogue=catalogue,
            profile=person.profile,
            role=fixtures.role(role),
            objective=PRODUCT,
            constraints=Constraints(languages=frozenset({"en", person.language})),
        )
        for person in fixtures.people.values()
        for role in fixtures.roles
    ][::every]


def asked(what: str, problem: Problem, *, within: int, stop: planning.StopWatch) -> tuple[str, bool]:
    """What was found, as text, and whether it is complete; raises AssertionError for a plan that is none."""
    if what == "pareto":
        front = pareto.pareto(problem, stop=stop, within=within)
        assert all(verify.verify(problem, one.courses, cost=one.cost).valid for one in front.points)
        return f"{len(front.points)} points", front.complete
    if what == "differing":
        variants = differing.differing(problem, count=3, stop=stop)
        assert all(verify.verify(problem, one.courses, cost=one.cost).valid for one in variants.found)
        return str([one.cost for one in variants.found]), variants.complete
    skills = {skill: 37 * place % 101 for place, skill in enumerate(sorted(problem.catalogue.skills))}
    prefer = Preferences(hands_on=1, merits=(Merit(name="any", weight=1, skills=skills),))
    case = replace(problem, objective=replace(problem.objective, prefer=prefer))
    solution = planning.solve(case, stop=stop)
    assert verify.verify_solution(case, solution).valid
    return f"{solution.cost}, {solution.points} points", solution.points == solution.least_points


def main() -> None:
    """Run the sample and print it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["pareto", "differing", "preferred"])
    parser.add_argument("--every", type=int, default=61)
    parser.add_argument("--within", type=int, default=5, help="per cent; pareto only")
    parser.add_argument("--seconds", type=float, default=60.0, help="limit per pair")
    options = parser.parse_args()
    planning.warm()
    times, done = [], 0
    for problem in problems(options.every):
        stop, started = planning.Deadline(options.seconds, clock=time.monotonic), time.process_time()
        found, complete = asked(options.what, problem, within=options.within, stop=stop)
        times.append(time.process_time() - started)
        done += complete
        print(f"{times[-1]:8.3f}  {problem.id:60} {found}{'' if complete else ', incomplete'}", flush=True)
    times.sort()
    print(
        f"{len(times)} pairs, {done} complete; median {times[len(times) // 2]:.2f} s, "
        f"p95 {times[int(0.95 * len(times))]:.2f} s, longest {times[-1]:.2f} s"
    )


if __name__ == "__main__":
    main()
