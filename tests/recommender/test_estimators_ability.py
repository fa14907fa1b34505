"""Adaptive assessments: what answers show, which question comes next, when to stop."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.estimators import ability as abilities
from recommender.estimators.ability import (
    UNKNOWN,
    Ability,
    Answer,
    Exposure,
    Item,
    StopReason,
)

ITEMS = [
    Item(id=f"{level}{name}", difficulty=abilities.difficulty_at(level), chance=0.25)
    for level in range(1, 6)
    for name in "abcd"
]


def chosen(items, **given):
    item = abilities.choose(items, **given)
    assert item
    return item


answers = st.lists(
    st.builds(
        Answer,
        item=st.builds(
            Item,
            id=st.text("abc", min_size=1, max_size=3),
            difficulty=st.floats(-4, 4),
            chance=st.sampled_from([0.0, 0.25, 0.5]),
        ),
        right=st.booleans(),
    ),
    max_size=12,
)


@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(given_answers, shuffler):
    shuffled = list(given_answers)
    shuffler.shuffle(shuffled)
    assert abilities.estimate(shuffled) == abilities.estimate(given_answers)


@given(answers)
def test_a_right_answer_never_lowers_and_a_wrong_one_never_raises(given_answers):
    item = Item(id="z", difficulty=0.3, chance=0.2)
    before = abilities.estimate(given_answers).mean
    assert abilities.estimate([*given_answers, Answer(item=item, right=True)]).mean >= before - 1e-9
    assert abilities.estimate([*given_answers, Answer(item=item, right=False)]).mean <= before + 1e-9


def test_no_answer_leaves_the_prior():
    found = abilities.estimate([])
    assert found.mean == pytest.approx(UNKNOWN.mean, abs=0.01)
    assert found.sd == pytest.approx(UNKNOWN.sd, abs=0.01)


def test_all_right_is_finite_and_high_and_all_wrong_is_low():
    best = abilities.estimate([Answer(item=item, right=True) for item in ITEMS])
    worst = abilities.estimate([Answer(item=item, right=False) for item in ITEMS])
    assert best.level == 5
    assert worst.level == 0


@pytest.mark.parametrize("item", ITEMS)
def test_information_is_the_squared_slope_over_the_variance_of_an_answer(item):
    step = 1e-5
    for at in (-2.0, 0.0, 1.5):
        slope = (
            abilities.chance_of_right(at + step, item=item) - abilities.chance_of_right(at - step, item=item)
        ) / (2 * step)
        right = abilities.chance_of_right(at, item=item)
        assert abilities.information(at, item=item) == pytest.approx(
            slope**2 / (right * (1 - right)), rel=1e-4
        )


def test_a_person_at_a_level_answers_its_items_right_twice_out_of_three():
    item = Item(id="a", difficulty=abilities.difficulty_at(4))
    assert abilities.chance_of_right(abilities.of_level(4, sd=1).mean, item=item) == pytest.approx(2 / 3)


def test_the_next_item_suits_the_person_and_was_not_asked():
    strong = Ability(mean=2.5, sd=0.4)
    first = chosen(ITEMS, ability=strong, asked=[], seed=1)
    assert first.id.startswith("5")
    rest = {item.id for item in ITEMS} - {"1a"}
    assert chosen(ITEMS, ability=strong, asked=rest, seed=1).id == "1a"
    assert abilities.choose(ITEMS, ability=strong, asked={item.id for item in ITEMS}, seed=1) is None


def test_the_choice_hangs_on_the_seed_and_not_on_the_order_of_the_bank():
    shuffled = random.Random(3).sample(ITEMS, len(ITEMS))
    one = [chosen(ITEMS, ability=UNKNOWN, asked=[], seed=seed).id for seed in range(20)]
    other = [chosen(shuffled, ability=UNKNOWN, asked=[], seed=seed).id for seed in range(20)]
    assert one == other
    assert len(set(one)) == 3


def test_an_item_shown_too_often_rests_until_nothing_else_is_left():
    often = Exposure(shown={"5a": 30, "5b": 30}, assessments=50, among=1)
    strong = Ability(mean=2.5, sd=0.4)
    assert chosen(ITEMS, ability=strong, asked=[], seed=1, exposure=often).id == "5c"
    others = {item.id for item in ITEMS} - {"5a", "5b"}
    assert chosen(ITEMS, ability=strong, asked=others, seed=1, exposure=often).id == "5a", (
        "everything that is left rests, so nothing does"
    )
    young = Exposure(shown={"5a": 9}, assessments=10, among=1)
    assert chosen(ITEMS, ability=strong, asked=[], seed=1, exposure=young).id == "5a"


def test_where_every_item_is_shown_often_the_most_shown_ones_rest():
    small = ITEMS[-6:]
    strong = Ability(mean=2.5, sd=0.4)
    shown = {item.id: 70 for item in small} | {"5a": 85, "5b": 78}
    often = Exposure(shown=shown, assessments=100, among=1)
    assert often.limit(small) == pytest.approx(1.1 * (4 * 70 + 85 + 78) / 600)
    assert chosen(small, ability=strong, asked=[], seed=1, exposure=often).id == "5b"


def test_it_stops_when_precise_when_long_and_when_nothing_is_left():
    sure, unsure = Ability(mean=0, sd=0.5), Ability(mean=0, sd=2)
    assert abilities.stop_reason(sure, asked=4, left=9) is None
    assert abilities.stop_reason(sure, asked=5, left=9) is StopReason.PRECISE
    assert abilities.stop_reason(unsure, asked=11, left=9) is None
    assert abilities.stop_reason(unsure, asked=12, left=9) is StopReason.LONG_ENOUGH
    assert abilities.stop_reason(unsure, asked=2, left=0) is StopReason.NOTHING_LEFT


def assess(true_ability, *, rng, items=ITEMS):
    given_answers: list[Answer] = []
    shown: dict[str, Item] = {}
    ability = UNKNOWN
    while abilities.stop_reason(ability, asked=len(shown), left=len(items) - len(shown)) is None:
        item = chosen(items, ability=ability, asked=shown, seed=int(rng.integers(2**31)))
        shown[item.id] = item
        right = rng.random() < abilities.chance_of_right(true_ability, item=item)
        given_answers.append(Answer(item=item, right=bool(right)))
        ability = abilities.estimate(given_answers)
    return ability, len(shown)


def test_simulated_people_are_found_again_and_the_uncertainty_is_honest():
    rng = np.random.default_rng(11)
    truth = rng.normal(UNKNOWN.mean, UNKNOWN.sd, 400)
    found = [assess(true, rng=rng) for true in truth]
    off = np.array([one.mean for one, _ in found]) - truth
    within = np.mean(np.abs(off) <= 1.645 * np.array([one.sd for one, _ in found]))
    assert 0.86 <= within <= 0.94, "a 90 % interval holds the truth in nine cases out of ten"
    assert np.sqrt(np.mean(off**2)) < 0.6 * UNKNOWN.sd
    assert np.mean([count for _, count in found]) < 11


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Item(id="a", difficulty=float("nan")),
        lambda: Item(id="a", difficulty=0, chance=1),
        lambda: Ability(mean=0, sd=0),
        lambda: abilities.difficulty_at(0),
        lambda: abilities.StopRule(fewest=5, most=4),
    ],
)
def test_values_that_make_no_sense_are_refused(bad):
    with pytest.raises(ValueError, match=r"expected|must|written"):
        bad()
