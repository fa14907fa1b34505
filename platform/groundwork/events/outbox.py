"""Record a change once: audit entry and event in the caller's transaction, relay afterwards."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import F
from django.utils import timezone

from groundwork.core.actors import Actor
from groundwork.events.models import AuditEntry, Event

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)

Handler = Callable[[Event], None]
_handlers: defaultdict[str, list[Handler]] = defaultdict(list)
_urgent: set[str] = set()


def subscribe(kind: str, handler: Handler, *, at_once: bool = True) -> None:
    """Call `handler` for each relayed event of `kind`; it must be idempotent (delivery is at least once).

    `at_once`: right after the commit, while whoever made the change waits. Without it, some seconds later by
    the worker's schedule, unless another handler of the kind is in a hurry.
    """
    if handler not in _handlers[kind]:
        _handlers[kind].append(handler)
    if at_once:
        _urgent.add(kind)


def record(
    *,
    actor: Actor,
    action: str,
    subject: models.Model,
    organisation_id: UUID | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write one audit entry and one event about `subject`. Call inside the transaction of the change.

    `details` must hold no secrets and no free text a person wrote.
    """
    label = subject._meta.label_lower
    owner = organisation_id or actor.organisation_id
    AuditEntry.objects.create(
        actor=actor.label,
        organisation_id=owner,
        action=action,
        subject_type=label,
        subject_id=str(subject.pk),
        details=details or {},
    )
    event = Event.objects.create(
        kind=action,
        subject_type=label,
        subject_id=str(subject.pk),
        organisation_id=owner,
        payload=details or {},
        # Nobody waits for most kinds of event.
        relayed_at=None if _handlers.get(action) else timezone.now(),
    )
    if event.relayed_at is None and action in _urgent:
        # Deliver at once where all goes well; the worker's schedule picks up whatever this leaves behind.
        transaction.on_commit(partial(_relay_one, event.pk), robust=True)


def relay(*, limit: int = 100) -> int:
    """Hand events that are due to their handlers, oldest first; returns how many were relayed.

    A failing handler leaves its event waiting, does not stop the others, and is called again after a pause
    that doubles from 5 seconds up to an hour.
    """
    due = Event.objects.filter(relayed_at=None, due_at__lte=timezone.now())
    return sum(_relay_one(pk) for pk in due.values_list("pk", flat=True)[:limit])


def _relay_one(pk: int) -> int:
    skip_locked = connection.features.has_select_for_update_skip_locked
    try:
        with transaction.atomic():
            waiting = Event.objects.filter(pk=pk, relayed_at=None)
            event = waiting.select_for_update(skip_locked=skip_locked).first()
            if event is None:
                return 0
            for handler in _handlers[event.kind]:
                handler(event)
            event.relayed_at = timezone.now()
            event.save(update_fields=["relayed_at"])
    except Exception:  # the relay must outlive any one handler; the event stays and is tried again
        logger.exception("event %s could not be relayed", pk)
        _put_off(pk)
        return 0
    return 1


def _put_off(pk: int) -> None:
    event = Event.objects.get(pk=pk)
    pause = min(FIRST_PAUSE * 2 ** min(event.failures, 10), LONGEST_PAUSE)
    Event.objects.filter(pk=pk, relayed_at=None).update(
        failures=F("failures") + 1, due_at=timezone.now() + pause
    )
