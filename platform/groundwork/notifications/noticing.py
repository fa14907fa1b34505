"""Tell people something, once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from groundwork.accounts.models import User
from groundwork.notifications import choosing
from groundwork.notifications.kinds import Kind, Ways
from groundwork.notifications.models import Notification

MailState = Notification.MailState


def tell(
    people: Iterable[User],
    *,
    kind: Kind,
    subject: str,
    data: dict[str, Any],
    now: datetime,
    period: str = "",
    organisation_id: UUID | None = None,
) -> None:
    """Tell each of these people in the ways they chose; who was told of this already is not told again.

    `data` holds ids and figures, never sentences or names of people. Select `delivery_settings` with the
    people: it is read for each.
    """
    told = {user.pk: user for user in people if user.is_active}
    ways = choosing.ways_to(told.values(), kind=kind)
    Notification.objects.bulk_create(
        [
            _notification(
                told[pk],
                wanted,
                now=now,
                kind=kind,
                subject=subject,
                period=period,
                data=data,
                organisation_id=organisation_id,
            )
            for pk, wanted in ways.items()
            if not wanted.is_off
        ],
        # The unique key: an event that comes twice, or a second look at the same day.
        ignore_conflicts=True,
    )


def _notification(user: User, ways: Ways, *, now: datetime, kind: Kind, **fields: Any) -> Notification:
    due = choosing.mail_due(user, mail=ways.mail, now=now)
    return Notification(
        user=user,
        kind=kind,
        created_at=now,
        in_app=ways.in_app,
        mail_state=MailState.NONE if due is None else MailState.WAITING,
        mail_due_at=due,
        **fields,
    )
