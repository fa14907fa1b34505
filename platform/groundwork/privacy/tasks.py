"""Celery entries of erasure."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from groundwork.privacy import erasing
from groundwork.privacy.models import Erasure

# A run ends long before its limit; the schedule goes on with what it left.
RUN_SECONDS = 600.0


@shared_task(time_limit=1200, ignore_result=True, autoretry_for=(OperationalError,), retry_backoff=True)
def erase(*, erasure_id: str, **_kwargs: Any) -> None:
    """Go on with one erasure."""
    ends = time.monotonic() + RUN_SECONDS
    erasing.run(UUID(erasure_id), has_time=lambda: time.monotonic() < ends)


@shared_task(time_limit=60, ignore_result=True)
def erase_due(**_kwargs: Any) -> None:
    """Hand over every erasure whose day has come; started by the schedule."""
    for key in Erasure.objects.due(timezone.now()).values_list("pk", flat=True):
        erase.delay(erasure_id=str(key))
