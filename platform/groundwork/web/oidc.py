"""OpenID Connect, stricter than allauth's own: each answer is checked as if anybody could have sent it.

OpenID Connect Core 1.0, 3.1.3.7 (ID token) and 5.3.2 (userinfo); Discovery 1.0, 4.3 (issuer). Allauth sends
no nonce, believes an unsigned ID token that came over TLS, and takes the issuer from the answer.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any

import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse

# Signatures by a key that only the provider has; "none" and those by a shared secret are left out on purpose.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY = 60
NEEDED_CLAIMS = ["iss", "sub", "aud", "exp", "iat"]
KEPT = ("sub", "email", "name")


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth ships no types
    """Fetches what the provider says and believes what is proven."""

    state: dict[str, Any]

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's description of itself. Raises OAuth2Error where it is missing or somebody else's."""
        if not hasattr(self, "_openid_config"):
            app = self.get_provider().app
            found = _fetched(self.get_provider().server_url)
            needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
            if not all(isinstance(found.get(name), str) for name in needed):
                raise OAuth2Error("the provider does not describe itself")
            if found["issuer"].rstrip("/") != app.settings["issuer"].rstrip("/"):
                raise OAuth2Error("the description is that of another issuer")
            self._openid_config = found
        return self._openid_config

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Whoever the ID token names. Raises OAuth2Error where anything in it is not as it must be."""
        claims = self._claims(app, str(kwargs["response"].get("id_token") or ""))
        if not hmac.compare_digest(str(claims.get("nonce", "")), str(self.state.get("nonce") or "-")):
            raise OAuth2Error("the answer belongs to another question")
        data = {"id_token": claims}
        if "userinfo_endpoint" in self.openid_config:
            data["userinfo"] = self._fetch_user_info(token.token)
            if data["userinfo"].get("sub") != claims["sub"]:
                raise OAuth2Error("the details are those of somebody else")
        return self.get_provider().sociallogin_from_response(request, data)

    def _claims(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        # Only who signs in at a provider waits for the library.
        import jwt

        try:
            header = jwt.get_unverified_header(id_token)
            keys = jwt.PyJWKSet.from_dict(_fetched(self.openid_config["jwks_uri"])).keys
            named = [key for key in keys if header.get("kid") in (None, key.key_id)]
            if header["alg"] not in ALGORITHMS or len(named) != 1:
                raise OAuth2Error("the ID token is signed by no key of the provider")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=named[0].key,
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": NEEDED_CLAIMS},
            )
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise OAuth2Error(f"the ID token does not hold: {error}") from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token is for another application")
        return claims


def _fetched(address: str) -> dict[str, Any]:
    """The JSON object at `address`. Raises OAuth2Error where there is none."""
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address)
            answer.raise_for_status()
            found = answer.json()
    except requests.RequestException as error:
        raise OAuth2Error(f"{address} does not answer: {error}") from error
    if not isinstance(found, dict):
        raise OAuth2Error(f"{address} answers with something else")
    return found


class Provider(OpenIDConnectProvider):  # type: ignore[misc]  # see Adapter
    """Asks with a nonce and PKCE, and for nothing that the address of the page could add."""

    oauth2_adapter_class = Adapter

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **_asked: Any,
    ) -> HttpResponse:
        """To the provider, or to a page that says why not."""
        nonce = secrets.token_urlsafe(32)
        auth_params = {**self.get_auth_params(), "nonce": nonce}
        try:
            answer: HttpResponse = super().redirect(
                request, process, next_url, data, auth_params=auth_params, nonce=nonce
            )
        except OAuth2Error as error:
            answer = render_authentication_error(request, self, exception=error)
        return answer

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """As allauth; but only the word "true" makes an address verified, and not any word."""
        found: list[EmailAddress] = super().extract_email_addresses(data)
        said = (data.get("userinfo") or data["id_token"]).get("email_verified")
        for address in found:
            address.verified = said is True or said == "true"
        return found

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept of the answer: whom it names, and nothing else about them."""
        said = data.get("userinfo") or data["id_token"]
        return {"userinfo": {name: said[name] for name in KEPT if name in said}}


class CallbackView(OAuth2CallbackView):  # type: ignore[misc]  # see Adapter
    """Takes the answer to the question that this browser asked, and to no other."""

    def _get_state(self, request: HttpRequest, provider: Provider) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for the provider. Raises SocialApp.DoesNotExist for one that is not configured."""
    answer: HttpResponse = OAuth2LoginView.adapter_view(Adapter(request, provider_id))(request)
    return answer


def end(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it. Raises SocialApp.DoesNotExist for one that is not configured."""
    answer: HttpResponse = CallbackView.adapter_view(Adapter(request, provider_id))(request)
    return answer
