"""Expected hours: none without data, bounded with it, frozen in the plan, nobody's people given away."""

from __future__ import annotations

import dataclasses
import gzip
import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.core.errors import ForbiddenError
from groundwork.events.models import AuditEntry
from groundwork.plans import estimating, past, ranking, retraining, snapshot
from groundwork.plans.estimating import InUse
from groundwork.plans.figures import Counted, Figures
from groundwork.plans.models import Plan
from groundwork.plans.past import Offered, Past
from groundwork.plans.versions import EstimateVersion
from recommender import domain, problem_files, verify
from recommender.estimators.completion import PROTECTED
from recommender.estimators.effort import Effort
from tests import builders, cast
from tests.apps.plans.attempts import DAY, make_attempts, make_people, retrained, version_after

TODAY = date(2026, 6, 1)


@pytest.fixture
def role(db):
    """Reached by `quick` (20 h declared) or by `steady` (24 h)."""
    builders.make_course("quick", hours=20, teaches={"ml": 3})
    builders.make_course("steady", hours=24, teaches={"ml": 3})
    return builders.make_role("engineer", requires={"ml": 3})


def course(slug):
    from groundwork.catalogue.models import Course

    return Course.objects.get(slug=slug)


def hours_of(slug, learner=None):
    return snapshot.offered(learner).by_id[slug].hours


def test_without_attempts_everything_is_as_declared(role):
    before = snapshot.catalogue()
    assert retrained(on_date=TODAY).version is None
    assert snapshot.offered() is before
    assert "estimates" not in snapshot.problem_document(snapshot.take(levels={}, role=role))


def test_hours_that_were_needed_change_the_plan(role):
    make_attempts(make_people(40, organisation=builders.make_organisation()), course("quick"), factor=2.0)
    retrained(on_date=TODAY)
    assert 30 <= hours_of("quick") <= 40
    assert hours_of("steady") == 24, "nobody tried it"
    plan = builders.make_plan(builders.make_learner(user=builders.make_user()), role)
    assert [step.course.slug for step in plan.steps.all()] == ["steady"]


def test_a_course_that_people_leave_takes_longer_and_one_they_finish_no_less_than_it_took(role):
    people = make_people(60, organisation=builders.make_organisation())
    make_attempts(people, course("quick"), left=50)
    make_attempts(people, course("steady"))
    retrained(on_date=TODAY)
    assert hours_of("quick") > 20
    assert hours_of("steady") == 24


def test_four_people_are_too_few_and_five_are_enough(role):
    ours = builders.make_organisation()
    make_attempts(make_people(4, organisation=ours), course("quick"), factor=2.5)
    assert retrained(on_date=TODAY).version is None
    make_attempts(make_people(1, organisation=ours), course("quick"), factor=2.5)
    retrained(on_date=TODAY)
    assert hours_of("quick") > 20


def test_what_few_people_elsewhere_did_cannot_be_told_from_ones_own(role):
    ours, theirs = builders.make_organisation(), builders.make_organisation()
    make_attempts(make_people(10, organisation=ours), course("quick"), factor=1.5)
    alone = retrained(on_date=TODAY).version
    make_attempts(make_people(4, organisation=theirs), course("quick"), factor=2.5, left=2)
    again = retrained(on_date=TODAY)
    assert again.version == alone, "the largest organisation could subtract its own people"
    make_attempts(make_people(1, organisation=theirs), course("quick"), factor=2.5)
    assert retrained(on_date=TODAY).version != alone


# One number is an organisation, a person of it, and a course.
numbers = st.lists(st.integers(0, 79), max_size=40)


