"""A signed-in person's language, time zone and theme go with the account; a visitor's with the browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views import i18n
from django.views.decorators.http import require_POST

from groundwork.accounts import preferences, sessions
from groundwork.accounts.models import User
from groundwork.accounts.preferences import Change
from groundwork.core.errors import InvalidError
from groundwork.web import standing

# Nobody reads these in a language of their own, so they need not ask who it is.
IMPERSONAL = ("/api/", "/healthz", "/static/")


class PersonalMiddleware:
    """Answers in the language and on the clock of the account; stands behind what tells who it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = _person(request)
        if user is None:
            return self.get_response(request)
        sessions.seen(request)
        speak_as(request, user)
        zone = preferences.zone_of(user)
        with timezone.override(zone) if zone else nullcontext():
            return self.get_response(request)


def _person(request: HttpRequest) -> User | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or request.path.startswith(IMPERSONAL):
        return None
    return request.user if isinstance(request.user, User) else None


def speak_as(request: HttpRequest, user: User) -> None:
    """Go on in the language of the account, where one was chosen."""
    if user.language and translation.check_for_language(user.language):
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Django's own, and the account remembers."""
    keep(request, Change(language=request.POST.get("language", "")))
    return i18n.set_language(request)


def keep(request: HttpRequest, wanted: Change) -> None:
    """Keep what a visitor keeps in a cookie on the account, too; what is no choice changes nothing."""
    if isinstance(request.user, User):
        try:
            preferences.change(user=request.user, wanted=wanted, actor=standing.actor_of(request))
        except InvalidError:
            return
