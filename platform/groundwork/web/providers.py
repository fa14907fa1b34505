"""Signing in at identity providers: who may come in as whom."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers import registry
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from groundwork.accounts.models import User

logger = logging.getLogger(__name__)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No address alone opens an account that exists, unless the operator trusts the provider with addresses.

    Even then it must be verified on both sides: an address that nobody confirmed here may have been typed by
    anybody, and one that the provider did not verify, there.
    """

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        """As allauth; its providers are loaded at the first use, since few processes ever need one."""
        registry.load()
        return super().get_provider(request, provider, client_id)

    def list_providers(self, request: HttpRequest) -> Any:
        """See get_provider; without any configured there is nothing to load."""
        return super().list_providers(request) if settings.IDENTITY_PROVIDERS else []

    def new_user(self, request: HttpRequest, sociallogin: SocialLogin) -> User:
        """An account speaks the language its owner signed up in."""
        user: User = super().new_user(request, sociallogin)
        user.language = get_language() or ""
        return user

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """One name, as the provider writes it."""
        user: User = super().populate_user(request, sociallogin, data)
        user.name = str(data.get("name") or "")[:150]
        return user

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account with the address, where the operator trusts the provider and both sides verified it."""
        found: tuple[User, str] | None = super().authenticate_by_email(sociallogin)
        if found is None:
            return None
        user, address = found
        confirmed = EmailAddress.objects.filter(user=user, email__iexact=address, verified=True)
        return found if confirmed.exists() else None

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whose address has an account already signs in there first, and connects the provider then."""
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        addresses = [one.email for one in sociallogin.email_addresses]
        if any(User.objects.filter(email__iexact=address).exists() for address in addresses):
            text = _(
                "There is an account with this address already. Sign in to it as usual, then connect %(name)s"
                " in your account."
            )
            messages.error(request, text % {"name": sociallogin.provider.name})
            raise ImmediateHttpResponse(redirect("account_login"))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """The operator reads why; the page tells a stranger nothing of it."""
        logger.warning("sign-in at %s failed: %s", provider.sub_id, exception or error)


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for an identity provider."""
    # Its libraries take a tenth of a second, and only who signs in there needs them.
    from groundwork.web import oidc

    try:
        return oidc.begin(request, provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from an identity provider."""
    from groundwork.web import oidc  # see sign_in

    try:
        return oidc.end(request, provider_id)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
