"""What happens to an account in allauth's pages goes to the audit trail as well."""

from __future__ import annotations

from typing import Any

from allauth.account import signals
from allauth.core import context
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social_signals
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from groundwork.accounts import actors, sessions
from groundwork.accounts.models import User
from groundwork.core.actors import SYSTEM, Actor
from groundwork.events import outbox


def listen() -> None:
    """Begin to listen; called once, when the applications are ready."""
    signals.email_changed.connect(_email_changed)
    for signal in (signals.password_set, signals.password_changed, signals.password_reset):
        signal.connect(_password_changed)
    # Of the row, because allauth's own signal comes after the transaction; an operator's command counts, too.
    post_save.connect(_authenticator_saved, sender=Authenticator)
    post_delete.connect(_authenticator_deleted, sender=Authenticator)
    mfa_signals.authenticator_used.connect(_authenticator_used)
    social_signals.social_account_added.connect(_connected)
    social_signals.social_account_removed.connect(_disconnected)


def _email_changed(*, user: User, **_kwargs: Any) -> None:
    outbox.record(actor=actors.of_user(user), action="account.email-changed", subject=user)


def _password_changed(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    actor = actors.of_user(user)
    outbox.record(actor=actor, action="account.password-changed", subject=user)
    # They are void from now on; the list must not show them as good. This one ends by allauth's hand.
    sessions.end_others(user=user, current=request.session.session_key, actor=actor)


def _authenticator_saved(*, instance: Authenticator, created: bool, **_kwargs: Any) -> None:
    if not created:
        return
    if instance.type == Authenticator.Type.TOTP:
        _record("two-factor.switched-on", instance)
    else:
        _record("recovery-codes.made", instance)


def _authenticator_deleted(*, instance: Authenticator, origin: Any, **_kwargs: Any) -> None:
    of_itself = isinstance(origin, Authenticator) or getattr(origin, "model", None) is Authenticator
    # With an erased account everything goes; that is told once, by whoever erases it.
    if of_itself and instance.type == Authenticator.Type.TOTP:
        _record("two-factor.switched-off", instance)


def _authenticator_used(*, authenticator: Authenticator, **_kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _record("recovery-codes.used", authenticator)


def _connected(*, request: HttpRequest, sociallogin: Any, **_kwargs: Any) -> None:
    user: User = sociallogin.user
    details = {"provider": sociallogin.account.provider}
    outbox.record(actor=actors.of_user(user), action="sign-in.connected", subject=user, details=details)


def _disconnected(*, request: HttpRequest, socialaccount: Any, **_kwargs: Any) -> None:
    user: User = socialaccount.user
    details = {"provider": socialaccount.provider}
    outbox.record(actor=actors.of_user(user), action="sign-in.disconnected", subject=user, details=details)


def _record(action: str, authenticator: Authenticator) -> None:
    owner: User = authenticator.user
    outbox.record(
        actor=_acting() or SYSTEM,
        action=action,
        subject=owner,
        organisation_id=actors.of_user(owner).organisation_id,
    )


def _acting() -> Actor | None:
    """Who is signed in where this happens; nobody in a command, and nobody yet while signing in."""
    user = getattr(getattr(context, "request", None), "user", None)
    return actors.of_user(user) if isinstance(user, User) else None
