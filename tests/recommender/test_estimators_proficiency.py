"""Level over time: what holds for all evidence, and what each kind does."""

import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain import HalfLife
from recommender.estimators import proficiency
from recommender.estimators.proficiency import Clocks, Kind, Observation, Role

DAY = date(2026, 1, 1)
TODAY = date(2027, 1, 1)


def seen(kind, level, *, day=DAY, **more):
    name = f"{kind}-{level}-{day}"
    return Observation(id=name, kind=kind, level=level, on=day, **more)


def estimate(*observations, on_date=DAY, half_life=HalfLife.TOOL, **more):
    return proficiency.estimate(observations, on_date=on_date, half_life=half_life, **more)


observation = st.builds(
    Observation,
    id=st.text("abcdef", min_size=4, max_size=8),
    kind=st.sampled_from(Kind),
    level=st.integers(0, 5),
    on=st.dates(date(2020, 1, 1), TODAY),
)
histories = st.lists(observation, max_size=8)
half_lives = st.sampled_from(HalfLife)


@settings(max_examples=300)
@given(histories, observation, half_lives, st.integers(0, 2000))
def test_more_evidence_never_raises_the_variance(history, more, half_life, days):
    day = TODAY + timedelta(days=days)
    before = proficiency.estimate(history, on_date=day, half_life=half_life).variance
    after = proficiency.estimate([*history, more], on_date=day, half_life=half_life).variance
    assert after <= before + 1e-9


