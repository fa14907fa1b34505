"""Beginning a course, logging hours, days off; progress in every plan that has the course."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events.models import AuditEntry
from groundwork.plans import attempting, enrolling, studying
from groundwork.plans.attempting import Report
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import PlanStep
from groundwork.plans.sessions import StudySession, TimeOff
from tests import builders, cast

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
FRIDAY = MONDAY + timedelta(days=4)
State = Enrolment.State


@pytest.fixture
def people():
    builders.make_course("basics", hours=20, teaches={"python": 2})
    return cast.gather()


@pytest.fixture
def ada(people):
    return people.actor(people.ada)


def planned(people, role="engineer"):
    found = builders.make_role(role, requires={"python": 2})
    return builders.make_plan(people.ada_learner, found, starts_on=MONDAY).steps.get()


@pytest.fixture
def step(people):
    return planned(people)


def log(ada, step, *, on=MONDAY, minutes=90, on_date=FRIDAY):
    learner = step.plan.learner
    return studying.log(
        actor=ada, learner=learner, course=step.course, on=on, minutes=minutes, on_date=on_date
    )


def states():
    return list(Enrolment.objects.order_by("started_on").values_list("state", "started_on", "hours"))


def test_a_course_is_begun_once_and_that_can_be_undone(ada, step):
    enrolling.start(actor=ada, step=step, on_date=MONDAY)
    assert states() == [(State.STARTED, MONDAY, None)]
    with pytest.raises(ConflictError):
        enrolling.start(actor=ada, step=step, on_date=FRIDAY)
    enrolling.resume(actor=ada, step=step, on_date=FRIDAY)
    assert states() == []
    with pytest.raises(ConflictError):
        enrolling.resume(actor=ada, step=step, on_date=FRIDAY)


@pytest.mark.parametrize("leave", [enrolling.withdraw, enrolling.fail])
def test_leaving_a_course_can_be_undone_with_what_it_showed(people, ada, step, leave):
    builders.give_levels(people.ada_learner, {"python": 1}, on_date=MONDAY)
    before = people.ada_learner.levels()
    enrolling.start(actor=ada, step=step, on_date=MONDAY)
    leave(actor=ada, step=step, on_date=FRIDAY)
    enrolling.resume(actor=ada, step=step, on_date=FRIDAY)
    assert states() == [(State.STARTED, MONDAY, None)]
    assert people.ada_learner.levels() == before


def test_logged_hours_begin_a_course_and_add_up_when_it_is_finished(ada, step):
    log(ada, step, minutes=90)
    log(ada, step, on=FRIDAY, minutes=60)
    assert states() == [(State.STARTED, MONDAY, None)]
    with pytest.raises(ConflictError):
        enrolling.resume(actor=ada, step=step, on_date=FRIDAY)
    enrolling.complete(actor=ada, step=step, on_date=FRIDAY)
    assert states() == [(State.FINISHED, MONDAY, 2)]


def test_hours_said_at_the_end_count_before_logged_ones(ada, step):
    log(ada, step)
    enrolling.complete(actor=ada, step=step, on_date=FRIDAY, hours=15)
    assert states() == [(State.FINISHED, MONDAY, 15)]


def test_late_hours_belong_to_the_attempt_of_their_day(ada, step):
    enrolling.start(actor=ada, step=step, on_date=MONDAY)
    enrolling.withdraw(actor=ada, step=step, on_date=FRIDAY)
    log(ada, step, on=MONDAY + timedelta(days=1))
    assert states() == [(State.WITHDRAWN, MONDAY, None)]


def test_what_cannot_have_been_studied_is_refused(people, ada, step):
    with pytest.raises(InvalidError):
        log(ada, step, on=FRIDAY + timedelta(days=1))
    log(ada, step, minutes=23 * 60)
    with pytest.raises(InvalidError):
        log(ada, step, minutes=61)
    with pytest.raises(ForbiddenError):
        log(people.actor(people.hana), step)


def test_a_session_is_taken_back_and_the_trail_shows_both(people, ada, step):
    session = log(ada, step)
    with pytest.raises(ForbiddenError):
        studying.take_back(actor=people.actor(people.hana), session=session)
    studying.take_back(actor=ada, session=session)
    assert not StudySession.objects.exists()
    assert AuditEntry.objects.filter(action__startswith="study.").count() == 2


def test_sessions_and_days_off_are_nobody_elses_business(people, ada, step):
    log(ada, step)
    studying.take_off(actor=ada, learner=people.ada_learner, first=MONDAY, last=FRIDAY)
    for rows in (StudySession.objects, TimeOff.objects):
        assert rows.visible_to(ada).count() == 1
        assert not rows.visible_to(people.actor(people.hana)).exists()
        assert not rows.visible_to(people.actor(people.otto)).exists()


def test_days_off_are_taken_once_and_the_right_way_round(people, ada):
    days = studying.take_off(actor=ada, learner=people.ada_learner, first=MONDAY, last=FRIDAY)
    with pytest.raises(ConflictError):
        studying.take_off(actor=ada, learner=people.ada_learner, first=MONDAY, last=FRIDAY)
    with pytest.raises(InvalidError):
        studying.take_off(actor=ada, learner=people.ada_learner, first=FRIDAY, last=MONDAY)
    studying.work_after_all(actor=ada, days=days)
    assert not TimeOff.objects.exists()


def test_progress_counts_in_every_current_plan_with_the_course(people, ada, step):
    other = planned(people, "scientist")
    enrolling.complete(actor=ada, step=step, on_date=FRIDAY)
    assert set(PlanStep.objects.values_list("completed_on", flat=True)) == {FRIDAY}
    other.refresh_from_db()
    enrolling.reopen(actor=ada, step=other, on_date=FRIDAY)
    assert set(PlanStep.objects.values_list("completed_on", flat=True)) == {None}
    assert states() == [(State.STARTED, MONDAY, None)]
    assert AuditEntry.objects.filter(action="step.completed").count() == 2


def test_what_an_hr_system_reports_is_progress_too(people, step):
    hana = people.actor(people.hana)
    course = {"course": step.course, "started_on": MONDAY}
    done = Report(**course, state=State.FINISHED, ended_on=FRIDAY)
    attempting.report(actor=hana, learner=people.ada_learner, reports=[done], on_date=FRIDAY)
    step.refresh_from_db()
    assert step.completed_on == FRIDAY
    not_so = Report(**course, state=State.STARTED)
    attempting.report(actor=hana, learner=people.ada_learner, reports=[not_so], on_date=FRIDAY)
    step.refresh_from_db()
    assert step.completed_on is None
