"""Identity providers (OpenID Connect) named by the environment; docs/guide/operator.md lists what to set."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "GROUNDWORK_OIDC"
_SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_YES = {"1", "yes", "true", "on"}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProvider:
    """One way in: `issuer` as the provider writes it, `origins` where a form may lead besides."""

    key: str
    name: str
    issuer: str
    client_id: str
    secret: str
    trusts_addresses: bool = False
    origins: tuple[str, ...] = ()

    @property
    def form_origins(self) -> list[str]:
        """Where the sign-in form is led to, for the content security policy."""
        parts = urlsplit(self.issuer)
        return [f"{parts.scheme}://{parts.netloc}", *self.origins]


def providers(variables: Mapping[str, str] = os.environ) -> list[IdentityProvider]:
    """Those that GROUNDWORK_OIDC lists. Raises ImproperlyConfigured where one is incomplete or unsafe."""
    keys = [key.strip() for key in variables.get(PREFIX, "").split(",") if key.strip()]
    return [_provider(key, variables) for key in dict.fromkeys(keys)]


def _provider(key: str, variables: Mapping[str, str]) -> IdentityProvider:
    if not _SHORT_NAME.fullmatch(key):
        raise ImproperlyConfigured(f"{PREFIX}: {key!r} is no short name: lower-case letters, digits, hyphens")
    start = f"{PREFIX}_{key.upper().replace('-', '_')}_"
    issuer = _needed(start + "ISSUER", variables)
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
        raise ImproperlyConfigured(f"{start}ISSUER: an issuer is reached by https")
    return IdentityProvider(
        key=key,
        name=variables.get(start + "NAME", "").strip() or key,
        issuer=issuer,
        client_id=_needed(start + "CLIENT_ID", variables),
        secret=_needed(start + "CLIENT_SECRET", variables),
        trusts_addresses=variables.get(start + "TRUST_EMAIL", "").strip().lower() in _YES,
        origins=tuple(variables.get(start + "ORIGINS", "").replace(",", " ").split()),
    )


def _needed(name: str, variables: Mapping[str, str]) -> str:
    value = variables.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"{name} is needed, because {PREFIX} names this provider")
    return value


def as_allauth(found: list[IdentityProvider]) -> dict[str, object]:
    """What allauth calls SOCIALACCOUNT_PROVIDERS."""
    apps = [
        {
            "provider_id": one.key,
            "name": one.name,
            "client_id": one.client_id,
            "secret": one.secret,
            "settings": {
                "server_url": one.issuer.rstrip("/"),
                "issuer": one.issuer,
                "email_authentication": one.trusts_addresses,
            },
        }
        for one in found
    ]
    return {
        "openid_connect": {
            "provider_class": "groundwork.web.oidc.Provider",
            "OAUTH_PKCE_ENABLED": True,
            "APPS": apps,
        }
    }
