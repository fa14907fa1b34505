"""What happens to an account in allauth's pages goes to the audit trail as well."""

from __future__ import annotations

from typing import Any

from allauth.account import signals

from groundwork.accounts import actors
from groundwork.accounts.models import User
from groundwork.events import outbox


def listen() -> None:
    """Begin to listen; called once, when the applications are ready."""
    signals.email_changed.connect(_email_changed)
    for signal in (signals.password_set, signals.password_changed, signals.password_reset):
        signal.connect(_password_changed)


def _email_changed(*, user: User, **_kwargs: Any) -> None:
    outbox.record(actor=actors.of_user(user), action="account.email-changed", subject=user)


def _password_changed(*, user: User, **_kwargs: Any) -> None:
    outbox.record(actor=actors.of_user(user), action="account.password-changed", subject=user)
