"""Reads `groundwork-problem/1`, its catalogue, and `groundwork-solution/1`; complaints name the place."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recommender.domain import (
    MAX_LEVEL,
    Catalogue,
    Constraints,
    Course,
    Objective,
    Problem,
    Profile,
    Role,
    Solution,
    Status,
    Step,
)
from recommender.errors import MalformedInputError

PROBLEM_FORMAT = "groundwork-problem/1"
CATALOGUE_FORMAT = "groundwork-catalogue/1"
SOLUTION_FORMAT = "groundwork-solution/1"


def read_problem(path: Path) -> Problem:
    """The problem in `path`, with the catalogue that lies beside it. Raises MalformedInputError."""
    root = _Node(_read(path), path.name)
    root.has_format(PROBLEM_FORMAT)
    name = root.at("catalogue").text()
    if Path(name).name != name:
        raise root.at("catalogue").error("must be the name of a file in the same folder")
    constraints = root.at("constraints", default={})
    objective = root.at("objective", default={})
    role = root.at("role")
    return Problem(
        id=root.at("id").text(),
        catalogue=read_catalogue(path.parent / name),
        profile=Profile(levels=root.at("profile").levels(lowest=0)),
        role=Role(id=role.at("id").text(), requires=role.at("requires").levels(lowest=0)),
        objective=Objective(
            hour=objective.at("hour", default=1).whole(lowest=0),
            price=objective.at("price", default=0).whole(lowest=0),
        ),
        constraints=_constraints(constraints),
    )


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue in `path`. Raises MalformedInputError."""
    root = _Node(_read(path), path.name)
    root.has_format(CATALOGUE_FORMAT)
    skills = frozenset(skill.at("id").text() for skill in root.at("skills").items())
    courses, seen = [], set[str]()
    for node in root.at("courses").items():
        course = _course(node, skills=skills)
        if course.id in seen:
            raise node.at("id").error(f"{course.id!r} occurs twice")
        seen.add(course.id)
        courses.append(course)
    return Catalogue(courses=tuple(courses), skills=skills)


def read_solution(path: Path) -> Solution:
    """The claim in `path`: status, cost, bound, courses, unreachable skills. Raises MalformedInputError."""
    root = _Node(_read(path), path.name)
    root.has_format(SOLUTION_FORMAT)
    status = root.at("status").text()
    if status not in set(Status):
        raise root.at("status").error(f"unknown status {status!r}")
    steps = root.at("steps", default=[]).items()
    return Solution(
        status=Status(status),
        cost=root.at("cost", default=None).whole_or_none(),
        bound=root.at("bound", default=None).whole_or_none(),
        steps=tuple(Step(course=step.at("course").text()) for step in steps),
        unreachable=tuple(skill.text() for skill in root.at("unreachable", default=[]).items()),
    )


def _course(node: _Node, *, skills: frozenset[str]) -> Course:
    course = Course(
        id=node.at("id").text(),
        hours=node.at("hours").whole(lowest=1),
        price=node.at("price").whole(lowest=0),
        requires=node.at("requires").levels(lowest=1),
        teaches=node.at("teaches").levels(lowest=1),
    )
    unknown = (course.requires.keys() | course.teaches.keys()) - skills
    if unknown:
        raise node.error(f"course {course.id!r} names the unknown skill {min(unknown)!r}")
    return course


def _constraints(node: _Node) -> Constraints:
    known = {"max_price", "max_hours", "exclude", "include"}
    for key in node.mapping():
        if key not in known:
            raise node.at(key).error(f"unknown constraint; known are {', '.join(sorted(known))}")

    def limit(name: str) -> int | None:
        return node.at(name).whole(lowest=0) if name in node.mapping() else None

    def ids(name: str) -> frozenset[str]:
        return frozenset(one.text() for one in node.at(name, default=[]).items())

    return Constraints(
        max_price=limit("max_price"),
        max_hours=limit("max_hours"),
        exclude=ids("exclude"),
        include=ids("include"),
    )


class _Node:
    """A JSON value that knows where it stands; the place is spelled out only for a complaint."""

    __slots__ = ("key", "parent", "value")

    def __init__(self, value: Any, key: str | int, parent: _Node | None = None) -> None:
        self.value = value
        self.key = key
        self.parent = parent

    @property
    def where(self) -> str:
        if self.parent is None:
            return str(self.key)
        return (
            f"{self.parent.where}[{self.key}]"
            if isinstance(self.key, int)
            else f"{self.parent.where}: {self.key}"
        )

    def at(self, key: str, **default: Any) -> _Node:
        mapping = self.mapping()
        if key not in mapping and "default" not in default:
            raise self.error(f"{key!r} is missing")
        return _Node(mapping.get(key, default.get("default")), key, self)

    def items(self) -> list[_Node]:
        if not isinstance(self.value, list):
            raise self.error("expected a list")
        return [_Node(one, place, self) for place, one in enumerate(self.value)]

    def mapping(self) -> Mapping[str, Any]:
        if not isinstance(self.value, dict):
            raise self.error("expected an object")
        return self.value

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            raise self.error("expected a text that is not empty")
        return self.value

    def whole(self, *, lowest: int, highest: int | None = None) -> int:
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.error(f"expected a whole number, got {self.value!r}")
        if self.value < lowest:
            raise self.error(f"must be at least {lowest}, got {self.value}")
        if highest is not None and self.value > highest:
            raise self.error(f"must be at most {highest}, got {self.value}")
        return self.value

    def whole_or_none(self) -> int | None:
        return None if self.value is None else self.whole(lowest=0)

    def levels(self, *, lowest: int) -> dict[str, int]:
        return {key: self.at(key).whole(lowest=lowest, highest=MAX_LEVEL) for key in self.mapping()}

    def has_format(self, expected: str) -> None:
        found = self.mapping().get("format")
        if found != expected:
            raise self.error(f"expected format {expected!r}, got {found!r}")

    def error(self, problem: str) -> MalformedInputError:
        return MalformedInputError(f"{self.where}: {problem}")


def _read(path: Path) -> Any:
    try:
        data = path.read_bytes()
        if path.suffix == ".gz":
            data = gzip.decompress(data)
        return json.loads(data, object_pairs_hook=_without_repeats)
    except OSError as error:
        reason = error.strerror or str(error)
        raise MalformedInputError(f"{path}: cannot be read ({reason})") from error
    except (EOFError, zlib.error) as error:
        raise MalformedInputError(f"{path}: damaged gzip file ({error})") from error
    except (ValueError, RecursionError) as error:
        raise MalformedInputError(f"{path}: not valid JSON ({error})") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The last of two equal keys would win in silence."""
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {repeated!r} occurs twice in one object")
    return mapping
