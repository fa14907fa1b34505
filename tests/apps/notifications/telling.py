"""What the tests of notifications share: events delivered as the relay does, rows of one person."""

from __future__ import annotations

from groundwork.accounts.models import User
from groundwork.events import outbox
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import Notification


def deliver() -> None:
    """Relay all that waits, as the worker does."""
    while outbox.relay():
        pass


def told(user: User, kind: Kind) -> list[Notification]:
    """What a person was told of a kind, oldest first."""
    return list(Notification.objects.filter(user=user, kind=kind).order_by("pk"))
