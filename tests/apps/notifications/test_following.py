"""Events become notifications: of the right people, once, as data."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from groundwork.accounts.models import Membership, User
from groundwork.core.actors import ADMINISTRATOR_RIGHTS, Actor
from groundwork.credentials import issuing
from groundwork.events.models import Event
from groundwork.frameworks.models import Skill
from groundwork.learners import disputing, recording
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from groundwork.notifications import choosing, following
from groundwork.notifications.kinds import DEFAULTS, Kind, Mail, Ways
from groundwork.notifications.models import Notification
from groundwork.plans import assigning, jobs
from tests import builders, cast
from tests.apps.notifications.telling import deliver, told
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    gathered = cast.gather()
    deliver()
    Notification.objects.all().delete()
    return gathered


def show(people: Cast, *, kind: str = Evidence.Kind.CERTIFICATE, level: int = 3) -> Evidence:
    """Hana records that Ada knows Python."""
    builders.make_skill("python")
    seen = Observation(skill="python", level=level, kind=kind, evidenced_on=timezone.localdate())
    recording.record_evidence(
        actor=people.actor(people.hana), learner=people.ada_learner, observations=[seen]
    )
    return Evidence.objects.get(learner=people.ada_learner)


def test_an_assigned_role_is_told_to_the_person(people: Cast):
    role = builders.make_role("engineer")
    assignment = builders.make_assignment(people.ada_learner, role, due_in_days=90)
    deliver()
    [notification] = told(people.ada, Kind.ASSIGNED)
    assert notification.data == {"role": "engineer", "due_on": assignment.due_on.isoformat()}
    assert notification.subject == f"assignment:{assignment.pk}"
    assert notification.mail_state == Notification.MailState.WAITING
    assert Notification.objects.count() == 1


def test_nobody_is_told_what_they_assigned_to_themselves(people: Cast):
    hana = people.actor(people.hana)
    today = timezone.localdate()
    assigning.assign(
        actor=hana,
        learner=recording.learner_of(people.hana, actor=hana),
        role=builders.make_role("engineer"),
        due_on=today + timedelta(days=90),
        on_date=today,
    )
    deliver()
    assert not told(people.hana, Kind.ASSIGNED)


def test_an_assignment_that_is_withdrawn_before_its_event_comes_is_not_told(people: Cast):
    assignment = builders.make_assignment(people.ada_learner, builders.make_role("engineer"))
    assigning.withdraw(actor=people.actor(people.hana), assignment=assignment)
    deliver()
    assert not told(people.ada, Kind.ASSIGNED)


def test_a_person_without_an_account_is_told_nothing(people: Cast):
    entered = builders.make_learner(organisation=people.ours)
    builders.make_assignment(entered, builders.make_role("engineer"))
    deliver()
    assert not Notification.objects.exists()


@pytest.mark.parametrize("stands", [True, False])
def test_a_settled_dispute_is_told_with_its_outcome(people: Cast, stands: bool):
    line = show(people)
    disputing.dispute(actor=people.actor(people.ada), line=line, words="Not so")
    settle = disputing.uphold if stands else disputing.strike
    settle(actor=people.actor(people.hana), line=line)
    deliver()
    [notification] = told(people.ada, Kind.SETTLED)
    assert notification.data == {"skill": "python", "stands": stands}


def test_a_dispute_that_is_settled_twice_is_told_twice(people: Cast):
    line, hana = show(people), people.actor(people.hana)
    disputing.dispute(actor=people.actor(people.ada), line=line, words="Not so")
    disputing.strike(actor=hana, line=line)
    disputing.uphold(actor=hana, line=line)
    deliver()
    assert [one.data["stands"] for one in told(people.ada, Kind.SETTLED)] == [False, True]


def test_an_issued_credential_is_told_to_its_holder(people: Cast):
    show(people)
    award = issuing.issue_for_skill(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        skill=Skill.objects.get(slug="python"),
        with_name=False,
        now=timezone.now(),
    )
    deliver()
    [notification] = told(people.ada, Kind.CREDENTIAL_ISSUED)
    assert notification.data == {
        "role": None,
        "also": None,
        "skill": "python",
        "level": 3,
        "until": award.valid_until.date().isoformat(),
    }
    assert notification.mail_state == Notification.MailState.NONE


def job_of(people: Cast, asked_by: User | None) -> None:
    actor = Actor(
        organisation_id=people.ours.pk,
        rights=ADMINISTRATOR_RIGHTS,
        user_id=asked_by.pk if asked_by else None,
        service_account_id=None if asked_by else builders.make_key(people.ours)[0].pk,
    )
    builders.make_course(teaches={"python": 2})
    role, far = builders.make_role("engineer"), builders.make_role("far", requires={"untaught": 3})
    job = jobs.request(actor=actor, pairs=[(people.ada_learner, role), (people.ada_learner, far)])
    # The worker is given the job by an event of its own.
    Event.objects.filter(kind="planning-job.requested").update(relayed_at=timezone.now())
    jobs.work_off(job.pk)
    jobs.work_off(job.pk)
    deliver()


def test_a_job_that_ended_is_told_to_who_asked_for_it(people: Cast):
    job_of(people, people.ben)
    [notification] = told(people.ben, Kind.JOB_ENDED)
    assert notification.data == {"made": 2, "failed": 0}
    assert notification.organisation == people.ours
    assert not told(people.hana, Kind.JOB_ENDED)


def test_a_job_that_a_system_asked_for_is_told_to_the_administrators(people: Cast):
    job_of(people, None)
    assert told(people.ben, Kind.JOB_ENDED)
    assert told(people.hana, Kind.JOB_ENDED)
    assert not told(people.ada, Kind.JOB_ENDED)
    assert Event.objects.filter(kind="planning-job.finished").count() == 1


def test_somebody_who_joins_is_told_to_the_other_administrators_only(people: Cast):
    administrator = Membership.Kind.ADMINISTRATOR
    dora = builders.make_user("dora@example.com", organisation=people.ours, kind=administrator)
    deliver()
    assert [one.data for one in told(people.hana, Kind.JOINED)] == [{"user": str(dora.pk)}]
    assert told(people.ben, Kind.JOINED)
    assert not told(people.ada, Kind.JOINED)
    assert not told(people.otto, Kind.JOINED)
    assert not told(dora, Kind.JOINED)


def test_an_event_that_comes_twice_is_told_once(people: Cast):
    builders.make_assignment(people.ada_learner, builders.make_role("engineer"))
    deliver()
    following.on_assigned(Event.objects.get(kind="assignment.made"))
    assert len(told(people.ada, Kind.ASSIGNED)) == 1


def test_what_is_off_is_not_told_and_a_single_way_is_kept_to(people: Cast):
    ada, now = people.actor(people.ada), timezone.now()
    ways = dict(DEFAULTS) | {Kind.ASSIGNED: Ways(in_app=False, mail=Mail.NEVER)}
    choosing.change(actor=ada, user=people.ada, ways=ways, times=choosing.Times(), now=now)
    builders.make_assignment(people.ada_learner, builders.make_role("engineer"))
    deliver()
    assert not told(people.ada, Kind.ASSIGNED)
    ways[Kind.ASSIGNED] = Ways(in_app=False, mail=Mail.AT_ONCE)
    choosing.change(actor=ada, user=people.ada, ways=ways, times=choosing.Times(), now=now)
    builders.make_assignment(people.ada_learner, builders.make_role("second"))
    deliver()
    [notification] = told(people.ada, Kind.ASSIGNED)
    assert not notification.in_app
    assert notification.mail_state == Notification.MailState.WAITING


def test_one_sees_ones_own_and_those_of_an_organisation_while_one_administers_it(people: Cast):
    builders.make_assignment(people.ada_learner, builders.make_role("engineer"))
    builders.make_user("dora@example.com", organisation=people.ours)
    deliver()

    def seen(user: User) -> list[str]:
        return sorted(Notification.objects.visible_to(people.actor(user)).values_list("kind", flat=True))

    assert seen(people.ada) == [Kind.ASSIGNED]
    assert seen(people.hana) == [Kind.JOINED]
    assert seen(people.otto) == []
    assert not Notification.objects.visible_to(Actor()).exists()
    Membership.objects.filter(user=people.hana).update(kind=Membership.Kind.MEMBER)
    assert seen(people.hana) == []
