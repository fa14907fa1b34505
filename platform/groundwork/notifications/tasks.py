"""Celery entries of notifications."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from celery import shared_task
from django.utils import timezone

from groundwork.notifications import delivering, looking
from groundwork.notifications.models import Notification

# A long run ends before its limit; the next one goes on where it ended.
RUN_SECONDS = 600.0


@shared_task(time_limit=1200, ignore_result=True)
def look(**_kwargs: Any) -> None:
    """Look for dates that come near, and forget what is old; started by the schedule every hour."""
    looking.look(now=timezone.now(), has_time=_countdown())
    Notification.objects.outdated(timezone.now()).delete()


@shared_task(time_limit=1200, ignore_result=True)
def send(**_kwargs: Any) -> None:
    """Send the e-mails that are due; started by the schedule every minute."""
    delivering.send_due(now=timezone.now(), has_time=_countdown())


def _countdown() -> Callable[[], bool]:
    ends = time.monotonic() + RUN_SECONDS
    return lambda: time.monotonic() < ends
