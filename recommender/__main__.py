"""`python -m recommender`: solve, verify, check-catalogue, examples, evaluate.

Exit codes: 0 done (or valid), 1 refused (verify) or a check failed, 2 unreadable or malformed input.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from recommender import checking, datasets, gaps, planning, problem_files, verify
from recommender.domain import Constraints, Objective, Problem, Status
from recommender.errors import InvalidValueError, MalformedInputError
from recommender.evaluation import command as evaluation_command

DONE, REFUSED, UNREADABLE = 0, 1, 2
PRODUCT_OBJECTIVE = Objective(hour=100, price=1)
EXAMPLE_SECONDS = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except MalformedInputError as error:
        print("error:", " ".join(str(error).split()), file=sys.stderr)
        return UNREADABLE
    return code


def solve(options: argparse.Namespace) -> int:
    """Print the solution of a problem file as one JSON document."""
    problem = problem_files.read_problem(options.problem)
    started = time.monotonic()
    solution = planning.solve(problem, stop=_limit(options.time_limit))
    print(json.dumps(solution.to_json(seconds=round(time.monotonic() - started, 4))))
    return DONE


def check_solution(options: argparse.Namespace) -> int:
    """Print the verdict on a solution file as one JSON line."""
    problem = problem_files.read_problem(options.problem)
    verdict = verify.verify_solution(problem, problem_files.read_solution(options.solution))
    print(json.dumps({"valid": verdict.valid, "cost": verdict.cost, "errors": list(verdict.errors)}))
    return DONE if verdict.valid else REFUSED


def check_catalogue(options: argparse.Namespace) -> int:
    """Print what the checks of the fixtures found; 1 when a check fails."""
    try:
        fixtures = datasets.load(options.fixtures)
    except InvalidValueError as error:
        print(f"FAILED values: {error}")
        return REFUSED
    report = checking.check(fixtures, root=options.fixtures)
    for name, count in report.counts.items():
        print(f"{count:7d}  {name}")
    for gap in report.gaps:
        print(f"gap     {gap.check}: {gap.message}")
    for finding in report.errors:
        print(f"FAILED  {finding.check}: {finding.message}")
    print(f"{len(report.errors)} errors, {len(report.gaps)} gaps")
    return DONE if report.passed else REFUSED


def examples(options: argparse.Namespace) -> int:
    """Solve and verify every example person's problem; print a table. 1 unless all are optimal and valid."""
    fixtures = datasets.load(options.fixtures)
    catalogue = fixtures.catalogue()
    print(
        f"{'person':18} {'role':40} {'cover':>5} {'hours':>6} {'price':>7} {'courses':>7}  status    verify"
    )
    all_good = True
    for person in fixtures.people.values():
        role = fixtures.role(person.role)
        problem = Problem(
            id=person.id,
            catalogue=catalogue,
            profile=person.profile,
            role=role,
            objective=PRODUCT_OBJECTIVE,
            constraints=Constraints(exclude=_not_for(person, fixtures)),
        )
        solution = planning.solve(problem, stop=_limit(EXAMPLE_SECONDS))
        courses = [catalogue.by_id[step.course] for step in solution.steps]
        verdict = verify.verify(problem, [course.id for course in courses], cost=solution.cost)
        all_good &= solution.status is Status.OPTIMAL and verdict.valid
        print(
            f"{person.id:18} {role.id:40} {gaps.coverage(role, person.profile):4d}% "
            f"{sum(c.hours for c in courses):6d} {sum(c.price for c in courses):7d} {len(courses):7d}  "
            f"{solution.status.value:9} {'accepted' if verdict.valid else '; '.join(verdict.errors[:2])}"
        )
    return DONE if all_good else REFUSED


def _not_for(person: datasets.PersonRecord, fixtures: datasets.Fixtures) -> frozenset[str]:
    """Courses in languages the person does not read; who reads Chinese is offered English, too."""
    languages = {"en", person.language}
    return frozenset(name for name, one in fixtures.courses.items() if one.language not in languages)


class _Parser(argparse.ArgumentParser):
    """Complains in one line, as for unreadable files; `--help` tells the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(UNREADABLE, f"error: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m recommender", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("solve", help="solve a problem file")
    command.add_argument("problem", type=Path, metavar="PROBLEM.json[.gz]")
    command.add_argument("--time-limit", type=_seconds, metavar="SECONDS", help="stop after so long")
    command.set_defaults(run=solve)

    command = commands.add_parser("verify", help="check a solution file against its problem")
    command.add_argument("problem", type=Path, metavar="PROBLEM")
    command.add_argument("solution", type=Path, metavar="SOLUTION")
    command.set_defaults(run=check_solution)

    command = commands.add_parser("check-catalogue", help="prove that the fixtures hold together")
    command.add_argument("fixtures", type=Path)
    command.set_defaults(run=check_catalogue)

    command = commands.add_parser("examples", help="a table of every example person's path")
    command.add_argument("fixtures", type=Path)
    command.set_defaults(run=examples)

    command = commands.add_parser("evaluate", help="measure the engine's estimates on data")
    evaluation_command.add_arguments(command)
    return parser


def _limit(seconds: float | None) -> planning.StopWatch:
    if seconds is None:
        return planning.Unlimited()
    return planning.Deadline(seconds, clock=time.monotonic)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a number of seconds, got {text!r}") from None
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError("must be a number above zero")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
