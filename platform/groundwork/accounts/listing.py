"""Stands for parts of allauth in the list of applications, where their start is not to our liking."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.apps import SocialAccountConfig
from allauth.usersessions.apps import UserSessionsConfig


class SessionsConfig(UserSessionsConfig):  # type: ignore[misc]  # allauth ships no types
    """Allauth's table, filled by us: its own way of filling it stores whole addresses, on each request."""

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in

        user_logged_in.connect(_signed_in)


class ProvidersConfig(SocialAccountConfig):  # type: ignore[misc]  # see SessionsConfig
    """Allauth loads every provider into every process; here the first that is asked for does."""

    def ready(self) -> None:
        from allauth.socialaccount import checks  # noqa: F401  # registers them


def _signed_in(*, request: Any, user: Any, **_kwargs: Any) -> None:
    from groundwork.accounts import sessions

    sessions.opened(request, user)
