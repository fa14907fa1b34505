"""The simulation of assessments on the shipped bank: honest uncertainty, a stop rule and limits that hold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recommender import __main__ as command_line
from recommender.datasets import item_bank
from recommender.datasets.item_bank import ItemBank
from recommender.estimators import ability
from recommender.estimators.ability import StopRule
from recommender.evaluation import assessments
from recommender.evaluation.assessments import Sat, Setting

SHIPPED = Path(__file__).parents[2] / "fixtures" / "assessments" / "foundation-and-core.jsonl"
RUNS = 150


@pytest.fixture(scope="module")
def shipped() -> ItemBank:
    return item_bank.load(SHIPPED)


def sat(bank: ItemBank, *, setting: Setting, skill: str = "cpp", seed: int = 3) -> list[Sat]:
    items = [item.measured() for item in bank.items if item.skill == skill]
    return assessments.simulate(items, setting=setting, runs=RUNS, rng=np.random.default_rng(seed))


def report(bank: ItemBank, setting: Setting) -> dict[str, float]:
    found = {skill: sat(bank, setting=setting, skill=skill) for skill in ("cpp", "python", "cuda")}
    return assessments.summary(found, sizes=dict.fromkeys(found, 14 * setting.copies))


@pytest.fixture(scope="module")
def as_shipped(shipped: ItemBank) -> dict[str, float]:
    return report(shipped, Setting())


def test_the_interval_holds_the_truth_and_the_error_is_below_one_level(as_shipped):
    assert 0.86 <= as_shipped["within_90"] <= 0.94
    assert as_shipped["rmse_levels"] <= 0.95
    assert as_shipped["within_one_level"] >= 0.9


def test_misjudged_difficulties_are_survived(shipped):
    found = report(shipped, Setting(misjudged=0.6))
    assert found["rmse_levels"] <= 1.0
    assert found["within_90"] >= 0.82


def test_the_stop_rule_is_kept_and_saves_items(as_shipped, shipped):
    lengths = {len(one.items) for one in sat(shipped, setting=Setting())}
    assert min(lengths) >= ability.STOP_RULE.fewest
    assert max(lengths) <= ability.STOP_RULE.most
    assert as_shipped["items_mean"] < ability.STOP_RULE.most - 1
    short = report(shipped, Setting(rule=StopRule(fewest=5, most=5)))
    assert short["rmse_levels"] > as_shipped["rmse_levels"], "five items alone are not enough"


def test_choosing_by_information_needs_fewer_items_than_chance(as_shipped, shipped):
    at_random = report(shipped, Setting(adaptive=False, control=False))
    assert as_shipped["items_mean"] < at_random["items_mean"] - 0.3


def test_exposure_control_keeps_the_limit(as_shipped, shipped):
    free = report(shipped, Setting(control=False))
    assert free["exposure_max"] >= 0.9
    assert as_shipped["exposure_max"] <= 0.85
    assert as_shipped["never_shown"] == 0
    large = report(shipped, Setting(copies=3))
    assert large["exposure_max"] <= 0.45, "a bank large enough keeps the limit of 0.4, but for the first few"


def test_nobody_is_asked_the_same_twice_and_equal_seeds_give_equal_runs(shipped):
    one, again = (sat(shipped, setting=Setting()) for _ in range(2))
    assert one == again
    assert all(len(set(person.items)) == len(person.items) for person in one)


def test_the_command_prints_every_setting(capsys):
    code = command_line.main(["evaluate", "assessments", "--bank", str(SHIPPED), "--runs", "50", "--json"])
    assert code == 0
    found = json.loads(capsys.readouterr().out)
    assert found.keys() == assessments.SETTINGS.keys()
    assert all(one["people"] == 9 * 50 for one in found.values())
