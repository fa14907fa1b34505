"""Celery entries of the outbox."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from groundwork.events import outbox


@shared_task(time_limit=60, ignore_result=True)
def relay(**_kwargs: Any) -> None:
    """Relay what waits; started by the schedule."""
    outbox.relay()
