"""Hours a course takes: bounded, shrunk, and with trying again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.estimators import effort
from recommender.estimators.effort import Done

finished = st.lists(
    st.builds(
        Done,
        provider=st.sampled_from("ab"),
        learner=st.sampled_from("xyz"),
        declared=st.floats(1, 100),
        actual=st.floats(0.1, 1000),
    ),
    max_size=20,
)


@given(finished, st.randoms(use_true_random=False))
def test_hours_are_bounded_and_ordered_whatever_was_seen(done, shuffler):
    found = effort.fit(done).hours(10, provider="a", learner="x")
    assert 5 <= found.p50 <= found.p80 <= 25
    assert 5 <= found.mean <= 25
    shuffled = list(done)
    shuffler.shuffle(shuffled)
    assert effort.fit(shuffled) == effort.fit(done)


def test_a_slow_provider_is_found_and_a_single_course_hardly_counts():
    rng = np.random.default_rng(1)
    many = [
        Done(provider=name, learner=str(n), declared=10, actual=10 * factor * np.exp(rng.normal(0, 0.2)))
        for n in range(300)
        for name, factor in (("slow", 1.6), ("plain", 1.0))
    ]
    found = effort.fit(many)
    assert found.hours(10, provider="slow").p50 == pytest.approx(16, abs=0.7)
    assert found.hours(10, provider="plain").p50 == pytest.approx(10, abs=0.7)
    one = effort.fit([Done(provider="slow", learner="x", declared=10, actual=20)])
    assert one.hours(10, provider="slow").p50 < 11


def test_a_quarter_of_people_beyond_p80_would_be_noticed():
    rng = np.random.default_rng(3)
    factors = np.exp(rng.normal(0.2, 0.3, 2000))
    many = [Done(provider="p", learner=str(n), declared=10, actual=10 * one) for n, one in enumerate(factors)]
    found = effort.fit(many).hours(10, provider="p")
    assert np.mean(10 * factors <= found.p80) == pytest.approx(0.8, abs=0.03)


@given(st.floats(0, 1), st.floats(0, 1))
def test_expected_effort_falls_with_the_chance_and_is_bounded(one, other):
    low, high = sorted((one, other))
    assert 10 <= effort.with_retry(10, completion=high) <= effort.with_retry(10, completion=low) <= 30


def test_values_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="probability"):
        effort.with_retry(10, completion=1.5)
    with pytest.raises(ValueError, match="hours"):
        Done(provider="p", learner="x", declared=0, actual=1)


def test_a_long_course_is_told_apart_from_its_provider():
    rng = np.random.default_rng(5)
    many = [
        Done(
            provider="p",
            course=course,
            learner=str(n),
            declared=10,
            actual=10 * factor * np.exp(rng.normal(0, 0.2)),
        )
        for n in range(200)
        for course, factor in (("long", 1.8), ("plain", 1.0), ("usual", 1.0))
    ]
    found = effort.fit(many)
    assert found.hours(10, provider="p", course="long").p50 == pytest.approx(18, abs=1)
    assert found.hours(10, provider="p", course="plain").p50 == pytest.approx(10, abs=0.7)
    assert found.hours(10, provider="p").p50 < 14


def test_an_empty_name_is_nobodys():
    found = effort.fit([Done(provider="", learner="", declared=10, actual=20)])
    assert (found.providers, found.courses, found.learners) == ({}, {}, {})


def test_a_persons_pace_is_what_courses_and_providers_do_not_explain():
    known = effort.Effort(providers={"p": np.log(1.5)}, courses={"c": np.log(1.2)})
    usual = Done(provider="p", course="c", learner="x", declared=10, actual=18)
    assert known.pace([usual] * 30) == pytest.approx(0)
    slow = Done(provider="p", course="c", learner="x", declared=10, actual=36)
    assert 0 < known.pace([slow]) < known.pace([slow] * 30) < np.log(2)
