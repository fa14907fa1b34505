"""What the generator must give: digests of every catalogue and problem, kept beside the instances.

python -m benchmarks.planner.manifest                           # check the generator against it
python -m benchmarks.planner.manifest --write FOLDER near-100k  # write a family's files somewhere
python -m benchmarks.planner.manifest --publish                 # renew benchmarks/instances/
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.planner import instances, sets
from recommender import planning, problem_files, verify
from recommender.domain import Problem, Status

FOLDER = Path(__file__).resolve().parents[1] / "instances"
PATH = FOLDER / "manifest.json"
PUBLISHED = ("near-1k", "deep-1k", "budget-1k", "cyclic-1k", "real-rpi")
PROBLEMS = 10
SECONDS = 120.0


def entry(problems: Sequence[Problem]) -> dict[str, Any]:
    """Digests of a family: its catalogue's, and of each problem's document."""
    return {
        "catalogue": problems[0].catalogue.digest,
        "problems": {problem.id: _digest(problem_files.problem_document(problem)) for problem in problems},
    }


def differences(families: Iterable[str]) -> list[str]:
    """A sentence for each generated family that is not the one of the manifest."""
    if not PATH.exists():
        return []
    expected = json.loads(PATH.read_text(encoding="utf-8"))["families"]
    return [
        f"{name}: the generator gives other problems than the published ones"
        for name in families
        if name in expected
        and name in instances.FAMILIES
        and entry(instances.problems(name, limit=len(expected[name]["problems"]))) != expected[name]
    ]


def write(problems: Sequence[Problem], folder: Path) -> None:
    """The family as groundwork-problem/1 files with one catalogue beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = problems[0].catalogue
    name = problem_files.catalogue_name(catalogue)
    (folder / name).write_bytes(problem_files.packed_catalogue(catalogue))
    for problem in problems:
        document = problem_files.problem_document(problem)
        text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        (folder / f"{problem.id}.json").write_text(text + "\n", encoding="utf-8")


def publish() -> None:
    """Write the small families with proven optima, and the digests of all generated ones."""
    families = sets.everything()
    digests = {}
    answers: dict[str, dict[str, Any]] = {}
    for name in (*instances.FAMILIES, *(one for one in PUBLISHED if one not in instances.FAMILIES)):
        problems = families[name].load(PROBLEMS)
        digests[name] = entry(problems)
        print(name, flush=True)
        if name in PUBLISHED:
            assert families[name].may_be_published
            write(problems, FOLDER)
            answers |= {problem.id: _answer(problem) for problem in problems}
    PATH.write_text(json.dumps({"format": 1, "families": digests}, indent=1) + "\n", encoding="utf-8")
    text = ",\n".join(f"{json.dumps(key)}:{json.dumps(value)}" for key, value in answers.items())
    (FOLDER / "answers.json").write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


def _answer(problem: Problem) -> dict[str, Any]:
    solution = planning.solve(problem, stop=planning.Deadline(SECONDS, clock=time.monotonic))
    verdict = verify.verify_solution(problem, solution)
    if not verdict.valid or solution.status not in (Status.OPTIMAL, Status.INFEASIBLE):
        raise SystemExit(f"{problem.id} cannot be published: {solution.status} {verdict.errors}")
    return {
        "status": solution.status.value,
        "cost": solution.cost,
        "bound": solution.bound,
        "verified_bound": solution.verified_bound,
        "plan": [step.course for step in solution.steps],
    }


def _digest(document: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, write or publish; 1 when the generator differs from the manifest."""
    parser = argparse.ArgumentParser(description="Instances of the planner's benchmark as files.")
    parser.add_argument("--write", type=Path, metavar="FOLDER")
    parser.add_argument("--limit", type=int, default=PROBLEMS)
    parser.add_argument("--publish", action="store_true")
    parser.add_argument("families", nargs="*", default=list(instances.FAMILIES))
    options = parser.parse_args(arguments)
    if options.publish:
        publish()
        return 0
    if options.write:
        for family in sets.named(",".join(options.families)):
            if not family.may_be_published:
                raise SystemExit(f"{family.name}: the licence of its data does not allow to hand it on")
            write(family.load(options.limit), options.write)
        return 0
    wrong = differences(options.families)
    print(*(wrong or ["the generator gives the published problems"]), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
