"""All families of problems by name, and where each comes from."""

from __future__ import annotations

import fnmatch
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.planner import instances, real
from recommender import problem_files
from recommender.domain import Catalogue, Problem

ROOT = Path(__file__).resolve().parents[2]
SHARED_FAMILIES = (
    *("tiny", "cyclic-small", "near-1k", "near-10k", "budget-10k", "deep-10k"),
    *("near-100k", "deep-100k"),
)

Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Problems that share a catalogue or a kind. `load` takes the most that are wanted.

    `may_be_published` is false where the licence of the data forbids it; the data lie in the folder `needs`.
    """

    name: str
    load: Callable[[int], Sequence[Problem]]
    answers: Callable[[], Answers] = field(default=dict)
    needs: Path | None = None
    may_be_published: bool = False

    @property
    def is_here(self) -> bool:
        """Whether the data of the family are at hand."""
        return self.needs is None or self.needs.exists()


def shared_data() -> Path:
    """Where the data that are not ours lie: ${GROUNDWORK_SHARED:-../shared}/data."""
    return Path(os.environ.get("GROUNDWORK_SHARED") or ROOT.parent / "shared") / "data"


def everything() -> dict[str, Family]:
    """All families by name, the generated ones first."""
    data = shared_data()
    families = [
        Family(name=name, load=partial(_generated, name), may_be_published=True)
        for name in instances.FAMILIES
    ]
    families += [_shared(name, data / "planning") for name in SHARED_FAMILIES]
    families.append(Family(name="real-fixtures", load=lambda most: tuple(islice(real.fixtures(), most))))
    for name, read, folder, mark, publish in (
        ("real-rpi", real.rpi, "rpi_courses", "-", True),
        ("real-mit", real.mit, "mit_courses", ".", False),
        ("real-universities", real.universities, "university_course_prereq", "_", False),
    ):
        families.append(
            Family(
                name=name,
                load=partial(_subjects, name, read, data, mark),
                needs=data / folder,
                may_be_published=publish,
            )
        )
    return {family.name: family for family in families}


def named(patterns: str) -> list[Family]:
    """The families that match one of the comma-separated patterns. ValueError when a pattern matches none."""
    families = everything()
    chosen: dict[str, Family] = {}
    for pattern in patterns.split(","):
        matching = fnmatch.filter(families, pattern)
        if not matching:
            raise ValueError(f"there is no family {pattern!r}; there are {', '.join(families)}")
        chosen |= {name: families[name] for name in matching}
    return list(chosen.values())


def _generated(name: str, most: int) -> Sequence[Problem]:
    return instances.problems(name, limit=most)


def _subjects(
    name: str, read: Callable[[Path], Catalogue], data: Path, mark: str, most: int
) -> Sequence[Problem]:
    return real.problems(name, read(data), departments_by=mark, limit=most)


def _shared(name: str, folder: Path) -> Family:
    return Family(
        name=f"given-{name}",
        load=partial(_read, name, folder),
        answers=partial(_answers, folder),
        needs=folder,
    )


def _read(name: str, folder: Path, most: int) -> Sequence[Problem]:
    """Problems of equal catalogues get one catalogue object, so that it is compiled once."""
    catalogues: dict[str, Catalogue] = {}
    problems = []
    for path in sorted(folder.glob(f"{name}-[0-9]*.json"))[:most]:
        problem = problem_files.read_problem(path)
        catalogue = catalogues.setdefault(problem.catalogue.digest, problem.catalogue)
        problems.append(replace(problem, catalogue=catalogue))
    return problems


def _answers(folder: Path) -> Answers:
    answers: Answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return answers
