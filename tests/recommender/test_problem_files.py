"""Files of problems, catalogues and solutions: what is written is read, and nonsense is refused by place."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender import planning, problem_files
from recommender.domain import (
    Catalogue,
    Constraints,
    Course,
    Landmark,
    Merit,
    Objective,
    Preferences,
    Problem,
    Profile,
    Role,
    Solution,
    Status,
    Step,
)
from recommender.errors import MalformedInputError
from tests.recommender.planning_cases import Watch, course, problem

SKILLS = ["ml", "sql", "写作"]
NAMES = st.sampled_from(["a", "b", "c-1", "课程"])
WORDS = st.sampled_from(["", "en", "zh-CN"])
FIGURES = st.integers(0, 10**9)


def levels(*, lowest: int) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(st.sampled_from(SKILLS), st.integers(lowest, 5), max_size=3)


@st.composite
def any_course(draw: st.DrawFn) -> Course:
    choice = st.lists(levels(lowest=1), min_size=1, max_size=2).map(tuple)
    hours = draw(st.integers(1, 900))
    return Course(
        id=draw(NAMES),
        hours=hours,
        price=draw(FIGURES),
        requires=draw(levels(lowest=1)),
        teaches=draw(levels(lowest=1)),
        one_of=draw(st.lists(choice, max_size=2).map(tuple)),
        hands_on=draw(st.integers(0, hours)),
        language=draw(WORDS),
        format=draw(WORDS),
        provider=draw(WORDS),
    )


def any_merit() -> st.SearchStrategy[Merit]:
    skills = st.dictionaries(st.sampled_from(SKILLS), st.integers(0, 100))
    return st.builds(Merit, name=NAMES, weight=FIGURES, skills=skills)


@st.composite
def any_problem(draw: st.DrawFn) -> Problem:
    courses = draw(st.lists(any_course(), max_size=4, unique_by=lambda one: one.id))
    limit, allowed = st.none() | FIGURES, st.none() | st.frozensets(WORDS)
    return Problem(
        id=draw(NAMES),
        catalogue=Catalogue(courses=tuple(courses), skills=frozenset(SKILLS)),
        profile=Profile(levels=draw(levels(lowest=0)), taken=draw(st.frozensets(NAMES))),
        role=Role(id="r", requires=draw(levels(lowest=0)), weights=draw(levels(lowest=0))),
        objective=Objective(
            hour=draw(FIGURES),
            price=draw(FIGURES),
            theory=draw(FIGURES),
            extra=draw(st.dictionaries(NAMES, FIGURES)),
            prefer=Preferences(
                hands_on=draw(FIGURES),
                merits=draw(st.lists(any_merit(), max_size=2).map(tuple)),
                price=draw(FIGURES),
            ),
        ),
        constraints=Constraints(
            max_price=draw(limit),
            max_hours=draw(limit),
            exclude=draw(st.frozensets(NAMES)),
            include=draw(st.frozensets(NAMES)),
            one_of=draw(st.lists(st.frozensets(NAMES, min_size=1), max_size=2).map(tuple)),
            languages=draw(allowed),
            formats=draw(allowed),
            providers=draw(allowed),
            waivers=draw(st.dictionaries(st.sampled_from(SKILLS), FIGURES)),
            min_hands_on=draw(st.integers(0, 100)),
        ),
    )


@settings(max_examples=80, deadline=None)
@given(any_problem(), st.sampled_from(["problem.json", "problem.json.gz"]))
def test_a_problem_that_is_written_is_read_as_it_was(case: Problem, name: str):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        problem_files.write_problem(case, path)
        read = problem_files.read_problem(path)
    assert read == case
    assert read.catalogue.digest == case.catalogue.digest


SOLUTION = Solution(
    status=Status.FEASIBLE,
    cost=40,
    bound=38,
    steps=(Step(course="a", closes=(("sql", 2),), opens=("b",)), Step(course="b")),
    waived=("ml",),
    verified_bound=30,
    certificate=((Landmark(courses=("a", "c"), waivers=("ml",), share=30),), ()),
    solver="HiGHS 1",
    surcharge=5,
    points=300,
    least_points=200,
)


def written(tmp_path: Path, document: dict[str, Any], name: str = "file.json") -> Path:
    path = tmp_path / name
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize(
    "solution",
    [
        SOLUTION,
        Solution(status=Status.OPTIMAL, cost=0, bound=0, verified_bound=0),
        Solution(status=Status.INFEASIBLE, unreachable=("ml", "sql")),
        Solution(status=Status.UNKNOWN),
    ],
)
def test_a_solution_that_is_written_is_read_as_it_was(tmp_path, solution):
    path = written(tmp_path, solution.to_json(seconds=0.5))
    assert problem_files.read_solution(path) == solution


def test_what_the_planner_proved_is_read_with_its_certificate(tmp_path):
    case = problem(course("a", {"x": 1}), course("b", {"y": 2}, requires={"x": 1}), goal={"y": 2})
    solution = planning.solve(case, stop=Watch())
    path = written(tmp_path, solution.to_json(seconds=0.1))
    assert problem_files.read_solution(path) == solution
    assert solution.certificate


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"status": "done"}, r"file.json: status: unknown status 'done'"),
        ({"proof": "sworn"}, r"proof: unknown proof 'sworn'"),
        ({"proof": "verified"}, r"proof: claimed is 'verified', the bounds bear out 'solver'"),
        ({"bound": None, "proof": "solver"}, r"proof: claimed is 'solver', the bounds bear out none"),
        ({"verified_bound": -1}, r"verified_bound: must be at least 0"),
        ({"solver": 7}, r"solver: expected a text"),
        ({"waived": "ml"}, r"waived: expected a list"),
        ({"certificate": [{}]}, r"certificate\[0\]: expected a list"),
        ({"certificate": [[{"share": 1}]]}, r"certificate\[0\]\[0\]: 'courses' is missing"),
        ({"certificate": [[{"courses": [], "share": 0}]]}, r"\[0\]\[0\]: share: must be at least 1"),
        ({"steps": [{"course": "a", "closes": {"ml": 6}}]}, r"steps\[0\]: closes: ml: must be at most 5"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused(tmp_path, change, complaint):
    path = written(tmp_path, {**SOLUTION.to_json(seconds=0), **change})
    with pytest.raises(MalformedInputError, match=complaint):
        problem_files.read_solution(path)


COURSE = {"id": "a", "hours": 5, "price": 0, "requires": {}, "teaches": {"sql": 2}}
CATALOGUE = {"format": "groundwork-catalogue/1", "skills": [{"id": "sql"}], "courses": [COURSE]}
PROBLEM = {
    "format": "groundwork-problem/1",
    "id": "p",
    "catalogue": "catalogue.json",
    "profile": {},
    "role": {"id": "r", "requires": {"sql": 2}},
}


def test_files_of_before_the_new_keys_are_read_as_they_were(tmp_path):
    written(tmp_path, CATALOGUE, "catalogue.json")
    read = problem_files.read_problem(written(tmp_path, PROBLEM))
    assert (read.objective, read.constraints) == (Objective(), Constraints())
    assert read.profile == Profile(levels={})
    assert read.catalogue.courses == (course("a", {"sql": 2}, hours=5),)
    old = {"format": "groundwork-solution/1", "status": "optimal", "cost": 5, "bound": 5}
    claim = problem_files.read_solution(written(tmp_path, {**old, "steps": [{"course": "a"}]}))
    assert claim == Solution(status=Status.OPTIMAL, cost=5, bound=5, steps=(Step(course="a"),))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"hands_on": 6}, "hands_on: must be at most 5"),
        ({"hands_on": True}, "hands_on: expected a whole number"),
        ({"one_of": [[]]}, r"one_of\[0\]: a choice needs at least one alternative"),
        ({"one_of": [[{"sql": 0}]]}, r"one_of\[0\]\[0\]: sql: must be at least 1"),
        ({"one_of": [[{"magic": 1}]]}, "'a' names the unknown skill 'magic'"),
        ({"language": None}, "language: expected a text"),
        ({"provider": 3}, "provider: expected a text"),
    ],
)
def test_a_course_that_makes_no_sense_is_refused(tmp_path, change, complaint):
    path = written(tmp_path, {**CATALOGUE, "courses": [{**COURSE, **change}]})
    with pytest.raises(MalformedInputError, match=complaint):
        problem_files.read_catalogue(path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"taken": {}}, "taken: expected a list"),
        ({"role": {"id": "r", "requires": {}, "weights": {"sql": -1}}}, "weights: sql: must be at least 0"),
        ({"objective": {"theory": -1}}, "objective: theory: must be at least 0"),
        ({"objective": {"extra": {"a": 1.5}}}, "objective: extra: a: expected a whole number"),
        ({"constraints": {"one_of": [[]]}}, r"constraints: one_of\[0\]: must name at least one course"),
        ({"constraints": {"languages": "en"}}, "constraints: languages: expected a list"),
        ({"constraints": {"formats": None}}, "constraints: formats: expected a list"),
        ({"constraints": {"waivers": {"sql": None}}}, "constraints: waivers: sql: expected a whole number"),
        ({"constraints": {"min_hands_on": 101}}, "constraints: min_hands_on: must be at most 100"),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(tmp_path, change, complaint):
    written(tmp_path, CATALOGUE, "catalogue.json")
    path = written(tmp_path, {**PROBLEM, **change})
    with pytest.raises(MalformedInputError, match=complaint):
        problem_files.read_problem(path)
