"""Demand: shares, trends, and roles that demand must not push out of sight."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.estimators import demand
from recommender.estimators.demand import Direction, Month, Posting, Priority, Trend

DAY = date(2026, 3, 1)


def posting(number, *, after=0, title="Data engineer", employer="Acme"):
    return Posting(
        id=str(number),
        employer=employer,
        title=title,
        role="r",
        skills=frozenset(),
        posted_on=DAY + timedelta(days=after),
    )


def months(mentions, *, postings=1000):
    return [Month(mentions=one, postings=postings) for one in mentions]


def test_a_posting_repeated_within_thirty_days_counts_once():
    given_postings = [
        posting(1),
        posting(2, after=29, title="DATA  engineer"),
        posting(3, after=30),
        posting(4, employer="Bolt"),
    ]
    assert [one.id for one in demand.without_repeats(given_postings)] == ["1", "4", "3"]
    assert demand.without_repeats(given_postings[::-1]) == demand.without_repeats(given_postings)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_interval_holds_the_share_and_narrows_with_data(mentions, others):
    found = demand.share(mentions, postings=mentions + others)
    assert 0 <= found.low <= found.mean <= found.high <= 1
    tenfold = demand.share(10 * mentions, postings=10 * (mentions + others))
    assert tenfold.high - tenfold.low <= found.high - found.low + 1e-9


def test_few_postings_give_no_index():
    assert demand.index(demand.share(5, postings=29), average=0.1) is None
    assert demand.index(demand.share(5, postings=30), average=0.1) is not None


def test_more_mentions_than_postings_are_refused():
    with pytest.raises(ValueError, match="mentions"):
        demand.share(3, postings=2)


def test_a_clear_rise_and_fall_are_named_with_their_growth():
    rise = demand.trend(months([round(50 * 1.5 ** (place / 12)) for place in range(24)]))
    assert rise.direction is Direction.RISING
    assert rise.growth == pytest.approx(0.5, abs=0.03)
    fall = demand.trend(months([round(90 * 0.6 ** (place / 12)) for place in range(24)]))
    assert fall.direction is Direction.FALLING


@pytest.mark.parametrize(
    "counts", [[5] * 5, [1] * 12, [20, 22, 19, 21, 20, 18, 22, 20], [0] * 12, []], ids=str
)
def test_little_or_steady_data_is_not_enough(counts):
    assert demand.trend(months(counts)).direction is Direction.NOT_ENOUGH_DATA


def test_a_month_without_postings_keeps_its_place():
    full = [Month(mentions=round(50 * 1.5 ** (place / 12)), postings=1000) for place in range(24)]
    holed = [Month(mentions=0, postings=0) if place == 7 else one for place, one in enumerate(full)]
    assert demand.trend(holed).growth == pytest.approx(demand.trend(full).growth, abs=0.02)


def test_among_many_skills_a_lone_small_p_value_is_not_believed():
    def one(p_value):
        return Trend(growth=0.1, low=0.01, high=0.2, p_value=p_value, direction=Direction.RISING)

    trends = {"lucky": one(0.03)} | {str(number): one(0.5) for number in range(19)}
    assert demand.directions(trends)["lucky"] is Direction.NOT_ENOUGH_DATA
    assert demand.directions({"alone": one(0.03)})["alone"] is Direction.RISING
    assert demand.directions({"sure": one(0.0001)} | trends)["sure"] is Direction.RISING


def test_foundation_roles_with_three_postings_in_thirty_thousand_never_vanish():
    """As in a real collection of postings: the market hardly names the roles that the strategy wants."""
    wanted = Priority(value=0.9, source="strategy paper", stated_on=DAY)
    ordinary = {f"role-{number}": 100 * (number + 1) for number in range(30)} | {"data-engineer": 12_000}
    found = demand.ranked(
        ordinary | {"compiler-engineer": 3},
        priorities={"compiler-engineer": wanted, "chip-designer": wanted},
    )
    assert [one.role for one in found[:2]] == ["chip-designer", "compiler-engineer"]
    assert {one.role for one in found} == {*ordinary, "compiler-engineer", "chip-designer"}
    assert found[0].demand == 0, "no postings are no evidence against a role"


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 10**6), max_size=8))
def test_no_role_is_ever_left_out_and_demand_stays_within_its_reach(postings):
    found = demand.ranked(postings, priorities={})
    assert {one.role for one in found} == set(postings)
    assert all(abs(one.demand) <= demand.DEMAND_REACH + 1e-12 for one in found)


def test_an_overdispersed_series_widens_its_interval():
    rng = np.random.default_rng(2)
    calm = demand.trend(months([60] * 24))
    wild = demand.trend(months(rng.choice([10, 110], size=24).tolist()))
    assert calm.low
    assert calm.high
    assert wild.low
    assert wild.high
    assert wild.high - wild.low > 3 * (calm.high - calm.low)
