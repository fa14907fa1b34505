"""Keys: who calls, and what the key may do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from groundwork.accounts import actors
from groundwork.accounts.models import ServiceAccount
from groundwork.api.problems import Refusal
from groundwork.core.actors import Actor

REMEMBER_USE_AFTER = timedelta(minutes=1)


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`; the caller has no user, `request.auth` is its service account."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ServiceAccount] | None:
        scheme, _blank, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        account = ServiceAccount.objects.holding(token.strip())
        if account is None:
            raise AuthenticationFailed(_("The key is unknown or has been closed."))
        _remember_use(account)
        return AnonymousUser(), account

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="groundwork"'


def _remember_use(account: ServiceAccount) -> None:
    """Note the use, at most once a minute: a busy key must not write with every read."""
    now = timezone.now()
    if account.last_used_at is None or now - account.last_used_at > REMEMBER_USE_AFTER:
        ServiceAccount.objects.filter(pk=account.pk).update(last_used_at=now)


def actor_of(request: Request) -> Actor:
    """The actor behind an authenticated request."""
    account = request.auth
    if not isinstance(account, ServiceAccount):
        raise TypeError("only views that ask for a key have an actor")
    return actors.of_service_account(account)


class HasScopes(BasePermission):
    """The key holds every scope that the view names for the method; a method without scopes is closed."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ServiceAccount):
            return False
        method = "GET" if request.method == "HEAD" else str(request.method)
        wanted = getattr(view, "scopes", {}).get(method)
        if wanted is None:
            # Let a method that has no handler go on to its 405; every view has one for OPTIONS that says 405.
            return method == "OPTIONS" or not hasattr(view, method.lower())
        missing = [str(scope) for scope in wanted if scope not in request.auth.scopes]
        if missing:
            raise Refusal(
                status=403,
                code="missing-scope",
                message=_("The key needs the scope %(scopes)s.") % {"scopes": ", ".join(missing)},
            )
        return True


class KeyThrottle(SimpleRateThrottle):
    """So many requests per key."""

    scope = "key"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        if not isinstance(request.auth, ServiceAccount):
            return None
        return f"api-rate:{request.auth.pk}"


def security_of(view: Any, method: str) -> list[str]:
    """The scopes a method asks for, as the schema lists them."""
    return [str(scope) for scope in getattr(view, "scopes", {}).get(method.upper(), ())]