@given(numbers)
def test_whoever_subtracts_their_own_is_left_with_five_people_or_none(rows):
    released = past.released([attempt("abcd"[n % 4], n // 8, "xy"[n // 4 % 2]) for n in rows])
    for slug in "xy":
        people = {(row.holder, row.learner) for row in released if row.course.slug == slug}
        assert not people or len(people) >= past.ENOUGH_PEOPLE
        for holder in {holder for holder, _person in people}:
            rest = [one for one in people if one[0] != holder]
            assert not rest or len(rest) >= past.ENOUGH_PEOPLE


def attempt(holder, person, slug, **values):
    from uuid import UUID

    offered = Offered(slug=slug, provider="p", hours=10, paid=False, level=2, hands_on=False)
    return Past(
        **{
            "learner": UUID(int=ord(holder) * 100 + person),
            "holder": holder,
            "course": offered,
            "started_on": DAY,
            "ended_on": DAY + timedelta(days=9),
            "finished": True,
            "hours": 12,
            **values,
        }
    )


@given(
    st.integers(1, 400),
    st.floats(-4, 4),
    st.integers(0, 200),
    st.integers(0, 200),
    st.lists(st.integers(1, 20_000), max_size=12),
)
def test_expected_hours_are_whole_and_within_half_and_two_and_a_half_times(
    declared, factor, finished, left, own
):
    by = InUse(
        name="v",
        as_of=DAY,
        figures=Figures(
            effort=Effort(overall=factor),
            timed={"x": 5},
            counted={"x": Counted(ended=finished + left, finished=finished)},
        ),
        model=None,
    )
    offer = domain.Catalogue(
        tuple(
            domain.Course(id=slug, hours=declared, price=0, requires={}, teaches={"s": 2}, hands_on=hands_on)
            for slug, hands_on in (("x", declared), ("untried", 0))
        ),
        frozenset({"s"}),
    )
    history = [attempt("a", number, "x", hours=hours) for number, hours in enumerate(own)]
    found = estimating.estimated(offer, by=by, history=history)
    for one in found.courses:
        assert isinstance(one.hours, int)
        assert max(1, declared / 2) <= one.hours <= 2.5 * declared
        assert 0 <= one.hands_on <= one.hours
    if len(own) < estimating.FEWEST_OWN:
        assert found.by_id["untried"].hours == declared


def test_a_slow_learner_gets_more_time_and_nobody_else(role):
    people = make_people(30, organisation=builders.make_organisation())
    make_attempts(people, course("quick"))
    ours = builders.make_learner(user=builders.make_user())
    for number in range(8):
        extra = builders.make_course(f"extra-{number}", hours=20, teaches={"other": 1})
        make_attempts([ours], extra, factor=2.5)
    retrained(on_date=TODAY)
    assert hours_of("quick", ours) > hours_of("quick") == 20
    assert hours_of("steady", ours) > hours_of("steady", people[0]) == 24
    assert str(ours.pk) not in EstimateVersion.objects.get().body


def test_a_plan_freezes_hours_and_version_and_replays_offline(role, tmp_path):
    make_attempts(make_people(40, organisation=builders.make_organisation()), course("steady"), factor=0.7)
    version = version_after(retrained(on_date=TODAY))
    learner = builders.make_learner(user=builders.make_user())
    plan = builders.make_plan(learner, role)
    step = plan.steps.get()
    assert (step.course.slug, plan.problem["estimates"]) == ("steady", version.name)
    assert step.reasons["estimate"] == {
        **step.reasons["estimate"],
        "declared": 24,
        "expected": step.hours,
        "timed": 40,
        "ended": 40,
        "version": version.name,
        "as_of": "2026-06-01",
    }
    (tmp_path / plan.problem["catalogue"]).write_bytes(
        gzip.compress(gzip.decompress(bytes(plan.catalogue.body)))
    )
    (tmp_path / "problem.json").write_text(json.dumps(plan.problem))
    problem = problem_files.read_problem(tmp_path / "problem.json")
    assert problem.catalogue.by_id["steady"].hours == step.hours < 24
    assert verify.verify(problem, ["steady"], cost=plan.cost).valid
    assert builders.make_plan(learner, role) == plan


def test_a_new_version_that_changes_no_hours_keeps_the_plan(role):
    people = make_people(40, organisation=builders.make_organisation())
    make_attempts(people, course("quick"))
    first = retrained(on_date=TODAY).version
    learner = builders.make_learner(user=builders.make_user())
    plan = builders.make_plan(learner, role)
    make_attempts(people[:1], course("quick"), started_on=DAY + timedelta(days=50))
    assert retrained(on_date=TODAY).version != first
    assert builders.make_plan(learner, role) == plan


def test_switched_off_everything_works_with_declared_hours(role, settings):
    ours = builders.make_organisation()
    make_attempts(make_people(40, organisation=ours), course("quick"), factor=2.0)
    retrained(on_date=TODAY)
    learner = builders.make_learner(user=builders.make_user())
    assert hours_of("quick", learner) != 20
    settings.ESTIMATES = False
    assert retraining.retrain(on_date=TODAY) is None
    plan = builders.make_plan(learner, role)
    assert [(step.course.slug, step.hours) for step in plan.steps.all()] == [("quick", 20)]
    assert "estimates" not in plan.problem
    assert ranking.distance(levels={}, role=role, learner=learner).hours == 20
    assert ranking.rank(levels={"python": 1}, learner=learner)


def test_a_person_may_do_without(role):
    people = cast.gather()
    make_attempts(make_people(40, organisation=people.theirs), course("quick"), factor=2.0)
    retrained(on_date=TODAY)
    ada = people.ada_learner
    for user in (people.hana, people.otto):
        with pytest.raises(ForbiddenError):
            estimating.choose(actor=people.actor(user), learner=ada, wanted=False)
    estimating.choose(actor=people.actor(people.ada), learner=ada, wanted=False)
    assert (hours_of("quick", ada), hours_of("quick", people.otto_learner) > 20) == (20, True)
    assert builders.make_plan(ada, role).problem["estimates"] == ""
    assert AuditEntry.objects.get(action="estimates.chosen").organisation_id == people.ours.pk
    estimating.choose(actor=people.actor(people.ada), learner=ada, wanted=True)
    assert hours_of("quick", ada) > 20


def test_the_features_are_these_and_none_of_them_is_protected():
    assert (
        *("finished_before", "left_before", "repeats", "going_on_beside"),
        *("hours_log", "paid", "level", "hands_on"),
    ) == past.FEATURES
    assert not PROTECTED & set(past.FEATURES)
    offered = attempt("a", 1, "x").course
    assert tuple(past.features(offered, on_date=DAY, history=[])) == past.FEATURES
    who = {field.name for field in dataclasses.fields(Past)} | {f.name for f in dataclasses.fields(Offered)}
    assert not PROTECTED & who, "what is not read cannot be learned"


def test_a_feature_knows_nothing_of_what_comes_later():
    earlier, later = attempt("a", 1, "x"), attempt("a", 1, "y", started_on=DAY + timedelta(days=5))
    offered = attempt("a", 1, "x").course
    on_date = DAY + timedelta(days=9)
    known = past.features(offered, on_date=on_date, history=[earlier, later])
    assert (known["finished_before"], known["repeats"], known["going_on_beside"]) == (0, 0, 1)
    day_after = past.features(offered, on_date=on_date + timedelta(days=1), history=[earlier, later])
    assert (day_after["finished_before"] > 0, day_after["repeats"]) == (True, 1)


def test_estimates_cost_no_query_for_visitors_and_a_fixed_number_for_learners(
    role, django_assert_num_queries
):
    people = make_people(30, organisation=builders.make_organisation())
    make_attempts(people, course("quick"), factor=1.5)
    retrained(on_date=TODAY)
    snapshot.offered(people[0])
    with django_assert_num_queries(1):
        snapshot.offered()
    with django_assert_num_queries(4):
        snapshot.offered(people[0])
    make_attempts([people[0]], course("steady"))
    with django_assert_num_queries(4):
        snapshot.offered(people[0])
    assert not Plan.objects.exists()
