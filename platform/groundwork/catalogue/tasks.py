"""Celery entries of the catalogue."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from groundwork.catalogue import tagging
from groundwork.core.actors import SYSTEM

SLICE = 4000
"""Courses a task reads at most; it starts the next one for the rest."""


@shared_task(time_limit=1200, ignore_result=True)
def tag_courses(**_kwargs: Any) -> None:
    """Suggest what courses without skills teach; started by the schedule."""
    tally = tagging.tag(actor=SYSTEM, now=timezone.now(), limit=SLICE)
    if not tally.finished:
        tag_courses.delay()
