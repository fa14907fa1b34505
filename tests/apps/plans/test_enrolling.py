"""Working through steps leaves attempts behind, each once, and each on the trail."""

from __future__ import annotations

import importlib
from datetime import date, timedelta

import pytest
from django.apps import apps

from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events.models import AuditEntry
from groundwork.plans import attempting, enrolling
from groundwork.plans.attempting import Report
from groundwork.plans.enrolments import Enrolment
from tests import builders, cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
State = Enrolment.State


@pytest.fixture
def people():
    builders.make_course("basics", hours=20, teaches={"python": 2})
    return cast.gather()


@pytest.fixture
def ada(people):
    return people.actor(people.ada)


@pytest.fixture
def step(people):
    role = builders.make_role("engineer", requires={"python": 2})
    return builders.make_plan(people.ada_learner, role, starts_on=MONDAY).steps.get()


def attempts():
    return list(
        Enrolment.objects.order_by("started_on").values_list("state", "started_on", "ended_on", "hours")
    )


def test_a_finished_step_ends_an_attempt_with_its_hours(ada, step):
    friday = MONDAY + timedelta(days=4)
    enrolling.complete(actor=ada, step=step, on_date=friday, hours=17)
    assert attempts() == [(State.FINISHED, MONDAY, friday, 17)]
    assert Enrolment.objects.get().step == step
    entry = AuditEntry.objects.get(action="enrolment.recorded")
    assert entry.details["state"] == "finished"


def test_an_undone_step_leaves_the_attempt_going_on_and_finishing_again_is_no_second_one(ada, step):
    enrolling.complete(actor=ada, step=step, on_date=MONDAY, hours=17)
    enrolling.reopen(actor=ada, step=step, on_date=MONDAY)
    assert attempts() == [(State.STARTED, MONDAY, None, None)]
    enrolling.complete(actor=ada, step=step, on_date=MONDAY + timedelta(days=9))
    assert attempts() == [(State.FINISHED, MONDAY, MONDAY + timedelta(days=9), None)]


def test_who_gave_up_can_take_the_course_up_again(ada, step):
    later = MONDAY + timedelta(days=30)
    enrolling.withdraw(actor=ada, step=step, on_date=MONDAY + timedelta(days=3))
    enrolling.complete(actor=ada, step=step, on_date=later)
    assert [row[0] for row in attempts()] == [State.WITHDRAWN, State.FINISHED]
    assert attempts()[1][1:3] == (MONDAY + timedelta(days=3), later)


def test_a_second_click_is_no_second_attempt(ada, step):
    enrolling.fail(actor=ada, step=step, on_date=MONDAY)
    with pytest.raises(ConflictError):
        enrolling.fail(actor=ada, step=step, on_date=MONDAY)
    assert attempts() == [(State.FAILED, MONDAY, MONDAY, None)]


def test_what_an_hr_system_reported_is_the_same_attempt(people, ada, step):
    began = Report(course=step.course, started_on=MONDAY - timedelta(days=30), state=State.STARTED)
    attempting.report(
        actor=people.actor(people.hana), learner=people.ada_learner, reports=[began], on_date=MONDAY
    )
    enrolling.complete(actor=ada, step=step, on_date=MONDAY, hours=12)
    assert attempts() == [(State.FINISHED, MONDAY - timedelta(days=30), MONDAY, 12)]


def test_only_the_learner_stops_a_step_and_not_a_finished_one(people, ada, step):
    for user in (people.hana, people.otto):
        with pytest.raises(ForbiddenError):
            enrolling.withdraw(actor=people.actor(user), step=step, on_date=MONDAY)
    enrolling.complete(actor=ada, step=step, on_date=MONDAY)
    with pytest.raises(ConflictError):
        enrolling.withdraw(actor=ada, step=step, on_date=MONDAY)


@pytest.mark.parametrize("hours", [0, -3, 20_001])
def test_impossible_hours_are_refused_and_nothing_is_finished(ada, step, hours):
    with pytest.raises(InvalidError):
        enrolling.complete(actor=ada, step=step, on_date=MONDAY, hours=hours)
    step.refresh_from_db()
    assert (step.completed_on, attempts()) == (None, [])


def test_attempts_are_seen_by_the_learner_and_the_employer_alone(people, ada, step):
    enrolling.complete(actor=ada, step=step, on_date=MONDAY)
    for user, seen in ((people.ada, 1), (people.hana, 1), (people.otto, 0)):
        assert Enrolment.objects.visible_to(people.actor(user)).count() == seen


def test_steps_finished_before_attempts_were_kept_become_attempts_once(people, ada, step):
    enrolling.complete(actor=ada, step=step, on_date=MONDAY)
    Enrolment.objects.all().delete()
    migration = importlib.import_module("groundwork.plans.migrations.0004_enrolments_of_finished_steps")
    migration.keep_finished_steps(apps, None)
    assert attempts() == [(State.FINISHED, MONDAY, MONDAY, None)]
    assert Enrolment.objects.get().learner == people.ada_learner
