"""A worker is a process of its own, so its tasks need a database that both see."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session

from groundwork.core import tasks
from groundwork.notifications import tasks as notifications
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import Notification
from tests import builders, cast


@pytest.mark.slow
def test_expired_sessions_are_purged_by_the_worker(celery_worker_process):
    now = datetime.now(UTC)
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="live", session_data="", expire_date=now + timedelta(hours=1))

    tasks.purge_sessions.delay().get(timeout=30)

    assert [session.session_key for session in Session.objects.all()] == ["live"]


@pytest.mark.slow
def test_due_dates_are_found_and_sent_by_the_worker(celery_worker_process):
    """Without a mail server the letter goes to the worker's console; old notifications are forgotten."""
    people = cast.gather()
    Notification.objects.all().delete()
    EmailAddress.objects.create(user=people.ada, email=people.ada.email, verified=True, primary=True)
    # It is past five in the morning in one of the two at any time.
    people.ada.time_zone = "UTC" if datetime.now(UTC).hour >= 5 else "Asia/Shanghai"
    people.ada.save()
    assignment = builders.make_assignment(people.ada_learner, builders.make_role("engineer"), due_in_days=3)
    type(assignment).objects.update(created_at=datetime.now(UTC) - timedelta(days=60))
    Notification.objects.create(
        user=people.ben, kind=Kind.WEEK, subject="week", created_at=datetime.now(UTC) - timedelta(days=366)
    )

    notifications.look.apply_async(ignore_result=False).get(timeout=30)
    assert not Notification.objects.filter(user=people.ben).exists()
    found = Notification.objects.get(user=people.ada, kind=Kind.DUE_SOON)
    assert found.mail_state == Notification.MailState.WAITING

    notifications.send.apply_async(ignore_result=False).get(timeout=30)
    found.refresh_from_db()
    assert found.mail_state == Notification.MailState.SENT
