"""Stop e-mails by a signed link, without signing in, and take that back (RFC 8058)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.urls import reverse

from groundwork.accounts.models import User
from groundwork.core.actors import Actor
from groundwork.notifications import choosing
from groundwork.notifications.kinds import Kind, Mail

STOP, RESUME = "notifications.stop", "notifications.resume"
"""Salts: a link of one sort is none of the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Whose e-mails of which kinds a link stops."""

    user: User
    kinds: tuple[Kind, ...]


def link(user: User, *, kinds: set[Kind]) -> str:
    """The path that stops these kinds. It does not expire: an old e-mail must end its kind, too."""
    token = signing.dumps({"user": str(user.pk), "kinds": sorted(kinds)}, salt=STOP, compress=True)
    return reverse("web:stop_mail", args=[token])


def read(token: str) -> Stop | None:
    """What a link stops; None for a forged one, and for somebody who has no account any more."""
    try:
        held = signing.loads(token, salt=STOP)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=held["user"], is_active=True).select_related("membership").first()
    return Stop(user=user, kinds=tuple(map(Kind, held["kinds"]))) if user else None


def stop(found: Stop, *, now: datetime) -> str:
    """Send no more e-mails of these kinds; returns what takes that back."""
    before = choosing.set_mail(
        actor=_actor(found), user=found.user, mail=dict.fromkeys(found.kinds, Mail.NEVER), now=now
    )
    held = {kind.value: mail.value for kind, mail in before.items()}
    return signing.dumps({"user": str(found.user.pk), "mail": held}, salt=RESUME, compress=True)


def resume(found: Stop, *, token: str, now: datetime) -> bool:
    """Bring back what `stop` ended; whether the token is of this person."""
    try:
        held = signing.loads(token, salt=RESUME)
    except signing.BadSignature:
        return False
    if held["user"] != str(found.user.pk):
        return False
    mail = {Kind(kind): Mail(value) for kind, value in held["mail"].items()}
    choosing.set_mail(actor=_actor(found), user=found.user, mail=mail, now=now)
    return True


def _actor(found: Stop) -> Actor:
    """The person, by the link that only they were sent; it gives no other right."""
    membership = getattr(found.user, "membership", None)
    return Actor(user_id=found.user.pk, organisation_id=membership.organisation_id if membership else None)
