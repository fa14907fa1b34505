"""Expected hours on the pages, with source and date; and what a person says of a step."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from groundwork.catalogue.models import Course
from groundwork.learners.models import Learner
from groundwork.plans import retraining
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import Plan
from tests import builders
from tests.apps.plans.attempts import make_attempts, make_people
from tests.cast import Cast
from tests.interfaces.web.conftest import World
from tests.interfaces.web.test_visitor import CHINESE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def tried(people: Cast, world: World) -> None:
    """Forty people needed half as much again for the first steps."""
    course = Course.objects.get(slug="first-steps")
    make_attempts(make_people(40, organisation=people.theirs), course, factor=1.5)
    retraining.retrain(on_date=TODAY)


@pytest.fixture
def plan(ada: Client, people: Cast) -> Plan:
    builders.give_levels(people.ada_learner, {"zig-tooling": 3})
    ada.post("/roles/kernel-engineer/keep/?hours=10&max_price=0")
    return Plan.objects.get()


def test_the_path_says_expected_hours_with_source_and_date(tried: None, confirmed: Client):
    page = confirmed.get("/roles/kernel-engineer/path/?max_price=0").content.decode()
    said = "h, the provider says 20 h; from 40 finished attempts, as of 2026-06-01."
    assert page.count(said) == 1
    assert re.search(r"Expected (2[1-9]|30) h, the provider", page)
    assert page.count("not enough data") == 1, "nobody tried the second steps"
    chinese = confirmed.get("/roles/kernel-engineer/path/?max_price=0", headers=CHINESE).content.decode()
    assert "40" in chinese
    assert "the provider says" not in chinese
    assert "not enough data" not in chinese


def test_the_plan_says_the_same_and_keeps_saying_it(tried: None, ada: Client, plan: Plan):
    address = f"/me/plans/{plan.pk}/"
    assert "from 40 finished attempts, as of 2026-06-01" in ada.get(address).content.decode()
    first = plan.steps.get(course__slug="first-steps")
    assert first.hours == first.reasons["estimate"]["expected"] > 20


def test_hours_are_logged_when_a_step_is_finished(ada: Client, plan: Plan):
    step = plan.steps.first()
    assert step is not None
    address = f"/me/plans/{plan.pk}/steps/{step.pk}"
    ada.post(f"{address}/complete/", {"hours": "many"})
    assert not Enrolment.objects.exists()
    ada.post(f"{address}/complete/", {"hours": "26"})
    enrolment = Enrolment.objects.get()
    assert (enrolment.state, enrolment.hours, enrolment.step) == ("finished", 26, step)


@pytest.mark.parametrize(("how", "words"), [("withdrawn", "Given up"), ("failed", "Not passed")])
def test_a_step_that_was_left_says_so(ada: Client, plan: Plan, how: str, words: str):
    step = plan.steps.first()
    assert step is not None
    ada.post(f"/me/plans/{plan.pk}/steps/{step.pk}/stop/", {"how": how})
    assert Enrolment.objects.get().state == how
    assert words in ada.get(f"/me/plans/{plan.pk}/").content.decode()


def test_a_person_chooses_declared_hours(tried: None, ada: Client, people: Cast, plan: Plan):
    back = f"/me/plans/{plan.pk}/"
    assert "Count declared hours only" in ada.get(back).content.decode()
    assert ada.post("/me/estimates/", {"wanted": "no", "next": back})["Location"] == back
    assert "Count expected hours" in ada.get(back).content.decode()
    ada.post("/roles/kernel-engineer/keep/?hours=10&max_price=0")
    now = Plan.objects.current().get()
    assert now != plan
    assert [step.hours for step in now.steps.all()] == [20, 30]
    assert "as this person wishes" in ada.get(f"/me/plans/{now.pk}/").content.decode()


def test_switched_off_the_pages_say_nothing_of_estimates(
    tried: None, ada: Client, plan: Plan, confirmed: Client, settings
):
    settings.ESTIMATES = False
    path = confirmed.get("/roles/kernel-engineer/path/?max_price=0").content.decode()
    kept = ada.get(f"/me/plans/{plan.pk}/").content.decode()
    assert "the provider says" not in path
    assert "not enough data" not in path
    assert "Count declared hours only" not in kept
    assert Learner.objects.exists()
