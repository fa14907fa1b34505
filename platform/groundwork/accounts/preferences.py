"""How the platform speaks to a person: name, language, time zone and theme, kept on the account."""

from __future__ import annotations

from dataclasses import dataclass, fields
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Theme, User
from groundwork.core.actors import Actor
from groundwork.core.errors import InvalidError
from groundwork.events import outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to change; None leaves a thing as it is, "" gives the choice back."""

    name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    theme: str | None = None


@transaction.atomic
def change(*, user: User, wanted: Change, actor: Actor) -> list[str]:
    """Keep what is wanted and return the fields that changed. Raises InvalidError for an unknown value."""
    _check(wanted)
    values = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    changed = sorted(
        name for name, value in values.items() if value is not None and value != getattr(user, name)
    )
    for name in changed:
        setattr(user, name, values[name])
    if changed:
        user.save(update_fields=changed)
        details = {"user": str(user.pk), "fields": changed}
        outbox.record(actor=actor, action="account.changed", subject=user, details=details)
    return changed


def _check(wanted: Change) -> None:
    known = {
        "language": {code for code, _name in settings.LANGUAGES},
        "theme": set(Theme.values),
        "time_zone": available_timezones() if wanted.time_zone else set(),
    }
    for name, values in known.items():
        value = getattr(wanted, name)
        if value and value not in values:
            raise InvalidError(_("This choice is not known. Choose one from the list."), field=name)


def zone_of(user: User) -> ZoneInfo | None:
    """The person's time zone, or None for the server's; a zone that tz data no longer know counts as none."""
    try:
        # Not asked of the list of all zones: reading that takes longer than many a page.
        return ZoneInfo(user.time_zone) if user.time_zone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
