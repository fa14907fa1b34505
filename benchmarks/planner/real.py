"""Problems on real catalogues: our fixtures, and universities' subjects with their true prerequisites.

Each subject teaches one skill, itself, and requires its prerequisites; cost is its hours. A role is a handful
of advanced subjects of two departments, a learner has passed a few subjects without prerequisites. Hours: 45
a credit at RPI (three a week for fifteen weeks), 14 a unit at MIT; the third set has none and takes 120.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, islice
from pathlib import Path

from benchmarks.planner import execution
from benchmarks.planner.drawing import Draw
from benchmarks.planner.prerequisites import Needs, from_formula, from_prose
from recommender import datasets
from recommender.domain import Catalogue, Constraints, Course, Objective, Problem, Profile, Role

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
PRODUCT = Objective(hour=100, price=1)
SEED = "groundwork-1"
HOURS_A_CREDIT = 45
WEEKS_A_TERM = 14
UNSTATED_HOURS = 120
LEAST_COURSES = 6


def fixtures() -> Iterator[Problem]:
    """Every example person x every role, without courses in languages the person does not read."""
    ours = datasets.load(FIXTURES)
    catalogue = ours.catalogue()
    for person in ours.people.values():
        unread = {name for name, one in ours.courses.items() if one.language not in {"en", person.language}}
        for role in ours.roles:
            yield Problem(
                id=f"{person.id}-to-{role}",
                catalogue=catalogue,
                profile=person.profile,
                role=ours.role(role),
                objective=PRODUCT,
                constraints=Constraints(exclude=frozenset(unread)),
            )


def rpi(folder: Path) -> Catalogue:
    """`rpi_courses`: prose with and, or and lists."""
    rows = {row["course_code"]: row for row in _rows(folder / "rpi_courses" / "courses.csv.gz")}
    return _catalogue(
        _subject(
            code,
            hours=HOURS_A_CREDIT * int(row["credit_hours"].split("-")[0] or 0),
            needs=from_prose(row["raw_precoreqs"], known=rows, own=code),
        )
        for code, row in rows.items()
    )


def mit(folder: Path) -> Catalogue:
    """`mit_courses`: formulas. A subject listed under two numbers teaches both."""
    rows = {row["number"]: row for row in _rows(folder / "mit_courses" / "courses.csv.gz")}
    return _catalogue(
        _subject(
            code,
            hours=WEEKS_A_TERM * int(float(row["total_units"] or 0)),
            needs=from_formula(row["prerequisites"], known=rows, own=code),
            also=[one.strip() for one in row["same_as"].split(",") if one.strip() in rows],
        )
        for code, row in rows.items()
    )


def universities(folder: Path) -> Catalogue:
    """`university_course_prereq`: pairs only, so all are needed."""
    place = folder / "university_course_prereq"
    with (place / "cs_courses.csv").open(encoding="utf-8", errors="replace", newline="") as file:
        codes = [row[0] for row in csv.reader(file) if row]
    needs: dict[str, set[str]] = {code: set() for code in codes}
    with (place / "cs_edges.csv").open(encoding="utf-8", newline="") as file:
        for course, needed in (row[:2] for row in csv.reader(file) if len(row) > 1):
            if course in needs and needed in needs and course != needed:
                needs[course].add(needed)
    return _catalogue(
        _subject(code, hours=UNSTATED_HOURS, needs=Needs(all_of=frozenset(all_of), one_of=()))
        for code, all_of in needs.items()
    )


def problems(name: str, catalogue: Catalogue, *, departments_by: str, limit: int) -> tuple[Problem, ...]:
    """The first `limit` problems, in seed order, in which at least six subjects are needed."""
    return tuple(islice(_problems(name, catalogue, departments_by), limit))


def _problems(name: str, catalogue: Catalogue, departments_by: str) -> Iterator[Problem]:
    reachable = execution.everything_reached(catalogue, {})
    advanced: dict[str, list[str]] = defaultdict(list)
    for course in catalogue.courses:
        if (course.requires or course.one_of) and course.id in reachable:
            advanced[course.id.partition(departments_by)[0]].append(course.id)
    departments = [courses for _, courses in sorted(advanced.items()) if len(courses) >= LEAST_COURSES]
    entries = [c.id for c in catalogue.courses if not c.requires and not c.one_of]
    found = 0
    for attempt in count(1):
        draw = Draw(f"{SEED}/{name}/{attempt}")
        role = [
            subject
            for department in draw.some(departments, count=2)
            for subject in draw.some(department, count=draw.whole(2, 4))
        ]
        passed = draw.some(entries, count=3)
        if len(role) < LEAST_COURSES:
            continue
        found += 1
        yield Problem(
            id=f"{name}-{found:02d}",
            catalogue=catalogue,
            profile=Profile(levels=dict.fromkeys(sorted(passed), 1)),
            role=Role(id=f"role-{name}-{found:02d}", requires=dict.fromkeys(sorted(role), 1)),
        )


def _subject(code: str, *, hours: int, needs: Needs, also: Iterable[str] = ()) -> Course:
    return Course(
        id=code,
        hours=max(1, hours),
        price=0,
        requires=dict.fromkeys(sorted(needs.all_of), 1),
        teaches=dict.fromkeys([code, *also], 1),
        one_of=needs.one_of,
    )


def _catalogue(courses: Iterable[Course]) -> Catalogue:
    all_ = tuple(courses)
    return Catalogue(courses=all_, skills=frozenset(skill for course in all_ for skill in course.teaches))


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
