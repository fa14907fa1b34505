"""`python -m recommender`: documents on standard output, one line on standard error, exit codes."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from recommender import __main__ as command_line

ROOT = Path(__file__).resolve().parents[2]
BASICS = {"id": "basics", "hours": 20, "price": 0, "requires": {}, "teaches": {"python": 2}}
CATALOGUE = {
    "format": "groundwork-catalogue/1",
    "skills": [{"id": "python"}, {"id": "ml"}],
    "courses": [
        BASICS,
        {"id": "ml", "hours": 30, "price": 9, "requires": {"python": 2}, "teaches": {"ml": 3}},
    ],
}
PROBLEM = {
    "format": "groundwork-problem/1",
    "id": "p",
    "catalogue": "catalogue.json",
    "profile": {},
    "role": {"id": "r", "requires": {"ml": 3}},
    "objective": {"hour": 10, "price": 2},
    "constraints": {},
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "catalogue.json").write_text(json.dumps(CATALOGUE))
    (tmp_path / "problem.json").write_text(json.dumps(PROBLEM))
    return tmp_path


def write(folder, name, document):
    path = folder / name
    path.write_text(json.dumps(document))
    return str(path)


def test_solve_prints_one_solution_document(folder, capsys):
    assert command_line.main(["solve", str(folder / "problem.json"), "--time-limit", "30"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document.pop("seconds") >= 0
    assert sum(landmark["share"] for landmark in document.pop("certificate")[0]) == 518
    assert document == {
        "format": "groundwork-solution/1",
        "status": "optimal",
        "cost": 518,
        "bound": 518,
        "gap": 0.0,
        "steps": [
            {"course": "basics", "closes": {}, "opens": ["ml"]},
            {"course": "ml", "closes": {"ml": 3}, "opens": []},
        ],
        "waived": [],
        "unreachable": [],
        "proof": "verified",
        "verified_bound": 518,
        "solver": "",
    }


def test_solve_reads_gzip_and_runs_as_a_module(folder):
    packed = folder / "problem.json.gz"
    packed.write_bytes(gzip.compress((folder / "problem.json").read_bytes()))
    done = subprocess.run(
        [sys.executable, "-m", "recommender", "solve", str(packed)], cwd=ROOT, capture_output=True, check=True
    )
    assert json.loads(done.stdout)["cost"] == 518


def test_an_infeasible_problem_is_an_answer(folder, capsys):
    path = write(folder, "hard.json", {**PROBLEM, "role": {"id": "r", "requires": {"ml": 4}}})
    assert command_line.main(["solve", path]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["status"], document["unreachable"]) == ("infeasible", ["ml"])
    assert document["cost"] is document["bound"] is document["gap"] is None


def test_verify_accepts_and_refuses(folder, capsys):
    command_line.main(["solve", str(folder / "problem.json")])
    solution = json.loads(capsys.readouterr().out)
    good = write(folder, "good.json", solution)
    assert command_line.main(["verify", str(folder / "problem.json"), good]) == 0
    assert json.loads(capsys.readouterr().out) == {"valid": True, "cost": 518, "errors": []}
    bad = write(folder, "bad.json", {**solution, "steps": solution["steps"][::-1]})
    assert command_line.main(["verify", str(folder / "problem.json"), bad]) == 1
    assert json.loads(capsys.readouterr().out)["valid"] is False


def test_verify_checks_a_claim_of_infeasibility(folder, capsys):
    claim = {"format": "groundwork-solution/1", "status": "infeasible", "unreachable": ["ml"]}
    assert (
        command_line.main(["verify", str(folder / "problem.json"), write(folder, "claim.json", claim)]) == 1
    )
    assert "ml can be reached" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"format": "other/1"}, "expected format 'groundwork-problem/1'"),
        ({"profile": {"ml": 9}}, "must be at most 5"),
        ({"profile": {"ml": "3"}}, "expected a whole number"),
        ({"objective": {"hour": -1, "price": 0}}, "must be at least 0"),
        ({"constraints": {"max_hours": -5}}, "must be at least 0"),
        ({"constraints": {"max_weeks": 5}}, "unknown constraint"),
        ({"constraints": {"exclude": ["ghost"]}}, "unknown course 'ghost'"),
        ({"catalogue": "../catalogue.json"}, "same folder"),
        ({"catalogue": "missing.json"}, "cannot be read"),
        ({"role": {"id": "r"}}, "'requires' is missing"),
    ],
)
def test_a_malformed_problem_is_one_clear_line(folder, capsys, change, complaint):
    path = write(folder, "odd.json", {**PROBLEM, **change})
    assert command_line.main(["solve", path]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert complaint in captured.err


@pytest.mark.parametrize("hours", [-1, 1.5, None, True])
def test_a_course_with_impossible_hours_is_refused(folder, capsys, hours):
    courses = [{**BASICS, "hours": hours}]
    (folder / "catalogue.json").write_text(json.dumps({**CATALOGUE, "courses": courses}))
    assert command_line.main(["solve", str(folder / "problem.json")]) == 2
    assert "courses[0]: hours" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"\xff\xfe", b"[]", b"[" * 100_000),
        b'{"format": "groundwork-problem/1", "id": ' + b"9" * 5_000 + b"}",
        json.dumps(PROBLEM).encode().replace(b'"catalogue.json"', b'"a\\u0000b"'),
        json.dumps(PROBLEM).encode().replace(b'"profile": {}', b'"profile": {"ml": 1, "ml": 2}'),
        json.dumps({**PROBLEM, "profile": {"two\nlines": 9}}).encode(),
    ],
)
def test_a_file_that_is_not_a_problem_is_one_clear_line(folder, capsys, content):
    (folder / "problem.json").write_bytes(content)
    assert command_line.main(["solve", str(folder / "problem.json")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_damaged_gzip_file_is_one_clear_line(folder, capsys):
    path = folder / "problem.json.gz"
    path.write_bytes(gzip.compress(b"{}")[:-4])
    assert command_line.main(["solve", str(path)]) == 2
    assert "gzip" in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "nan"])
def test_a_time_limit_must_be_above_zero(folder, seconds):
    with pytest.raises(SystemExit) as stopped:
        command_line.main(["solve", str(folder / "problem.json"), "--time-limit", seconds])
    assert stopped.value.code == 2
