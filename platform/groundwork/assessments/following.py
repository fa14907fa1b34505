"""Loads the banks among the fixtures after the vocabulary they speak of was loaded."""

from __future__ import annotations

import logging

from django.conf import settings
from django.utils import timezone

from groundwork.assessments import importing
from groundwork.core.actors import SYSTEM
from groundwork.events.models import Event

logger = logging.getLogger(__name__)


def on_framework_imported(_event: Event) -> None:
    """Bring every bank among the fixtures up to date; a wrong one is logged and left as it was."""
    for path in importing.files(settings.FIXTURES):
        report = importing.import_bank(path.read_text(encoding="utf-8"), actor=SYSTEM, now=timezone.now())
        for error in report.errors:
            logger.error("%s: %s", path.name, error)
