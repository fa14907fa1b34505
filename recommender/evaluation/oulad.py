"""Reads the Open University Learning Analytics Dataset: attempts as known at enrolment, and how they ended.

Files as in its release (Kuzilek, Hlosta & Zdrahal 2017), `.csv` or `.csv.gz`: studentInfo,
studentRegistration, courses. Completed is a final result of Pass or Distinction; Fail and Withdrawn are not.
Nothing that is known only later is read: no date of leaving, no assessment.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import MalformedInputError
from recommender.estimators.completion import Attempt

COMPLETED = frozenset({"Pass", "Distinction"})
NOT_COMPLETED = frozenset({"Fail", "Withdrawn"})
EDUCATION = (
    "No Formal quals",
    "Lower Than A Level",
    "A Level or Equivalent",
    "HE Qualification",
    "Post Graduate Qualification",
)
FULL_LOAD = 60
"""Credits of one module of usual size."""

FEATURES = (
    "attempts_before",
    "repeats",
    "load_log",
    "load_above_one",
    "load_above_two",
    "load_half",
    "length",
    "registration_unknown",
    "lead_first_month",
    "lead_to_third_month",
    "lead_later",
    *(f"education_{number}" for number in range(len(EDUCATION))),
)
GROUPS = {"gender": "gender", "age": "age_band", "deprivation": "imd_band"}
NEEDED = (
    "id_student",
    "highest_education",
    "num_of_prev_attempts",
    "studied_credits",
    "final_result",
    *GROUPS.values(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """An attempt in one presentation, with the groups it is only ever evaluated by."""

    attempt: Attempt
    presentation: str
    groups: Mapping[str, str]


def read(folder: Path, *, presentations: Sequence[str]) -> list[Enrolment]:
    """All enrolments of the presentations named (all when none is). Raises MalformedInputError."""
    registered = {
        (row["code_module"], row["code_presentation"], row["id_student"]): row["date_registration"]
        for row in _rows(folder, "studentRegistration", ("id_student", "date_registration"))
    }
    lengths = {
        (row["code_module"], row["code_presentation"]): _number(row, "module_presentation_length")
        for row in _rows(folder, "courses", ("module_presentation_length",))
    }
    found = []
    for row in _rows(folder, "studentInfo", NEEDED):
        if presentations and row["code_presentation"] not in presentations:
            continue
        key = (row["code_module"], row["code_presentation"], row["id_student"])
        found.append(_enrolment(row, registered=registered.get(key, ""), length=lengths.get(key[:2])))
    missing = sorted(set(presentations) - {one.presentation for one in found})
    if missing or not found:
        raise MalformedInputError(f"{folder}: no enrolments in {', '.join(missing) or 'studentInfo'}")
    return found


def _enrolment(row: Mapping[str, str], *, registered: str, length: float | None) -> Enrolment:
    if row["final_result"] not in COMPLETED | NOT_COMPLETED:
        raise MalformedInputError(f"studentInfo: unknown final_result {row['final_result']!r}")
    return Enrolment(
        attempt=Attempt(
            learner=row["id_student"],
            course=row["code_module"],
            features=_features(row, registered=registered) | _length(length),
            completed=row["final_result"] in COMPLETED,
        ),
        presentation=row["code_presentation"],
        groups={name: row[column] or "unknown" for name, column in GROUPS.items()},
    )


def _features(row: Mapping[str, str], *, registered: str) -> dict[str, float]:
    before = _number(row, "num_of_prev_attempts")
    load = max(_number(row, "studied_credits"), 1) / FULL_LOAD
    features = {
        "attempts_before": min(before, 3.0),
        "repeats": min(before, 1.0),
        "load_log": math.log(load),
        "load_above_one": max(load - 1, 0.0),
        "load_above_two": max(load - 2, 0.0),
        "load_half": float(load <= 0.5),
        "registration_unknown": float(not registered),
        **_lead(registered),
    }
    for number, name in enumerate(EDUCATION):
        features[f"education_{number}"] = float(row["highest_education"] == name)
    return features


def _length(days: float | None) -> dict[str, float]:
    """Presentations that start in February are about a month shorter than those of October."""
    return {} if days is None else {"length": days / 30}


def _lead(registered: str) -> dict[str, float]:
    """Days between registration and the start, as three slopes; left out (so the mean) when unknown."""
    if not registered:
        return {}
    try:
        days = min(max(-float(registered), 0.0), 250.0)
    except ValueError:
        raise MalformedInputError(f"studentRegistration: {registered!r} is no day") from None
    return {
        "lead_first_month": min(days, 30.0) / 30,
        "lead_to_third_month": min(max(days - 30, 0.0), 60.0) / 60,
        "lead_later": max(days - 90, 0.0) / 100,
    }


def _number(row: Mapping[str, str], column: str) -> float:
    try:
        return float(row[column])
    except (KeyError, ValueError):
        raise MalformedInputError(f"{column} is no number: {row.get(column)!r}") from None


def _rows(folder: Path, name: str, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz"):
        if path.is_file():
            break
    else:
        raise MalformedInputError(f"{folder}: there is no {name}.csv or {name}.csv.gz")
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise MalformedInputError(f"{path}: {error}") from error
    needed = {"code_module", "code_presentation", *columns}
    missing = sorted(needed - set(reader.fieldnames or ()))
    if missing:
        raise MalformedInputError(f"{path}: columns missing: {', '.join(missing)}")
    yield from reader