@given(histories, half_lives, st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_changes_nothing(history, half_life, shuffler):
    shuffled = list(history)
    shuffler.shuffle(shuffled)
    given_day = {"on_date": TODAY, "half_life": half_life}
    assert proficiency.estimate(shuffled, **given_day) == proficiency.estimate(history, **given_day)


@given(histories, half_lives, st.lists(st.integers(0, 4000), min_size=2, max_size=6))
def test_without_new_evidence_level_and_reading_only_fall(history, half_life, days):
    found = [
        proficiency.estimate(history, on_date=TODAY + timedelta(days=one), half_life=half_life)
        for one in sorted(days)
    ]
    for earlier, later in itertools.pairwise(found):
        assert later.mean <= earlier.mean + 1e-12
        assert later.value <= earlier.value + 1e-12
        assert later.variance >= earlier.variance - 1e-12
        assert later.reading <= earlier.reading


@given(histories, half_lives, st.integers(0, 4000))
def test_fading_is_continuous(history, half_life, days):
    day = TODAY + timedelta(days=days)
    now = proficiency.estimate(history, on_date=day, half_life=half_life)
    next_day = proficiency.estimate(history, on_date=day + timedelta(days=1), half_life=half_life)
    # In one day at most level 5 times 1 - 2 ** (-1 / 547).
    assert abs(next_day.mean - now.mean) <= 0.0065
    assert abs(next_day.value - now.value) <= 0.0065


@given(histories, half_lives, st.integers(0, 4000))
def test_the_reading_lies_below_the_verified_floor_only_openly(history, half_life, days):
    found = proficiency.estimate(history, on_date=TODAY + timedelta(days=days), half_life=half_life)
    assert found.reading >= found.floor or found.due_for_refresh or found.is_contested


@given(histories, half_lives)
def test_the_contributions_add_up_to_the_mean(history, half_life):
    found = proficiency.estimate(history, on_date=TODAY, half_life=half_life)
    assert len(found.contributions) == len(history)
    total = sum(one.weight * one.observation.level for one in found.contributions)
    assert total - found.faded == pytest.approx(found.mean)
    if found.variance < proficiency.MOST_VARIANCE:
        assert sum(one.weight for one in found.contributions) == pytest.approx(1)


@pytest.mark.parametrize("kind", [one for one in Kind if one is not Kind.FAILED_COURSE])
@pytest.mark.parametrize("level", [1, 3, 5])
def test_one_fresh_piece_of_evidence_reads_as_itself(kind, level):
    assert estimate(seen(kind, level)).reading == level


levels, variances = st.floats(0, 5), st.floats(0, 3)


@given(levels, levels, variances, variances)
def test_the_reading_never_rises_with_the_variance_nor_falls_with_the_value(one, other, sure, unsure):
    low, high, little, much = min(one, other), max(one, other), min(sure, unsure), max(sure, unsure)
    assert proficiency.reading(low, variance=much) <= proficiency.reading(low, variance=little)
    assert proficiency.reading(low, variance=much) <= proficiency.reading(high, variance=much)


def test_nothing_known_is_level_zero_and_wide():
    found = estimate()
    assert (found.reading, found.mean, found.variance) == (0, 0, proficiency.MOST_VARIANCE)


def test_a_course_lifts_and_never_lowers():
    said = seen(Kind.SELF_REPORT, 1)
    later = DAY + timedelta(days=60)
    assert estimate(said, seen(Kind.COURSE, 3, day=later), on_date=later).reading == 3
    strong = seen(Kind.ASSESSMENT, 4, day=later)
    found = estimate(strong, seen(Kind.COURSE, 2, day=later), on_date=later)
    assert found.reading == 4
    assert {one.role for one in found.contributions} == {Role.COUNTED, Role.LOWERS_NOTHING}


def test_negative_evidence_counts():
    said = seen(Kind.SELF_REPORT, 4)
    assert estimate(said, seen(Kind.ASSESSMENT, 1)).reading < 3
    contested = estimate(
        seen(Kind.ASSESSMENT, 4), seen(Kind.MANAGER, 1, day=DAY + timedelta(1)), on_date=TODAY
    )
    assert contested.is_contested
    later = estimate(
        seen(Kind.ASSESSMENT, 4), seen(Kind.ASSESSMENT, 2, day=DAY + timedelta(1)), on_date=DAY + timedelta(1)
    )
    assert later.floor == 2


def test_a_failed_course_lowers_and_alone_proves_nothing():
    said = seen(Kind.SELF_REPORT, 4)
    failed = seen(Kind.FAILED_COURSE, 2)
    assert estimate(said, failed).reading < 4
    assert (estimate(failed).reading, estimate(failed).variance) == (0, proficiency.MOST_VARIANCE)
    beginner = estimate(seen(Kind.SELF_REPORT, 1), failed)
    assert beginner.mean == 1
    assert [one.role for one in beginner.contributions] == [Role.COUNTED, Role.RAISES_NOTHING]


@given(histories, half_lives, st.integers(0, 5), st.sampled_from([Kind.COURSE, Kind.CERTIFICATE]))
def test_whoever_finishes_a_course_reads_at_least_its_level_that_day(history, half_life, level, kind):
    found = proficiency.estimate([*history, seen(kind, level, day=TODAY)], on_date=TODAY, half_life=half_life)
    assert found.reading >= level


def test_ones_own_lower_word_counts_in_full_and_a_higher_one_in_part():
    passed, later = seen(Kind.ASSESSMENT, 3), DAY + timedelta(days=30)
    assert estimate(passed, seen(Kind.SELF_REPORT, 1, day=later), on_date=later).reading == 1
    assert estimate(passed, seen(Kind.SELF_REPORT, 5, day=later), on_date=later).reading == 3


def test_a_later_word_of_ones_own_counts_whatever_day_it_speaks_of():
    first = seen(Kind.SELF_REPORT, 4, day=TODAY, recorded=1)
    again = seen(Kind.CV, 2, day=DAY, recorded=2)
    found = estimate(first, again, on_date=TODAY)
    assert found.contributions[0].observation == again
    assert {one.role for one in found.contributions} == {Role.COUNTED, Role.OVERTAKEN}
    bosses = seen(Kind.MANAGER, 4, day=TODAY, recorded=1), seen(Kind.MANAGER, 2, day=DAY, recorded=2)
    assert estimate(*bosses, on_date=TODAY).mean == 4


def test_a_course_below_the_level_does_not_make_it_fresh_again():
    said, later = seen(Kind.SELF_REPORT, 4), DAY + timedelta(days=200)
    alone = estimate(said, on_date=later)
    with_course = estimate(said, seen(Kind.COURSE, 2, day=later), on_date=later)
    assert with_course.currency == alone.currency
    assert with_course.mean == alone.mean


@given(histories, half_lives, st.integers(0, 3000))
def test_the_state_left_behind_tells_every_later_day(history, half_life, days):
    day = TODAY + timedelta(days=days)
    clocks = proficiency.DEFAULT_CLOCKS
    state = proficiency.follow(history, half_life=half_life, clocks=clocks).state
    kept = proficiency.at(state, on_date=day, half_life=half_life, clocks=clocks)
    whole = proficiency.estimate(history, on_date=day, half_life=half_life)
    assert (kept.mean, kept.variance, kept.reading) == (whole.mean, whole.variance, whole.reading)
    if state:
        then = proficiency.estimate(history, on_date=max(one.on for one in history), half_life=half_life)
        assert 0 <= state.shown_level <= 5
        assert then.reading <= max(state.shown_level, state.floor)


def test_withdrawn_evidence_is_as_if_it_had_never_been_and_is_still_listed():
    said, passed = seen(Kind.SELF_REPORT, 2), seen(Kind.ASSESSMENT, 4)
    found = estimate(said, replace(passed, withdrawn=True))
    assert (found.mean, found.variance, found.floor) == (2, estimate(said).variance, 0)
    assert {one.role for one in found.contributions} == {Role.COUNTED, Role.WITHDRAWN}


def test_ones_own_later_word_overtakes_the_earlier():
    later = DAY + timedelta(days=30)
    found = estimate(seen(Kind.SELF_REPORT, 2), seen(Kind.SELF_REPORT, 4, day=later), on_date=later)
    assert found.reading == 4


def test_using_a_skill_stops_disuse_but_not_currency():
    idle = estimate(seen(Kind.SELF_REPORT, 4), on_date=TODAY)
    used = estimate(seen(Kind.SELF_REPORT, 4, used_until=TODAY), on_date=TODAY)
    assert used.mean == 4 > idle.mean
    assert used.currency == idle.currency < 1


def test_a_verified_level_stays_and_is_said_to_be_due():
    passed = seen(Kind.ASSESSMENT, 4)
    soon, late = DAY + timedelta(days=90), DAY + timedelta(days=900)
    assert estimate(passed, on_date=soon).reading == 4
    found = estimate(passed, on_date=late)
    assert found.mean == 4
    assert found.due_for_refresh
    assert found.reading < 4


def test_an_organisation_may_set_its_own_half_lives():
    slow = Clocks(disuse=dict.fromkeys(HalfLife, 240), currency=dict.fromkeys(HalfLife, 240))
    said = seen(Kind.SELF_REPORT, 4)
    assert estimate(said, on_date=TODAY, clocks=slow).mean > estimate(said, on_date=TODAY).mean
    with pytest.raises(ValueError, match="above zero"):
        Clocks(disuse=dict.fromkeys(HalfLife, 0))


def test_what_lapses_before_a_day_is_found_to_the_day():
    history = [seen(Kind.ASSESSMENT, 4)]
    before = DAY + timedelta(days=1500)
    found = proficiency.lapses(history, start=DAY, before=before, half_life=HalfLife.TOOL)
    assert found
    for lapse in found:
        assert estimate(*history, on_date=lapse.on).reading == lapse.to_level
        assert estimate(*history, on_date=lapse.on - timedelta(days=1)).reading == lapse.level
    assert proficiency.lapses(history, start=DAY, before=DAY, half_life=HalfLife.TOOL) == ()
