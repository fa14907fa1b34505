"""Completion: assumptions, then counts, then a model that must earn its place."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import InvalidValueError, MalformedInputError
from recommender.estimators import completion
from recommender.estimators.completion import ASSUMPTIONS, BOUNDS, Attempt, Basis, Beta, CompletionModel

PRIOR = Beta(good=7, bad=3)


def attempts(count, *, seed=1, slope=1.5, courses=("a", "b")):
    """People whose true chance is known: by `x`, and higher in course b."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(count):
        x, course = float(rng.normal()), courses[int(rng.integers(len(courses)))]
        chance = 1 / (1 + np.exp(-(slope * x + (0.8 if course == "b" else -0.4))))
        ended = bool(rng.random() < chance)
        found.append(
            Attempt(learner=f"p{number % (count // 2)}", course=course, features={"x": x}, completed=ended)
        )
    return found


MODEL = CompletionModel(features=["x"]).fit(attempts(3000))


def test_longer_and_free_courses_are_assumed_to_be_left_more_often():
    short = ASSUMPTIONS.prior(hours=5, paid=False, provider="p", level=2)
    long = ASSUMPTIONS.prior(hours=80, paid=False, provider="p", level=2)
    paid = ASSUMPTIONS.prior(hours=80, paid=True, provider="p", level=2)
    assert long.mean < short.mean
    assert long.mean < paid.mean
    assert ASSUMPTIONS.prior(hours=5, paid=False, provider="p", level=4).mean < short.mean


def test_an_organisation_may_assume_otherwise_of_a_provider():
    own = completion.Assumptions(providers={"ours": 1.0})
    assert (
        own.prior(provider="ours", hours=5, paid=False, level=2).mean
        > own.prior(provider="other", hours=5, paid=False, level=2).mean
    )


@given(st.integers(0, 500), st.integers(0, 500))
def test_counts_pull_away_from_the_prior_and_narrow_the_interval(finished, abandoned):
    found = completion.expected(PRIOR, finished=finished, abandoned=abandoned)
    assert BOUNDS[0] <= found.probability <= BOUNDS[1]
    assert found.low <= (7 + finished) / (10 + finished + abandoned) <= found.high
    more = completion.expected(PRIOR, finished=finished + 1, abandoned=abandoned)
    assert more.probability >= found.probability


def test_without_a_model_everything_still_has_an_answer():
    attempt = Attempt(learner="p", course="a", features={"x": 1.0})
    assert completion.expected(PRIOR, finished=0, abandoned=0, attempt=attempt).basis is Basis.ASSUMPTION
    assert completion.expected(PRIOR, finished=3, abandoned=0, attempt=attempt).basis is Basis.COUNTS
    found = completion.expected(PRIOR, finished=3, abandoned=0, attempt=attempt, model=MODEL)
    assert (found.basis, found.version) == (Basis.MODEL, MODEL.version)


def test_a_course_the_model_never_saw_is_left_to_the_prior():
    attempt = Attempt(learner="p", course="new", features={"x": 1.0})
    found = completion.expected(PRIOR, finished=0, abandoned=0, attempt=attempt, model=MODEL)
    assert found.basis is Basis.ASSUMPTION


def test_it_finds_the_truth_and_is_calibrated():
    later = attempts(4000, seed=2)
    predicted = MODEL.predict(later)
    outcomes = np.array([one.completed for one in later])
    for low in (0.1, 0.3, 0.5, 0.7):
        rows = (predicted >= low) & (predicted < low + 0.2)
        assert predicted[rows].mean() == pytest.approx(outcomes[rows].mean(), abs=0.05)


def test_the_order_of_the_data_changes_not_a_bit():
    data = attempts(600)
    assert CompletionModel(features=["x"]).fit(data[::-1]).to_json() == (
        CompletionModel(features=["x"]).fit(data).to_json()
    )


@pytest.mark.parametrize("name", ["gender", "Age_Band", "imd_band", "disability", "region"])
def test_a_protected_attribute_is_refused(name):
    with pytest.raises(InvalidValueError, match="protected"):
        CompletionModel(features=["x", name])


def test_a_model_survives_json_and_a_tampered_one_is_refused():
    text = MODEL.to_json()
    again = CompletionModel.from_json(text, sha256=completion.digest(text))
    people = attempts(50, seed=3)
    assert (again.predict(people) == MODEL.predict(people)).all()
    assert again.version == MODEL.version
    with pytest.raises(MalformedInputError, match="card"):
        CompletionModel.from_json(text + " ", sha256=completion.digest(text))
    short = json.loads(text) | {"weights": [0.0]}
    short_text = json.dumps(short)
    with pytest.raises(MalformedInputError, match="coefficients"):
        CompletionModel.from_json(short_text, sha256=completion.digest(short_text))


def test_one_outcome_alone_teaches_nothing():
    with pytest.raises(InvalidValueError, match="both"):
        CompletionModel(features=["x"]).fit([Attempt(learner="p", course="a", features={}, completed=True)])


def test_missing_features_count_as_the_mean():
    bare = Attempt(learner="p", course="a", features={})
    mean = Attempt(learner="p", course="a", features={"x": float(MODEL.means_[0])})
    assert MODEL.predict([bare])[0] == MODEL.predict([mean])[0]


def judged(model, later):
    outcomes = np.array([one.completed for one in later], dtype=np.float64)
    base = np.full(len(later), 0.5)
    return completion.promotion(
        model.predict(later),
        in_use=base,
        outcomes=outcomes,
        learners=[one.learner for one in later],
        seed=0,
    )


def test_a_model_is_promoted_only_if_it_is_shown_better_on_enough_attempts():
    assert judged(MODEL, attempts(1000, seed=4)).reason == "better"
    assert judged(MODEL, attempts(150, seed=4)).reason == "not-enough-attempts"
    noise = CompletionModel(features=["x"]).fit(attempts(300, seed=5, slope=0, courses=("c",)))
    turned = judged(noise, attempts(1000, seed=6, slope=-1.5))
    assert not turned.promoted
    assert turned.reason == "not-shown-better"


def test_a_small_cohort_may_judge_where_many_attempts_are_known():
    later = attempts(150, seed=4)

    def judge(ended):
        return completion.promotion(
            MODEL.predict(later),
            in_use=np.full(len(later), 0.5),
            outcomes=np.array([one.completed for one in later], dtype=np.float64),
            learners=[one.learner for one in later],
            seed=0,
            ended=ended,
        )

    assert judge(completion.ENOUGH).promoted
    assert judge(completion.ENOUGH - 1).reason == "not-enough-attempts"
