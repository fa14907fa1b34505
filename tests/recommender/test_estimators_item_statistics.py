"""Statistics of items: a misjudged difficulty is found, a wrong key shows, and hints are seldom false."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.estimators import ability as abilities
from recommender.estimators import item_statistics
from recommender.estimators.ability import Item
from recommender.estimators.item_statistics import Hint, Rating, Response


def test_elo_and_the_statistics_find_a_misjudged_difficulty():
    rng = np.random.default_rng(5)
    true = Item(id="a", difficulty=1.0, chance=0.25)
    people = rng.normal(0, 1.5, 800)
    rights = rng.random(800) < [abilities.chance_of_right(one, item=true) for one in people]
    rating = Rating(difficulty=-0.5)
    for person, right in zip(people, rights, strict=True):
        rating = item_statistics.rated(rating, ability=person, right=bool(right), chance=0.25)
    assert rating.difficulty == pytest.approx(1.0, abs=0.45)
    responses = [Response(ability=a, right=bool(r)) for a, r in zip(people, rights, strict=True)]
    found = item_statistics.measure(Item(id="a", difficulty=-0.5, chance=0.25), responses=responses)
    assert found.difficulty == pytest.approx(1.0, abs=3 * found.difficulty_sd)
    assert found.answers == 800
    assert found.discrimination
    assert found.discrimination > 0.3
    assert found.outfit == pytest.approx(1, abs=0.15)


def test_a_wrong_key_shows_as_negative_discrimination():
    responses = [Response(ability=one, right=one < 0) for one in np.linspace(-2, 2, 40)]
    found = item_statistics.measure(Item(id="a", difficulty=0), responses=responses)
    assert found.discrimination
    assert found.discrimination < 0


def hints(*, right_key: bool, people: int, runs: int = 300) -> list[Hint | None]:
    """Of simulated items with four options; with a wrong key, the recorded right option is a distractor."""
    rng = np.random.default_rng(8)
    item = Item(id="a", difficulty=-0.7, chance=0.25)
    found = []
    for _ in range(runs):
        # What other answers show of a person is off by about one logit.
        truth = rng.normal(-0.7, 1.2, people)
        believed = truth + rng.normal(0, 1.0, people)
        knows = rng.random(people) < [abilities.chance_of_right(one, item=item) for one in truth]
        rights = knows if right_key else ~knows & (rng.random(people) < 1 / 3)
        responses = [Response(ability=a, right=bool(r)) for a, r in zip(believed, rights, strict=True)]
        found.append(item_statistics.measure(item, responses=responses).hint)
    return found


def test_a_good_item_is_seldom_suspected_and_a_wrong_key_mostly():
    good, wrong = hints(right_key=True, people=30), hints(right_key=False, people=100)
    assert good.count(Hint.CHECK_KEY) <= 0.03 * len(good)
    assert hints(right_key=True, people=100).count(Hint.CHECK_KEY) == 0
    assert wrong.count(Hint.CHECK_KEY) >= 0.7 * len(wrong)


def test_a_measured_difficulty_is_told_in_levels():
    found = item_statistics.measure(Item(id="a", difficulty=abilities.difficulty_at(4)), responses=[])
    assert found.level == pytest.approx(4)
    assert found.level_sd == pytest.approx(0.8, abs=0.01)
    assert found.hint is None
