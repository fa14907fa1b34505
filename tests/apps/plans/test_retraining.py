"""Retrain, judge on the latest cohort, promote or keep; a card says why."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from groundwork.events.models import AuditEntry
from groundwork.plans import estimating, tasks
from groundwork.plans.cohorts import split
from groundwork.plans.versions import EstimateVersion, ModelCard
from recommender.errors import MalformedInputError
from recommender.estimators.completion import PROTECTED
from tests import builders
from tests.apps.plans.attempts import (
    DAY,
    cohort,
    estimates,
    make_attempts,
    make_history,
    make_people,
    retrained,
    version_after,
)
from tests.apps.plans.test_estimating import TODAY, attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def courses():
    return [builders.make_course(f"course-of-{n}", hours=8 + 6 * n, teaches={"ml": 2}) for n in range(4)]


@pytest.fixture
def ours():
    return builders.make_organisation()


def completion_card(done):
    return next(card for card in done.cards if card.kind == ModelCard.Kind.COMPLETION)


def hours_card(done):
    return next(card for card in done.cards if card.kind == ModelCard.Kind.HOURS)


def test_a_model_that_knows_something_is_promoted_with_its_card(courses, ours):
    make_history(courses, people=400, seed=1, told=True, organisation=ours)
    done = retrained(on_date=TODAY)
    card = completion_card(done)
    assert (card.promoted, card.reason) == (True, "better")
    assert card.metrics["brier"]["model"]["value"] < card.metrics["brier"]["baseline"]["value"]
    assert card.gain["low"] > 0
    assert (card.attempts, card.taught + card.judged, card.learners) == (1200, 1200, 400)
    assert card.window_from < card.split_on <= card.window_to
    assert (card.split_on.day, card.judged >= 300) == (1, True)
    assert card.never_used == sorted(PROTECTED)
    assert json.loads(card.coefficients)["features"] == card.features
    assert version_after(done).model == card
    model = estimating.version(version_after(done).pk).model
    assert model is not None
    assert model.version == card.sha256[:12]
    estimate = estimates()[courses[0].slug]
    assert (estimate.basis, estimate.version) == ("model", version_after(done).name)


def test_a_person_who_finishes_gets_a_better_chance_than_one_who_gives_up(courses, ours):
    make_history(courses, people=400, seed=1, told=True, organisation=ours)
    steady, quitter = make_people(2, organisation=ours)
    for course in courses[:3]:
        make_attempts([steady], course)
        make_attempts([quitter], course, left=1)
    retrained(on_date=TODAY)
    goal = courses[3].slug
    good, bad = (estimates(one)[goal].percent for one in (steady, quitter))
    assert good is not None
    assert bad is not None
    assert good > bad + 20


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("told", [True, False])
def test_what_is_promoted_is_never_worse_than_the_baseline(courses, ours, seed, told):
    make_history(courses, people=200, seed=seed, told=told, organisation=ours)
    done = retrained(on_date=TODAY)
    brier = completion_card(done).metrics["brier"]
    if completion_card(done).promoted:
        assert brier["model"]["value"] < brier["baseline"]["value"]
        assert version_after(done).model == completion_card(done)
    else:
        assert version_after(done).model is None
        assert all(one.basis == "counts" for one in estimates().values())
    error = hours_card(done).metrics["log_error"]
    assert hours_card(done).promoted == (error["model"]["value"] <= error["baseline"]["value"])


def test_chance_alone_promotes_nothing(courses, ours):
    make_history(courses, people=300, seed=4, told=False, organisation=ours)
    card = completion_card(retrained(on_date=TODAY))
    assert (card.promoted, card.reason) == (False, "not-shown-better")


def test_few_attempts_are_counted_and_not_learned_from(courses, ours):
    make_attempts(make_people(60, organisation=ours), courses[0], left=20, factor=1.5)
    done = retrained(on_date=TODAY)
    assert (completion_card(done).reason, completion_card(done).coefficients) == ("not-enough-attempts", "")
    assert (hours_card(done).promoted, hours_card(done).reason) == (True, "not-judged")
    estimate = estimates()[courses[0].slug]
    assert (estimate.basis, estimate.ended, estimate.timed) == ("counts", 60, 40)


def test_one_month_alone_has_no_earlier_cohort(courses, ours):
    make_attempts(make_people(250, organisation=ours), courses[0], left=90, days=2)
    assert completion_card(retrained(on_date=TODAY)).reason == "no-earlier-cohort"


def test_a_second_run_on_the_same_data_changes_nothing(courses, ours):
    make_history(courses, people=150, seed=1, told=True, organisation=ours)
    first = retrained(on_date=TODAY)
    tasks.retrain()
    again = retrained(on_date=TODAY + timedelta(days=1))
    assert (again.version, again.is_new, again.cards) == (first.version, False, first.cards)
    assert (ModelCard.objects.count(), EstimateVersion.objects.count()) == (2, 1)
    assert AuditEntry.objects.filter(action="estimates.renewed").count() == 1


def test_the_model_in_use_stays_until_a_better_one_is_shown_and_goes_when_it_fails(courses, ours):
    make_history(courses, people=400, seed=1, told=True, organisation=ours)
    first = completion_card(retrained(on_date=TODAY))
    people = make_people(30, organisation=ours)
    make_attempts(people, courses[0], started_on=first.split_on)
    kept = retrained(on_date=TODAY)
    assert completion_card(kept).reason == "not-better-than-current"
    assert version_after(kept).model == first
    assert completion_card(kept).split_on >= first.split_on, "what taught it must not judge its successor"
    # The world turns round: whoever finished before gives up from now on, and the other way round.
    _turn_round(courses)
    turned = retrained(on_date=TODAY)
    assert completion_card(turned).retired_former
    assert version_after(turned).model is None


def _turn_round(courses):
    from groundwork.learners.models import Learner
    from groundwork.plans.enrolments import Enrolment

    began = DAY + timedelta(days=200)
    finished = {
        row.learner_id: row.state == Enrolment.State.FINISHED
        for row in Enrolment.objects.order_by("started_on")
    }
    quitters = [one for one in Learner.objects.all() if finished.get(one.pk)]
    others = [one for one in Learner.objects.all() if not finished.get(one.pk)]
    for number, course in enumerate(courses):
        began_on = began + timedelta(days=number)
        make_attempts(quitters, course, left=len(quitters), started_on=began_on, days=40)
        make_attempts(others, course, started_on=began_on, days=40)


def test_a_tampered_model_is_refused(courses, ours):
    make_history(courses, people=400, seed=1, told=True, organisation=ours)
    card = completion_card(retrained(on_date=TODAY))
    estimating.read_model(card)
    card.coefficients = card.coefficients.replace("0.", "1.", 1)
    with pytest.raises(MalformedInputError):
        estimating.read_model(card)


def test_a_cohort_is_whole_months_and_holds_a_quarter():
    rows = [attempt("a", number, "x", ended_on=DAY + timedelta(days=number)) for number in range(120)]
    found = cohort(rows)
    assert (found.on.isoformat(), len(found.latest)) == ("2026-04-01", 34)
    assert all(row.ended_on and row.ended_on < found.on for row in found.earlier)
    assert cohort(rows, not_before=found.on + timedelta(days=10)).on == found.on + timedelta(days=10)
    assert split(rows, not_before=DAY + timedelta(days=500)) is None
    assert split([]) is None


def test_the_command_prints_both_cards(courses, ours, capsys, settings):
    make_attempts(make_people(30, organisation=ours), courses[0], factor=1.4)
    call_command("retrain")
    said = capsys.readouterr().out
    assert '"kind": "completion"' in said
    assert '"kind": "hours"' in said
    assert f"Version in use: {EstimateVersion.objects.get().name} (new)" in said
    settings.ESTIMATES = False
    call_command("retrain")
    assert "switched off" in capsys.readouterr().out


def test_operators_read_the_cards_and_nobody_changes_them(courses, ours, admin_client):
    make_history(courses, people=150, seed=1, told=True, organisation=ours)
    done = retrained(on_date=TODAY)
    for card in done.cards:
        page = admin_client.get(f"/admin/plans/modelcard/{card.pk}/change/")
        assert card.data_sha256 in page.content.decode()
        assert admin_client.post(f"/admin/plans/modelcard/{card.pk}/change/", {}).status_code == 403
    for name in ("modelcard", "estimateversion"):
        assert admin_client.get(f"/admin/plans/{name}/").status_code == 200
        assert admin_client.get(f"/admin/plans/{name}/add/").status_code == 403
