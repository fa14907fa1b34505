"""The fixture checks: each fault is found, and the real fixtures pass."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from recommender import __main__ as command_line
from recommender import checking, datasets
from recommender.domain import Label
from tests.recommender.planning_cases import course

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"


@pytest.fixture(scope="module")
def fixtures():
    return datasets.load(FIXTURES)


@pytest.fixture
def copy(tmp_path):
    """A copy of the fixtures that a test may spoil."""
    return Path(shutil.copytree(FIXTURES, tmp_path / "fixtures"))


def found(fixtures, **changes):
    report = checking.check(replace(fixtures, **changes), root=FIXTURES)
    return "\n".join(f"{one.check}: {one.message}" for one in report.errors)


def with_course(fixtures, name, **changes):
    """The courses, one of them changed: `changes` of the record, or of the planner's view of it."""
    record = fixtures.courses[name]
    rest = {key: value for key, value in changes.items() if hasattr(record, key)}
    planner_view = {key: value for key, value in changes.items() if key not in rest}
    changed = replace(record, course=replace(record.course, **planner_view), **rest)
    return {**fixtures.courses, name: changed}


def test_the_fixtures_hold_together(fixtures):
    report = checking.check(fixtures, root=FIXTURES)
    assert report.errors == ()
    assert report.counts["skills"] >= 300
    assert report.counts["roles"] == 29
    assert report.counts["courses"] >= 400
    assert report.counts["courses in zh"] >= 43
    assert report.counts["example people"] >= 16


def test_the_closure_takes_what_opens_on_the_way():
    chain = [
        course("c", {"z": 1}, requires={"y": 1}),
        course("b", {"y": 1}, requires={"x": 1}),
        course("a", {"x": 1}),
        course("a2", {"w": 2}, requires={"x": 1}),
    ]
    assert checking.closure({}, chain) == {"x": 1, "y": 1, "z": 1, "w": 2}


def test_a_course_that_teaches_nothing_new_is_found(fixtures):
    name = next(iter(fixtures.courses))
    courses = with_course(fixtures, name, requires={"python": 3}, teaches={"python": 3})
    assert f"{name} teaches nothing above what it requires" in found(fixtures, courses=courses)


def test_an_unknown_skill_is_found(fixtures):
    name = next(iter(fixtures.courses))
    courses = with_course(fixtures, name, teaches={"juggling": 3})
    assert f"course {name} names the unknown skill juggling" in found(fixtures, courses=courses)


def test_a_course_without_hours_is_found(fixtures):
    name = next(iter(fixtures.courses))
    assert f"{name} has no hours" in found(fixtures, courses=with_course(fixtures, name, hours=0))


def test_the_same_course_twice_is_found(fixtures):
    first, second = list(fixtures.courses)[:2]
    original = fixtures.courses[first]
    courses = with_course(
        fixtures, second, title=original.title, provider=original.provider, url=original.url
    )
    assert f"{second} is the same as {first}" in found(fixtures, courses=courses)


def test_an_alias_of_two_skills_is_found(fixtures):
    skills = dict(fixtures.skills)
    record = skills["sql"]
    skills["sql"] = replace(record, skill=replace(record.skill, name=Label(en="Python", zh="Python")))
    assert "'Python' belongs to both" in found(fixtures, skills=skills)


def test_a_requirement_nobody_can_reach_is_found_for_each_feeder(fixtures):
    row = replace(fixtures.requirements[0], skill="sas", level=5)
    message = found(fixtures, requirements=(*fixtures.requirements, row))
    assert f"cannot reach sas 5 for {row.role}" in message


def test_a_role_without_feeders_is_found(fixtures):
    assert "has 0 feeder profiles" in found(fixtures, feeders={})


def test_a_compound_role_needs_both_halves_and_their_project(fixtures):
    role = next(role for role in fixtures.roles.values() if role.layer == "compound")
    only_ai = tuple(row for row in fixtures.requirements if row.role != role.id or row.part == "ai")
    assert f"compound role {role.id} lacks its AI or its domain" in found(fixtures, requirements=only_ai)
    roles = {**fixtures.roles, role.id: replace(role, integration_course="")}
    assert f"{role.id} names no integration project" in found(fixtures, roles=roles)


def test_the_command_passes_and_prints_counts_and_gaps():
    done = subprocess.run(
        [sys.executable, "-m", "recommender", "check-catalogue", "fixtures/"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "  skills\n" in done.stdout
    assert "gap " in done.stdout


def test_a_level_out_of_range_fails_and_names_its_place(copy, capsys):
    path = copy / "frameworks" / "role_requirements.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    cells[2] = "7"
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]), encoding="utf-8")
    assert command_line.main(["check-catalogue", str(copy)]) == 1
    assert "role_requirements.csv:2, column level: 7 is out of range" in capsys.readouterr().out


def test_files_that_cannot_be_read_are_exit_code_2(copy, capsys):
    (copy / "frameworks" / "skills.csv").unlink()
    assert command_line.main(["check-catalogue", str(copy)]) == 2
    assert "skills.csv" in capsys.readouterr().err


def test_a_wrong_header_is_exit_code_2(copy, capsys):
    (copy / "frameworks" / "roles.csv").write_text("a,b\n1,2\n")
    assert command_line.main(["check-catalogue", str(copy)]) == 2
    assert "expected the columns" in capsys.readouterr().err


def test_unknown_hours_become_a_marked_estimate_and_never_zero(copy):
    path = copy / "catalogue" / "courses" / "extra.csv"
    header = next(iter((copy / "catalogue" / "courses").glob("*.csv"))).read_text("utf-8").splitlines()[0]
    values = {
        "id": "crs-extra",
        "title_en": "Extra",
        "title_zh": "附加",
        "language": "en",
        "format": "course",
        "level": "beginner",
        "hours_basis": "known",
        "price_class": "paid",
        "price_basis": "known",
        "hands_on": "0",
        "teaches": "sql:1",
        "source": "test",
        "provenance": "test",
    }
    path.write_text(f"{header}\n{','.join(values.get(column, '') for column in header.split(','))}\n")
    record = datasets.load_courses(copy / "catalogue")["crs-extra"]
    assert (record.course.hours, record.hours_basis) == (40, "estimate")
    assert (record.course.price, record.price_basis) == (1500, "estimate")


def test_every_example_person_has_a_verified_optimal_path(capsys):
    assert command_line.main(["examples", str(FIXTURES)]) == 0
    table = capsys.readouterr().out.splitlines()[1:]
    assert len(table) >= 16
    assert all("optimal" in line and line.endswith("accepted") for line in table)


def test_a_course_marked_hands_on_counts_all_its_hours_as_practice(fixtures):
    records = fixtures.courses.values()
    assert {record.hands_on for record in records} == {True, False}
    for record in records:
        assert record.course.hands_on == (record.course.hours if record.hands_on else 0)
        assert (record.course.language, record.course.format) == (record.language, record.format)
        assert record.course.provider == record.provider
