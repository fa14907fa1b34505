"""Where a person is signed in: one row for each session, with the device and the network, never the address.

The table is allauth's; what goes into it is ours. A row is there as long as its session, and an hour at most
beyond.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from groundwork.accounts.models import User
from groundwork.core.actors import Actor
from groundwork.core.errors import NotFoundError
from groundwork.events import outbox

# How often a session that is in use is noted as such.
SEEN_EVERY = timedelta(minutes=5)
NETWORK_BITS = {4: 24, 6: 48}
_LISTED = "listed_as_session"


def network_of(address: str) -> str:
    """The network an address belongs to, as its first address: some 250 subscribers, or one site in IPv6.

    Enough to tell home from abroad; too little to tell who else was there.
    """
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((parsed, NETWORK_BITS[parsed.version]), strict=False).network_address)


def opened(request: HttpRequest, user: User) -> None:
    """List the session that somebody has just signed in with."""
    if not request.session.session_key:
        request.session.save()
    UserSession.objects.update_or_create(
        session_key=request.session.session_key, defaults={"user": user, **_client_of(request)}
    )
    request.session[_LISTED] = True


def seen(request: HttpRequest) -> None:
    """Note, now and then, that a listed session is in use."""
    key = request.session.session_key
    if request.session.get(_LISTED) and cache.add(f"session-seen:{key}", 1, timeout=SEEN_EVERY.seconds):
        UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now(), **_client_of(request))


def _client_of(request: HttpRequest) -> dict[str, str]:
    longest = UserSession._meta.get_field("user_agent").max_length
    return {
        "ip": network_of(get_adapter().get_client_ip(request)),
        "user_agent": request.headers.get("user-agent", "")[:longest],
    }


def of_user(user: User) -> QuerySet[UserSession]:
    """The sessions that are still good, the one used last first."""
    alive = Session.objects.filter(pk=OuterRef("session_key"), expire_date__gt=timezone.now())
    rows: QuerySet[UserSession] = UserSession.objects.filter(Exists(alive), user=user)
    return rows.order_by("-last_seen_at", "pk")


@transaction.atomic
def end(*, user: User, pk: int, actor: Actor) -> None:
    """Sign one device out. Raises NotFoundError for a session that is not this person's or is over."""
    found = of_user(user).filter(pk=pk).first()
    if found is None:
        raise NotFoundError("no such session")
    _end([found])
    outbox.record(actor=actor, action="sessions.ended", subject=user, details={"sessions": 1})


@transaction.atomic
def end_others(*, user: User, current: str | None, actor: Actor) -> int:
    """Sign out everywhere but in the session `current`; returns how many were ended."""
    others = list(of_user(user).exclude(session_key=current or ""))
    if others:
        _end(others)
        details = {"sessions": len(others)}
        outbox.record(actor=actor, action="sessions.ended", subject=user, details=details)
    return len(others)


def _end(rows: list[UserSession]) -> None:
    Session.objects.filter(pk__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()


def forget_ended() -> int:
    """Delete the rows of sessions that are over; returns how many."""
    alive = Session.objects.filter(pk=OuterRef("session_key"), expire_date__gt=timezone.now())
    deleted: int = UserSession.objects.filter(~Exists(alive)).delete()[0]
    return deleted
