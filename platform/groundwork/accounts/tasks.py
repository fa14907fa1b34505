"""Housekeeping of accounts."""

from __future__ import annotations

from typing import Any

from celery import shared_task


@shared_task(time_limit=300)
def forget_ended_sessions(**_kwargs: Any) -> None:
    """Delete what is listed of sessions that are over."""
    from groundwork.accounts import sessions

    sessions.forget_ended()
