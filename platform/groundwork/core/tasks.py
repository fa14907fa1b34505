"""Housekeeping that no person starts."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.core.management import call_command


@shared_task(time_limit=300)
def purge_sessions(**_kwargs: Any) -> None:
    """Delete expired sessions, and with them every visitor's CV."""
    call_command("clearsessions")
