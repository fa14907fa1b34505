"""How a person reads: their clock and their language, or those of the installation."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings

from groundwork.accounts.models import User


def zone_of(user: User) -> ZoneInfo:
    """The person's time zone."""
    return ZoneInfo(getattr(user, "time_zone", "") or settings.TIME_ZONE)


def language_of(user: User) -> str:
    """The language the person is written to in."""
    return str(getattr(user, "language", "") or settings.LANGUAGE_CODE)
