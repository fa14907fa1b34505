"""Who is developed into what on a generated catalogue of 10,000 courses, beside assigning by missing skills.

    PYTHONPATH=. python benchmarks/workforce.py --people 1000 --roles 20 --processes 2

The openings are the roles of generated near problems, with seats for everybody. A person knows most of what
the learner of one of these problems knows, and a part of what another one does. HR tools that know no courses
assign by the fewest missing skills; that assignment is computed too, among the same possible pairs, and each
pair of it solved exactly, so that both totals are what people would really study.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy import optimize

from benchmarks.planner import instances
from benchmarks.planner.drawing import Draw
from recommender import planning, verify
from recommender.domain import Problem, Profile, Role
from recommender.planning import batch, solving, workforce
from recommender.planning.workforce import Opening, Person, Workforce, WorkforcePlan

FAMILY = "near-10k"
SECONDS = 120.0
"""For one pair; one that is not proven within it would leave the total without proof, and be reported."""
OF_ONE, OF_ANOTHER = 0.8, 0.3
"""Shares of two learners' skills that a person has."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; 1 when a plan is refused or the total is not proven."""
    options = _options(arguments)
    asked = _question(instances.problems(FAMILY, limit=options.roles), people=options.people)
    print(f"{len(asked.people)} people, {len(asked.openings)} roles, {len(asked.catalogue.courses)} courses")
    stop = partial(planning.Deadline, SECONDS, clock=time.monotonic)
    begun = time.perf_counter()
    plan = workforce.assign(asked, processes=options.processes, stop=stop)
    seconds = time.perf_counter() - begun
    refused = sum(not _is_valid(asked, one) for one in plan.assignments)
    result = _figures(asked, plan) | {
        "family": FAMILY,
        "processes": options.processes,
        "seconds": round(seconds, 1),
        "refused": refused,
        "by_missing_skills": _by_missing_skills(asked, processes=options.processes, stop=stop),
    }
    result["saving_percent"] = round(100 * (1 - plan.cost / result["by_missing_skills"]["cost"]), 1)
    print(json.dumps(result, indent=1))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return int(bool(refused) or plan.bound != plan.cost)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--roles", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


def _question(problems: Sequence[Problem], *, people: int) -> Workforce:
    draw = Draw(f"workforce {people} x {len(problems)}")
    seats = -(-people // len(problems))
    return Workforce(
        catalogue=problems[0].catalogue,
        people=tuple(Person(id=f"p{number}", profile=_profile(draw, problems)) for number in range(people)),
        openings=tuple(
            Opening(role=replace(one.role, id=f"r{number}"), seats=seats)
            for number, one in enumerate(problems)
        ),
        objective=problems[0].objective,
    )


def _profile(draw: Draw, problems: Sequence[Problem]) -> Profile:
    levels: dict[str, int] = {}
    for share in (OF_ONE, OF_ANOTHER):
        known = draw.one(problems).profile.levels
        levels |= {skill: level for skill, level in sorted(known.items()) if draw.chance(share)}
    return Profile(levels=levels)


def _figures(asked: Workforce, plan: WorkforcePlan) -> dict[str, Any]:
    return {
        "people": len(asked.people),
        "roles": len(asked.openings),
        "assigned": len(plan.assignments),
        "cost": plan.cost,
        "bound": plan.bound,
        "status": plan.status.value,
        "solved_pairs": plan.solved,
        "pairs": len(asked.people) * len(asked.openings),
    }


def _problem(asked: Workforce, person: Person, role: Role) -> Problem:
    return Problem(
        id=f"{person.id} -> {role.id}",
        catalogue=asked.catalogue,
        profile=person.profile,
        role=role,
        objective=asked.objective,
    )


def _is_valid(asked: Workforce, one: workforce.Assignment) -> bool:
    person = next(other for other in asked.people if other.id == one.person)
    role = next(other.role for other in asked.openings if other.role.id == one.role)
    return verify.verify_solution(_problem(asked, person, role), one.solution).valid


def _by_missing_skills(asked: Workforce, *, processes: int, stop: Any) -> dict[str, int]:
    """What everybody would study in all if people were assigned by the number of skills they lack."""
    lacking = np.array(
        [
            [
                sum(one.profile.levels.get(skill, 0) < level for skill, level in other.role.requires.items())
                for other in asked.openings
            ]
            for one in asked.people
        ]
    )
    every = [_problem(asked, one, other.role) for one in asked.people for other in asked.openings]
    bounds = batch.ask_many(partial(_bounds, stop=stop), every, processes=processes)
    possible = np.array([one is not None for one in bounds]).reshape(lacking.shape)
    seat_of = np.repeat(np.arange(len(asked.openings)), [one.seats for one in asked.openings])
    dear = len(asked.people) * int(lacking.max() + 1)
    people, seats = optimize.linear_sum_assignment(np.where(possible, lacking, dear)[:, seat_of])
    pairs = zip(people.tolist(), seat_of[seats].tolist(), strict=True)
    problems = [
        _problem(asked, asked.people[one], asked.openings[other].role)
        for one, other in pairs
        if possible[one, other]
    ]
    found = list(batch.solve_many(problems, processes=processes, stop=stop, chunk=1))
    return {"assigned": len(found), "cost": sum(one.cost or 0 for one in found)}


def _bounds(problem: Problem, *, stop: Any) -> solving.Bounds | None:
    return solving.bounds(problem, stop=stop())


if __name__ == "__main__":
    sys.exit(main())
