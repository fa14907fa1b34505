"""The devices a person is signed in on."""

from __future__ import annotations

import re

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from groundwork.accounts import sessions as accounts_sessions
from groundwork.accounts.models import User
from groundwork.core.errors import NotFoundError
from groundwork.web import standing

# The first that is found counts: nearly every browser also names those it descends from.
BROWSERS = [
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"MicroMessenger/", "WeChat"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/|Chromium/", "Chrome"),
    (r"Safari/", "Safari"),
]
SYSTEMS = [
    (r"HarmonyOS", "HarmonyOS"),
    (r"Android", "Android"),
    (r"iPhone|iPad", "iOS"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
]


@login_required
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Every session with its device, when it began and was last used, and from which network."""
    user = _user(request)
    current = request.session.session_key
    rows = [_row(one, current=current) for one in accounts_sessions.of_user(user)]
    others = sum(not row["is_current"] for row in rows)
    return render(request, "web/account/sessions.html", {"rows": rows, "others": others})


def _row(session: UserSession, *, current: str | None) -> dict[str, object]:
    bits = accounts_sessions.NETWORK_BITS[6 if ":" in session.ip else 4]
    return {
        "pk": session.pk,
        "device": device(session.user_agent),
        "began": session.created_at,
        "seen": session.last_seen_at,
        "network": f"{session.ip}/{bits}",
        "is_current": session.session_key == current,
    }


def device(user_agent: str) -> str:
    """The browser and the system in words, as far as the browser tells."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, user_agent)), "")
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, user_agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown device")


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one device out."""
    try:
        accounts_sessions.end(user=_user(request), pk=pk, actor=standing.actor_of(request))
    except NotFoundError as error:
        raise Http404 from error
    messages.success(request, _("This device is signed out."))
    return redirect("web:sessions")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = accounts_sessions.end_others(
        user=_user(request), current=request.session.session_key, actor=standing.actor_of(request)
    )
    text = ngettext("%(n)d other device is signed out.", "%(n)d other devices are signed out.", ended)
    messages.success(request, text % {"n": ended})
    return redirect("web:sessions")


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user
