"""How a person reads: their clock and their language, or those of the installation."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings

from groundwork.accounts import preferences
from groundwork.accounts.models import User


def zone_of(user: User) -> ZoneInfo:
    """The person's time zone."""
    return preferences.zone_of(user) or ZoneInfo(settings.TIME_ZONE)


def language_of(user: User) -> str:
    """The language the person is written to in."""
    return user.language or settings.LANGUAGE_CODE
