"""What every page needs to know."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from groundwork.accounts.models import Membership, User
from groundwork.web import visiting

THEMES = {"light", "dark"}


def page(request: HttpRequest) -> dict[str, Any]:
    """Theme, membership, and what waits in the session of a signed-in person."""
    theme = request.COOKIES.get("groundwork_theme", "")
    membership = None
    user = getattr(request, "user", None)
    if isinstance(user, User):
        theme = user.theme or theme
        membership = Membership.objects.select_related("organisation").filter(user=user).first()
    return {
        "visit_count": len(visiting.levels(request)) if isinstance(user, User) else 0,
        "removed_count": len(visiting.removed(request)) if isinstance(user, User) else 0,
        "theme": theme if theme in THEMES else "",
        "membership": membership,
        "is_administrator": bool(membership and membership.kind == Membership.Kind.ADMINISTRATOR),
    }
