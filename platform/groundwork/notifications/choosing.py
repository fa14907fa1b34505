"""How people want to be told: per kind and way, the digest, the quiet hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from groundwork.accounts.models import User
from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.notifications import people, quiet
from groundwork.notifications.kinds import DEFAULTS, Kind, Mail, Ways
from groundwork.notifications.models import DeliverySettings, KindChoice, Notification

MailState = Notification.MailState


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When e-mail may come, by the person's own clock."""

    digest_every: str = DeliverySettings.Every.DAY.value
    digest_hour: int = DeliverySettings.HOUR
    quiet_from: time | None = None
    quiet_to: time | None = None


def times_of(user: User) -> Times:
    """The person's, or the defaults; no query where `delivery_settings` was selected."""
    own: DeliverySettings | None = getattr(user, "delivery_settings", None)
    if own is None:
        return Times()
    return Times(
        digest_every=own.digest_every,
        digest_hour=own.digest_hour,
        quiet_from=own.quiet_from,
        quiet_to=own.quiet_to,
    )


def ways_of(user: User) -> dict[Kind, Ways]:
    """How the person is told of each kind."""
    chosen = {Kind(one.kind): _ways(one) for one in KindChoice.objects.filter(user=user)}
    return {**DEFAULTS, **chosen}


def ways_to(users: Iterable[User], *, kind: Kind) -> dict[UUID, Ways]:
    """How each of these people is told of a kind."""
    wanted = {user.pk: DEFAULTS[kind] for user in users}
    chosen = KindChoice.objects.filter(user__in=wanted, kind=kind)
    return wanted | {one.user_id: _ways(one) for one in chosen}


def mail_due(user: User, *, mail: Mail, now: datetime) -> datetime | None:
    """When an e-mail to the person may leave; None for never."""
    if mail == Mail.NEVER:
        return None
    times, zone = times_of(user), people.zone_of(user)
    moment = now
    if mail == Mail.DIGEST:
        weekly = times.digest_every == DeliverySettings.Every.WEEK
        moment = quiet.next_digest(now, zone=zone, hour=times.digest_hour, weekly=weekly)
    return quiet.after_quiet(moment, zone=zone, start=times.quiet_from, end=times.quiet_to)


@transaction.atomic
def change(*, actor: Actor, user: User, ways: Mapping[Kind, Ways], times: Times, now: datetime) -> None:
    """Write down what the person wants; e-mails that wait follow at once."""
    DeliverySettings.objects.update_or_create(
        user=user,
        defaults={
            "digest_every": times.digest_every,
            "digest_hour": times.digest_hour,
            "quiet_from": times.quiet_from,
            "quiet_to": times.quiet_to,
        },
    )
    changed = _write(user, ways)
    _follow(user, now=now)
    outbox.record(actor=actor, action="notifications.changed", subject=user, details={"kinds": changed})


@transaction.atomic
def set_mail(*, actor: Actor, user: User, mail: Mapping[Kind, Mail], now: datetime) -> dict[Kind, Mail]:
    """Set the e-mail of some kinds and leave the page as it is; returns what it was before."""
    before = ways_of(user)
    changed = _write(user, {kind: Ways(in_app=before[kind].in_app, mail=mail[kind]) for kind in mail})
    _follow(user, now=now)
    if changed:
        outbox.record(actor=actor, action="notifications.changed", subject=user, details={"kinds": changed})
    return {kind: before[kind].mail for kind in mail}


def _write(user: User, ways: Mapping[Kind, Ways]) -> list[str]:
    """Returns the kinds that changed."""
    before = ways_of(user)
    changed = [kind for kind, wanted in ways.items() if wanted != before[kind]]
    for kind in changed:
        KindChoice.objects.update_or_create(
            user=user, kind=kind, defaults={"in_app": ways[kind].in_app, "mail": ways[kind].mail}
        )
    return sorted(kind.value for kind in changed)


def _follow(user: User, *, now: datetime) -> None:
    """Give what waits its new time, or let it go; what is being retried keeps its pause."""
    current = User.objects.select_related("delivery_settings").get(pk=user.pk)
    for kind, ways in ways_of(user).items():
        waiting = Notification.objects.filter(user=user, kind=kind, mail_state=MailState.WAITING)
        due = mail_due(current, mail=ways.mail, now=now)
        if due is None:
            waiting.update(mail_state=MailState.NONE)
        else:
            waiting.filter(mail_attempts=0).update(mail_due_at=due)


def _ways(choice: KindChoice) -> Ways:
    return Ways(in_app=choice.in_app, mail=Mail(choice.mail))
