"""Celery entries of planning."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from groundwork.plans import jobs, retraining
from groundwork.plans.clock import countdown

# A large job takes turns: each run ends long before its limit and queues the next.
RUN_SECONDS = 600.0


@shared_task(time_limit=1200, autoretry_for=(OperationalError,), retry_backoff=True)
def work_off(*, job_id: str, **_kwargs: Any) -> None:
    """Make the plans of one job."""
    if not jobs.work_off(UUID(job_id), stop=countdown(RUN_SECONDS)):
        work_off.delay(job_id=job_id)


@shared_task(time_limit=1200, ignore_result=True)
def retrain(**_kwargs: Any) -> None:
    """Learn from the attempts of everybody; started by the schedule every night."""
    retraining.retrain(on_date=timezone.localdate())
