"""Celery entries of notifications."""

from __future__ import annotations

import time
from typing import Any

from celery import shared_task
from django.utils import timezone

from groundwork.notifications import looking

# A long look ends before its limit; the next one goes on where it ended.
RUN_SECONDS = 600.0


@shared_task(time_limit=1200, ignore_result=True)
def look(**_kwargs: Any) -> None:
    """Look for dates that come near; started by the schedule every hour."""
    ends = time.monotonic() + RUN_SECONDS
    looking.look(now=timezone.now(), has_time=lambda: time.monotonic() < ends)
