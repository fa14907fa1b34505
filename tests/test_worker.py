"""A worker is a process of its own, so its tasks need a database that both see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from groundwork.core import tasks


@pytest.mark.slow
def test_expired_sessions_are_purged_by_the_worker(celery_worker_process):
    now = datetime.now(UTC)
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="live", session_data="", expire_date=now + timedelta(hours=1))

    tasks.purge_sessions.delay().get(timeout=30)

    assert [session.session_key for session in Session.objects.all()] == ["live"]
