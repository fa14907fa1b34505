"""Reads `groundwork-problem/1`, its catalogue, and `groundwork-solution/1`; complaints name the place.

The direction back is `writing`. A key that a file leaves out means "nothing of the kind", so files written
before the key existed stay readable as they are.
"""

from __future__ import annotations

from pathlib import Path

from recommender.domain import (
    Catalogue,
    Certificate,
    Choice,
    Constraints,
    Course,
    Landmark,
    Merit,
    Objective,
    Preferences,
    Problem,
    Profile,
    Proof,
    Role,
    Solution,
    Status,
    Step,
)
from recommender.problem_files.places import Node, read
from recommender.problem_files.writing import (
    CATALOGUE_FORMAT,
    PROBLEM_FORMAT,
    SOLUTION_FORMAT,
    catalogue_document,
    catalogue_name,
    packed_catalogue,
    problem_document,
    write_problem,
)

__all__ = [
    "CATALOGUE_FORMAT",
    "PROBLEM_FORMAT",
    "SOLUTION_FORMAT",
    "catalogue_document",
    "catalogue_name",
    "packed_catalogue",
    "problem_document",
    "read_catalogue",
    "read_problem",
    "read_solution",
    "write_problem",
]

CONSTRAINTS = frozenset(
    {
        *("max_price", "max_hours", "exclude", "include", "one_of"),
        *("languages", "formats", "providers", "waivers", "min_hands_on"),
    }
)


