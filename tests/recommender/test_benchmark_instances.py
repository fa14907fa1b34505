"""The benchmark's generator gives the same well-formed problems everywhere."""

from __future__ import annotations

import json

import pytest

from benchmarks.planner import catalogues, instances, manifest
from benchmarks.planner.catalogues import Shape
from benchmarks.planner.prerequisites import from_formula, from_prose
from recommender import problem_files
from recommender.domain import LEVELS, Problem

SMALL = Shape(courses=60, skills=40, domains=4)
KNOWN = frozenset({"AAAA-1000", "AAAA-2000", "BBBB-1000", "BBBB-2000"})


def _families(size: str) -> list[str]:
    return [f"{kind}-{size}" for kind in instances.KINDS]


def test_a_seed_gives_one_catalogue_and_another_seed_another():
    other = Shape(courses=60, skills=40, domains=4, seed="other")
    assert catalogues.catalogue(SMALL).digest == catalogues.catalogue(SMALL).digest
    assert catalogues.catalogue(SMALL).digest != catalogues.catalogue(other).digest


def test_the_generator_gives_the_published_problems():
    published = json.loads(manifest.PATH.read_text(encoding="utf-8"))["families"]
    assert published.keys() >= set(instances.FAMILIES)
    assert manifest.differences(_families("1k")) == []


def test_the_skills_build_on_each_other_without_circles():
    builds_on = catalogues.ground(SMALL).builds_on
    left = dict(builds_on)
    while left:
        free = [skill for skill, under in left.items() if not any(one in left for one, _ in under)]
        assert free, "a circle"
        for skill in free:
            del left[skill]


@pytest.mark.parametrize("family", _families("1k"))
def test_each_problem_is_well_formed(family, tmp_path):
    problems = instances.problems(family, limit=3)
    assert [problem.id for problem in problems] == [f"{family}-{number:02d}" for number in (1, 2, 3)]
    for problem in problems:
        assert _open_skills(problem) >= (16 if family.startswith("deep") else 8)
        assert (problem.constraints.max_price is not None) == family.startswith("budget")
        for course in problem.catalogue.courses:
            assert course.hours >= 1
            assert 1 <= len(course.teaches) <= 6
            assert {*course.teaches.values(), *course.requires.values()} <= set(LEVELS) - {0}
    manifest.write(problems, tmp_path)
    read = problem_files.read_problem(tmp_path / f"{problems[0].id}.json")
    assert (read.profile, read.role, read.constraints) == (
        problems[0].profile,
        problems[0].role,
        problems[0].constraints,
    )
    assert read.catalogue.digest == problems[0].catalogue.digest


def _open_skills(problem: Problem) -> int:
    held = problem.profile.levels
    return sum(held.get(skill, 0) < level for skill, level in problem.role.requires.items())


@pytest.mark.parametrize(
    ("text", "all_of", "one_of"),
    [
        ("None.", [], []),
        ("Permission of instructor.", [], []),
        ("Prerequisite: AAAA 1000 or equivalent.", ["AAAA-1000"], []),
        ("AAAA 1000, AAAA 2000, and BBBB 1000.", ["AAAA-1000", "AAAA-2000", "BBBB-1000"], []),
        ("AAAA 1000 and (BBBB 1000 or BBBB 2000)", ["AAAA-1000"], [["BBBB-1000", "BBBB-2000"]]),
        ("One of the following: AAAA 1000, BBBB 1000", [], [["AAAA-1000", "BBBB-1000"]]),
        ("Prerequisites/Corequisites: AAAA 1000.", ["AAAA-1000"], []),
        ("AAAA 1000. Corequisite: BBBB 1000.", ["AAAA-1000"], []),
        ("AAAA 1000 or ZZZZ 9999", ["AAAA-1000"], []),
    ],
)
def test_prerequisites_in_prose_are_read(text, all_of, one_of):
    needs = from_prose(text, known=KNOWN, own="")
    assert sorted(needs.all_of) == all_of
    assert [[name for alternative in choice for name in alternative] for choice in needs.one_of] == one_of


def test_a_formula_with_nested_alternatives_is_read():
    needs = from_formula("Calculus I (GIR), ((A, B)/(C, D)), E", known=set("ABCDE"), own="E")
    assert needs.all_of == frozenset()
    assert [[sorted(alternative) for alternative in choice] for choice in needs.one_of] == [
        [["A", "B"], ["C", "D"]]
    ]
