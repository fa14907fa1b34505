"""What every page needs to know."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from groundwork.accounts.models import Membership, User
from groundwork.notifications.models import Notification
from groundwork.web import visiting

THEMES = {"light", "dark"}
MOST_SHOWN = 99


def page(request: HttpRequest) -> dict[str, Any]:
    """Theme, membership, and what waits in the session of a signed-in person."""
    theme = request.COOKIES.get("groundwork_theme", "")
    membership = None
    user = getattr(request, "user", None)
    if isinstance(user, User):
        theme = user.theme or theme
        membership = Membership.objects.select_related("organisation").filter(user=user).first()
    is_administrator = bool(membership and membership.kind == Membership.Kind.ADMINISTRATOR)
    administered = membership.organisation_id if membership and is_administrator else None
    return {
        "visit_count": len(visiting.levels(request)) if isinstance(user, User) else 0,
        "removed_count": len(visiting.removed(request)) if isinstance(user, User) else 0,
        "theme": theme if theme in THEMES else "",
        "membership": membership,
        "is_administrator": is_administrator,
        # Asked for by the navigation only, which not every answer has.
        "unread_count": SimpleLazyObject(partial(_unread_count, user, administered)),
        "most_unread": MOST_SHOWN,
    }


def _unread_count(user: object, administered: UUID | None) -> int:
    """Up to one more than is shown as a number."""
    if not isinstance(user, User):
        return 0
    return Notification.objects.of(user.pk, administered=administered).unread()[: MOST_SHOWN + 1].count()
