"""Metrics by hand, and the evaluation of linking from files to JSON."""

from __future__ import annotations

import json
import zipfile

import pytest

from recommender.__main__ import main
from recommender.errors import MalformedInputError
from recommender.evaluation import ranking_metrics as metrics
from recommender.evaluation.gold_labels import read_gold

GOLD = """sentence,label
You cooperate with your colleagues,work in teams
You cooperate with your colleagues,LABEL NOT PRESENT
We need Python and risk management,Python 
We need Python and risk management,manage risks
Nothing at all,UNDERSPECIFIED
"""  # noqa: W291
SKILLS = """conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description
u1,skill/competence,transversal,work in teams,"teamwork
cooperate with colleagues",Work with others.
u2,knowledge,cross-sector,Python ,,A language.
u3,skill/competence,cross-sector,manage risks,risk management,Reduce what may go wrong.
u4,skill/competence,sector-specific,milk animals,,Milk cows.
"""


def test_r_precision_divides_by_what_could_be_hit():
    assert metrics.r_precision_at(["a", "x", "b"], {"a", "b", "c"}, k=1) == 1
    assert metrics.r_precision_at(["a", "x", "b"], {"a", "b", "c"}, k=5) == pytest.approx(2 / 3)
    assert metrics.recall_at(["a", "x", "b"], {"a", "b"}, k=2) == 0.5
    assert metrics.reciprocal_rank(["x", "a"], {"a"}) == 0.5
    assert metrics.reciprocal_rank(["x"], {"a"}) == 0


def test_calibration_error_is_the_mean_gap_of_the_bins():
    assert metrics.calibration_error([0.9, 0.9, 0.1, 0.1], [True, True, False, False]) == pytest.approx(0.1)
    assert metrics.calibration_error([], []) == 0


def test_an_interval_resamples_whole_groups():
    values, groups = [1.0] * 50 + [0.0] * 50, ["one"] * 50 + ["other"] * 50
    assert metrics.interval(values, groups, seed=1) == (0.0, 1.0)
    low, high = metrics.interval(values, [str(n) for n in range(100)], seed=1)
    assert 0.35 < low < 0.5 < high < 0.65


def test_special_labels_and_blanks_are_dropped(tmp_path):
    file = tmp_path / "gold.csv"
    file.write_text(GOLD, encoding="utf-8")
    assert read_gold(file) == {
        "You cooperate with your colleagues": {"work in teams"},
        "We need Python and risk management": {"Python", "manage risks"},
    }


def test_a_file_without_the_columns_is_refused(tmp_path):
    file = tmp_path / "gold.csv"
    file.write_text("text,skill\na,b\n", encoding="utf-8")
    with pytest.raises(MalformedInputError, match="expected columns"):
        read_gold(file)


@pytest.mark.parametrize("kind", ["zip", "list"])
def test_linking_is_measured_from_a_zip_and_from_a_list(tmp_path, capsys, kind):
    gold = tmp_path / "own_gold.csv"
    gold.write_text(GOLD, encoding="utf-8")
    targets = tmp_path / "targets"
    if kind == "zip":
        with zipfile.ZipFile(targets, "w") as archive:
            archive.writestr("skills_en.csv", SKILLS)
    else:
        targets.write_text("work in teams\nPython\nmanage risks\nmilk animals\n", encoding="utf-8")
    command = ["evaluate", "linking", "--targets", str(targets), "--gold", str(gold), "--encoder", "none"]
    assert main([*command, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"average", "own_gold"}
    assert report["own_gold"]["n"] == 2
    assert set(metrics.METRICS) <= set(report["average"])
    assert report["average"]["r@10"] == 100
    assert main(command) == 0
    assert "own_gold (n=2)" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["titles", "phrases"])
def test_our_own_sets_are_measured(capsys, name):
    assert main(["evaluate", name, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["n"] > 50
    assert report["top-1"] <= report["top-5"]
