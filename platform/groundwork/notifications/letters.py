"""One e-mail about one or more notifications, in its reader's language and by their clock."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.accounts import actors
from groundwork.accounts.models import User
from groundwork.notifications import people, stopping, wording
from groundwork.notifications.models import Notification

MOST = 50
"""Notifications told in one e-mail; the page has the rest."""


def to(user: User, rows: Sequence[Notification]) -> EmailMultiAlternatives:
    """The e-mail to a person about `rows`: text, and the same as plain HTML."""
    with translation.override(people.language_of(user)), timezone.override(people.zone_of(user)):
        context = _context(user, rows)
        message = EmailMultiAlternatives(
            subject=_subject(context["notices"], count=len(rows)),
            body=render_to_string("notifications/letter.txt", context),
            to=[user.email],
            headers=_headers(user, rows, stop=context["stop"]),
        )
        message.attach_alternative(render_to_string("notifications/letter.html", context), "text/html")
    return message


def _context(user: User, rows: Sequence[Notification]) -> dict[str, Any]:
    shown = wording.notices(rows[:MOST], actor=actors.of_user(user))
    kinds = {one.kind for one in shown}
    return {
        "user": user,
        "language": translation.get_language(),
        "base": settings.BASE_URL,
        "notices": shown,
        "more": len(rows) - len(shown),
        "all": settings.BASE_URL + reverse("web:notifications"),
        "settings": settings.BASE_URL + reverse("web:notification_settings"),
        "stop": settings.BASE_URL + stopping.link(user, kinds=kinds),
        "stopped": sorted(str(kind.label) for kind in kinds),
    }


def _subject(notices: Sequence[wording.Notice], *, count: int) -> str:
    title = notices[0].title
    if count > 1:
        more = ngettext("%(title)s, and %(n)d more", "%(title)s, and %(n)d more", count - 1)
        title = more % {"title": title, "n": count - 1}
    # A header is one line, whatever a role or a person is called.
    return " ".join(f"[{_('Groundwork')}] {title}".split())


def _headers(user: User, rows: Sequence[Notification], *, stop: str) -> dict[str, str]:
    named = hashlib.sha256("/".join([str(user.pk), *(str(row.pk) for row in rows)]).encode()).hexdigest()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return {
        # The same for the same notifications: a mail server that gets it twice can tell.
        "Message-ID": f"<{named[:32]}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
