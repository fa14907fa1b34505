"""Writes `groundwork-problem/1` and `groundwork-catalogue/1`. A key is left out where it says nothing.

A solution writes itself: `Solution.to_json`.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from recommender.domain import Catalogue, Constraints, Course, Objective, Preferences, Problem, Role

PROBLEM_FORMAT = "groundwork-problem/1"
CATALOGUE_FORMAT = "groundwork-catalogue/1"
SOLUTION_FORMAT = "groundwork-solution/1"


def problem_document(problem: Problem, *, catalogue: str | None = None) -> dict[str, Any]:
    """The `groundwork-problem/1` document; `catalogue` is the name of the file of the catalogue.

    >>> from recommender.domain import Profile
    >>> document = problem_document(Problem(
    ...     id="p", catalogue=Catalogue((), frozenset()), profile=Profile(levels={"sql": 1}),
    ...     role=Role(id="r", requires={"sql": 2}), constraints=Constraints(max_hours=40)))
    >>> document["profile"], document["role"], document["constraints"]
    ({'sql': 1}, {'id': 'r', 'requires': {'sql': 2}}, {'max_hours': 40})
    """
    document: dict[str, Any] = {
        "format": PROBLEM_FORMAT,
        "id": problem.id,
        "catalogue": catalogue or catalogue_name(problem.catalogue),
        "profile": dict(problem.profile.levels),
        "role": _role(problem.role),
        "objective": _objective(problem.objective),
        "constraints": _constraints(problem.constraints),
    }
    if problem.profile.taken:
        document["taken"] = sorted(problem.profile.taken)
    return document


def catalogue_document(catalogue: Catalogue) -> dict[str, Any]:
    """The `groundwork-catalogue/1` document."""
    return {
        "format": CATALOGUE_FORMAT,
        "skills": [{"id": skill} for skill in sorted(catalogue.skills)],
        "courses": [_course(course) for course in catalogue.courses],
    }


def catalogue_name(catalogue: Catalogue) -> str:
    """The name of the file of `catalogue`, after its digest.

    >>> catalogue_name(Catalogue((), frozenset()))
    'catalogue-643d5437104296e2.json.gz'
    """
    return f"catalogue-{catalogue.digest[:16]}.json.gz"


def packed_catalogue(catalogue: Catalogue) -> bytes:
    """The file of `catalogue`, packed with gzip; the same catalogue gives the same bytes."""
    body = json.dumps(catalogue_document(catalogue), ensure_ascii=False)
    return gzip.compress(body.encode(), mtime=0)


def write_problem(problem: Problem, path: Path) -> None:
    """Write `problem` to `path`, packed if its name ends in `.gz`, and its catalogue beside it."""
    body = json.dumps(problem_document(problem), ensure_ascii=False).encode()
    path.write_bytes(gzip.compress(body, mtime=0) if path.suffix == ".gz" else body)
    path.with_name(catalogue_name(problem.catalogue)).write_bytes(packed_catalogue(problem.catalogue))


def _course(course: Course) -> dict[str, Any]:
    always = {
        "id": course.id,
        "hours": course.hours,
        "price": course.price,
        "requires": dict(course.requires),
        "teaches": dict(course.teaches),
    }
    return always | _said(
        one_of=[[dict(levels) for levels in choice] for choice in course.one_of],
        hands_on=course.hands_on,
        language=course.language,
        format=course.format,
        provider=course.provider,
    )


def _role(role: Role) -> dict[str, Any]:
    return {"id": role.id, "requires": dict(role.requires)} | _said(weights=dict(role.weights))


def _objective(objective: Objective) -> dict[str, Any]:
    prices = {"hour": objective.hour, "price": objective.price}
    return prices | _said(
        theory=objective.theory, extra=dict(objective.extra), prefer=_preferences(objective.prefer)
    )


def _preferences(prefer: Preferences) -> dict[str, Any]:
    return _said(
        hands_on=prefer.hands_on,
        merits=[
            {"name": one.name, "weight": one.weight, "skills": dict(one.skills)} for one in prefer.merits
        ],
        price=prefer.price,
    )


def _constraints(constraints: Constraints) -> dict[str, Any]:
    limits = {
        "max_price": constraints.max_price,
        "max_hours": constraints.max_hours,
        "languages": _sorted(constraints.languages),
        "formats": _sorted(constraints.formats),
        "providers": _sorted(constraints.providers),
    }
    return {name: limit for name, limit in limits.items() if limit is not None} | _said(
        exclude=sorted(constraints.exclude),
        include=sorted(constraints.include),
        one_of=[sorted(courses) for courses in constraints.one_of],
        waivers=dict(constraints.waivers),
        min_hands_on=constraints.min_hands_on,
    )


def _sorted(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def _said(**values: Any) -> dict[str, Any]:
    """Those of `values` that say something: neither empty nor zero."""
    return {name: value for name, value in values.items() if value}