def read_problem(path: Path) -> Problem:
    """The problem in `path`, with the catalogue that lies beside it. Raises MalformedInputError."""
    root = Node(read(path), path.name)
    root.has_format(PROBLEM_FORMAT)
    name = root.at("catalogue").text()
    if Path(name).name != name:
        raise root.at("catalogue").error("must be the name of a file in the same folder")
    return Problem(
        id=root.at("id").text(),
        catalogue=read_catalogue(path.parent / name),
        profile=Profile(
            levels=root.at("profile").levels(lowest=0), taken=root.at("taken", default=[]).texts()
        ),
        role=_role(root.at("role")),
        objective=_objective(root.at("objective", default={})),
        constraints=_constraints(root.at("constraints", default={})),
    )


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue in `path`. Raises MalformedInputError."""
    root = Node(read(path), path.name)
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
    """The claim in `path`, as `Solution.to_json` writes it. Raises MalformedInputError.

    Only the status is needed; `gap` and `seconds` are not read. A `proof` that the bounds do not bear out is
    refused, whether the bounds themselves hold is for `verify`.
    """
    root = Node(read(path), path.name)
    root.has_format(SOLUTION_FORMAT)
    solution = Solution(
        status=Status(root.at("status").one_of(tuple(Status), what="status")),
        cost=root.at("cost", default=None).whole_or_none(),
        bound=root.at("bound", default=None).whole_or_none(),
        steps=tuple(_step(step) for step in root.at("steps", default=[]).items()),
        waived=tuple(skill.text() for skill in root.at("waived", default=[]).items()),
        unreachable=tuple(skill.text() for skill in root.at("unreachable", default=[]).items()),
        verified_bound=root.at("verified_bound", default=None).whole_or_none(),
        certificate=_certificate(root.at("certificate", default=[])),
        solver=root.at("solver", default="").text(may_be_empty=True),
        surcharge=root.at("surcharge", default=None).whole_or_none(),
        points=root.at("points", default=None).whole_or_none(),
        least_points=root.at("least_points", default=None).whole_or_none(),
    )
    _check_proof(root.at("proof", default=None), solution)
    return solution


def _role(node: Node) -> Role:
    return Role(
        id=node.at("id").text(),
        requires=node.at("requires").levels(lowest=0),
        weights=node.at("weights", default={}).wholes(lowest=0),
    )


def _objective(node: Node) -> Objective:
    return Objective(
        hour=node.at("hour", default=1).whole(lowest=0),
        price=node.at("price", default=0).whole(lowest=0),
        theory=node.at("theory", default=0).whole(lowest=0),
        extra=node.at("extra", default={}).wholes(lowest=0),
        prefer=_preferences(node.at("prefer", default={})),
    )


def _preferences(node: Node) -> Preferences:
    return Preferences(
        hands_on=node.at("hands_on", default=0).whole(lowest=0),
        merits=tuple(_merit(merit) for merit in node.at("merits", default=[]).items()),
        price=node.at("price", default=0).whole(lowest=0),
    )


def _merit(node: Node) -> Merit:
    return Merit(
        name=node.at("name").text(),
        weight=node.at("weight").whole(lowest=0),
        skills=node.at("skills").wholes(lowest=0, highest=100),
    )


def _course(node: Node, *, skills: frozenset[str]) -> Course:
    hours = node.at("hours").whole(lowest=1)
    course = Course(
        id=node.at("id").text(),
        hours=hours,
        price=node.at("price").whole(lowest=0),
        requires=node.at("requires").levels(lowest=1),
        teaches=node.at("teaches").levels(lowest=1),
        one_of=tuple(_choice(choice) for choice in node.at("one_of", default=[]).items()),
        hands_on=node.at("hands_on", default=0).whole(lowest=0, highest=hours),
        language=node.at("language", default="").text(may_be_empty=True),
        format=node.at("format", default="").text(may_be_empty=True),
        provider=node.at("provider", default="").text(may_be_empty=True),
    )
    named = {skill for choice in course.one_of for levels in choice for skill in levels}
    unknown = (course.requires.keys() | course.teaches.keys() | named) - skills
    if unknown:
        raise node.error(f"course {course.id!r} names the unknown skill {min(unknown)!r}")
    return course


def _choice(node: Node) -> Choice:
    alternatives = node.items()
    if not alternatives:
        raise node.error("a choice needs at least one alternative")
    return tuple(alternative.levels(lowest=1) for alternative in alternatives)


def _constraints(node: Node) -> Constraints:
    for key in node.mapping():
        if key not in CONSTRAINTS:
            raise node.at(key).error(f"unknown constraint; known are {', '.join(sorted(CONSTRAINTS))}")

    def limit(name: str) -> int | None:
        return node.at(name).whole(lowest=0) if name in node.mapping() else None

    def allowed(name: str) -> frozenset[str] | None:
        return node.at(name).texts(may_be_empty=True) if name in node.mapping() else None

    return Constraints(
        max_price=limit("max_price"),
        max_hours=limit("max_hours"),
        exclude=node.at("exclude", default=[]).texts(),
        include=node.at("include", default=[]).texts(),
        one_of=tuple(_at_least_one(some) for some in node.at("one_of", default=[]).items()),
        languages=allowed("languages"),
        formats=allowed("formats"),
        providers=allowed("providers"),
        waivers=node.at("waivers", default={}).wholes(lowest=0),
        min_hands_on=node.at("min_hands_on", default=0).whole(lowest=0, highest=100),
    )


def _at_least_one(node: Node) -> frozenset[str]:
    courses = node.texts()
    if not courses:
        raise node.error("must name at least one course")
    return courses


def _step(node: Node) -> Step:
    return Step(
        course=node.at("course").text(),
        closes=tuple(node.at("closes", default={}).levels(lowest=0).items()),
        opens=tuple(course.text() for course in node.at("opens", default=[]).items()),
    )


def _certificate(node: Node) -> Certificate:
    return tuple(tuple(_landmark(one) for one in landmarks.items()) for landmarks in node.items())


def _landmark(node: Node) -> Landmark:
    return Landmark(
        courses=tuple(course.text() for course in node.at("courses").items()),
        waivers=tuple(skill.text() for skill in node.at("waivers", default=[]).items()),
        share=node.at("share").whole(lowest=1),
    )


def _check_proof(node: Node, solution: Solution) -> None:
    if node.value is None:
        return
    claimed = Proof(node.one_of(tuple(Proof), what="proof"))
    if claimed is not solution.proof:
        borne_out = "none" if solution.proof is None else repr(solution.proof.value)
        raise node.error(f"claimed is {claimed.value!r}, the bounds bear out {borne_out}")
