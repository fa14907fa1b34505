"""`evaluate completion` on cohorts made here, in OULAD's files."""

import csv
import gzip
import json

import numpy as np
import pytest

from recommender import __main__ as command_line
from recommender.estimators import completion

INFO = [
    *("code_module", "code_presentation", "id_student", "gender", "region", "highest_education"),
    *("imd_band", "age_band", "num_of_prev_attempts", "studied_credits", "disability", "final_result"),
]
REGISTRATION = ["code_module", "code_presentation", "id_student", "date_registration", "date_unregistration"]


def write(path, header, rows):
    with gzip.open(path, "wt", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture
def folder(tmp_path):
    """Two modules in two cohorts, a third one only in the later; who repeats fails more often."""
    rng = np.random.default_rng(8)
    info, registration = [], []
    for module, cohort in [("AAA", "1"), ("BBB", "1"), ("AAA", "2"), ("BBB", "2"), ("CCC", "2")]:
        for number in range(300):
            before = int(rng.integers(0, 3))
            ended = "Pass" if rng.random() < 0.85 - 0.3 * before else ("Fail", "Withdrawn")[number % 2]
            who = f"{module}{cohort}{number}"
            about = ["MF"[number % 2], "r", "HE Qualification", "0-10%", "0-35", before, 60, "N", ended]
            info.append([module, cohort, who, *about])
            registration.append([module, cohort, who, -int(rng.integers(0, 100)), ""])
    write(tmp_path / "studentInfo.csv.gz", INFO, info)
    write(tmp_path / "studentRegistration.csv.gz", REGISTRATION, registration)
    (tmp_path / "courses.csv").write_text(
        "code_module,code_presentation,module_presentation_length\nAAA,1,240\nAAA,2,268\n"
    )
    return tmp_path


def evaluate(folder, *more, train="1", test="2"):
    return command_line.main(
        ["evaluate", "completion", "--train", f"{folder}:{train}", "--test", f"{folder}:{test}", *more]
    )


def test_it_reports_model_base_rates_groups_and_the_cold_start_apart(folder, capsys):
    assert evaluate(folder, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["n_train"] == 600
    assert report["model"]["n"] == 600
    assert report["model"]["auc"]["low"] > 0.6 > report["course_base_rate"]["auc"]["high"]
    assert report["cold_start"]["courses"] == ["CCC"]
    assert report["cold_start"]["model"]["n"] == 300
    assert set(report["groups"]["gender"]["by"]) == {"M", "F"}
    assert report["promotion"]["promoted"]


def test_the_same_command_gives_the_same_report_as_text_too(folder, capsys):
    evaluate(folder)
    first = capsys.readouterr().out
    evaluate(folder)
    assert capsys.readouterr().out == first
    assert "cold start: CCC" in first


def test_the_model_it_writes_is_the_one_its_card_describes(folder, tmp_path, capsys):
    assert evaluate(folder, "--out", str(tmp_path / "model")) == 0
    card = json.loads((tmp_path / "model" / "completion.card.json").read_text())
    text = (tmp_path / "model" / "completion.json").read_text()
    model = completion.CompletionModel.from_json(text, sha256=card["sha256"])
    assert list(model.features) == card["features"]
    assert not completion.PROTECTED & set(card["features"])


@pytest.mark.parametrize("cohort", ["3", "1,3"])
def test_an_unknown_cohort_is_named(folder, cohort, capsys):
    assert evaluate(folder, train=cohort) == 2
    assert "3" in capsys.readouterr().err


def test_a_missing_file_and_a_bad_result_are_named(folder, capsys):
    (folder / "courses.csv").unlink()
    assert evaluate(folder) == 2
    assert "courses" in capsys.readouterr().err
