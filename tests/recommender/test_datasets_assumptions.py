"""The assumptions about attempts: complete, possible, worded in both languages."""

import shutil
from pathlib import Path

import pytest

from recommender import datasets
from recommender.errors import MalformedInputError
from recommender.estimators import effort
from recommender.estimators.completion import ASSUMPTIONS

FIXTURES = Path(__file__).parents[2] / "fixtures"
FILE = Path("estimates") / "assumptions.csv"


def test_the_fixture_says_what_the_estimators_assume_by_themselves():
    found = datasets.load_assumptions(FIXTURES)
    assert found.completion == ASSUMPTIONS
    assert (found.hours_spread, found.hours_strength) == (effort.ASSUMED_SPREAD, effort.SHRINK)
    assert found.redone == effort.REDONE
    assert all("ssumption" in label.en and "假设" in label.zh for label in found.basis.values())


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("short-free,0.6", "short-free,1.6", "between"),
        ("short-free,0.6", "short-free,many", "number"),
        ("short-free,0.6", "brief-free,0.6", "brief-free"),
        ("redone,,0.5", "redoing,,0.5", "redoing"),
        ("medium-free,0.45", "short-free,0.45", "twice"),
    ],
)
def test_an_impossible_figure_is_named(tmp_path, old, new, complaint):
    shutil.copytree(FIXTURES / "estimates", tmp_path / "estimates")
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MalformedInputError, match=complaint):
        datasets.load_assumptions(tmp_path)
