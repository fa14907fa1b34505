"""Reasons and dates of a plan, as data."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender import explain, gaps
from recommender.domain import Profile, Role
from recommender.errors import MalformedInputError
from recommender.estimators import decay
from recommender.planning import schedule
from tests.recommender.planning_cases import course, problem

CASE = problem(
    course("basics", {"python": 2}, hours=20),
    course("ml", {"ml": 3, "python": 3}, requires={"python": 2}, hours=30),
    course("ml-too", {"ml": 3, "python": 3}, requires={"python": 1}, hours=99),
    goal={"ml": 3},
)
MONDAY = date(2026, 11, 23)


def test_a_step_says_what_it_gains_opens_and_who_could_stand_in():
    basics, ml = explain.explain(CASE, ["basics", "ml"])
    assert basics.gains == (explain.Gain(skill="python", before=0, after=2, needed=None),)
    assert basics.opens == (explain.Opening(course="ml", skills=("python",)),)
    assert basics.on_every_route
    assert ml.gains[0] == explain.Gain(skill="ml", before=0, after=3, needed=3)
    assert not ml.on_every_route
    assert ml.alternatives == ("ml-too",)


def test_courses_follow_each_other_without_holes():
    first, second = schedule.schedule(CASE, ["basics", "ml"], hours_per_week=10, start=MONDAY)
    assert (first.starts_on, first.ends_on) == (MONDAY, MONDAY + timedelta(days=13))
    assert (first.first_week, first.last_week) == (1, 2)
    assert second.starts_on == MONDAY + timedelta(days=14)
    assert second.last_week == 5


@pytest.mark.parametrize("hours", [0, -3, 81])
def test_hours_per_week_out_of_range_are_refused(hours):
    with pytest.raises(MalformedInputError, match="hours per week"):
        schedule.schedule(CASE, ["basics"], hours_per_week=hours, start=MONDAY)


def test_coverage_counts_levels_by_weight_and_never_above_the_need():
    role = Role(id="r", requires={"a": 4, "b": 2}, weights={"a": 3, "b": 1})
    assert gaps.coverage(role, Profile(levels={})) == 0
    assert gaps.coverage(role, Profile(levels={"a": 2, "b": 5})) == 57
    assert gaps.coverage(role, Profile(levels={"a": 5, "b": 5})) == 100
    assert [gap.skill for gap in gaps.gaps(role, Profile(levels={"b": 1}))] == ["a", "b"]


@given(st.integers(1, 5), st.sampled_from([18, 48, 120]))
def test_a_skill_lapses_on_the_first_day_its_decayed_level_is_below_the_half_step(level, months):
    days = decay.days_until_lapse(level, half_life_months=months)
    half_life = decay.half_life_days(months)

    def is_lapsed(day):
        return (2 * level) ** half_life < (2 * level - 1) ** half_life << day

    assert is_lapsed(days)
    assert not is_lapsed(days - 1)


def test_tools_lapse_before_foundations():
    tool = decay.lapses_on(3, as_of=MONDAY, half_life_months=18)
    foundation = decay.lapses_on(3, as_of=MONDAY, half_life_months=120)
    assert MONDAY < tool < foundation
