"""The key that signs credentials, and its public half for everybody."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject

from groundwork import environment

if TYPE_CHECKING:
    from openbadgeslib import errors
    from openbadgeslib import keys as pairs
else:
    # Loaded at its first use: every process would start later for what few requests do.
    errors = SimpleLazyObject(lambda: import_module("openbadgeslib.errors"))
    pairs = SimpleLazyObject(lambda: import_module("openbadgeslib.keys"))


ALGORITHM = "EdDSA"


def private_pem() -> str:
    """The private key: from the settings, else made once and kept private under var/.

    Raises ImproperlyConfigured, without a word of the key, when it is no Ed25519 key.
    """
    # An environment file may hold a PEM on one line.
    given = settings.CREDENTIAL_KEY.replace("\\n", "\n").strip()
    return given or environment.kept_private(settings.VAR / "credential_key.pem", make=_make)


def public_pem() -> bytes:
    """The public half of `private_pem`."""
    return _public_pem(private_pem())


def jwks() -> dict[str, list[dict[str, Any]]]:
    """The public key as a JWK Set; `kid` is its thumbprint (RFC 7638)."""
    jwk = pairs.public_jwk_from_pem(public_pem())
    named = {name: jwk[name] for name in ("crv", "kty", "x")}
    digest = hashlib.sha256(json.dumps(named, sort_keys=True, separators=(",", ":")).encode()).digest()
    kid = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return {"keys": [{**named, "kid": kid, "alg": ALGORITHM, "use": "sig"}]}


@lru_cache(maxsize=2)
def _public_pem(private: str) -> bytes:
    pair = pairs.KeyEd25519()
    try:
        pair.read_private_key(private)
        pair.pub_key = pair.get_priv_key().public_key()
        return pair.get_pub_key_pem()
    except (errors.LibOpenBadgesException, TypeError, ValueError):
        raise ImproperlyConfigured("GROUNDWORK_CREDENTIAL_KEY is not the PEM of an Ed25519 key") from None


def _make() -> str:
    private, _public = pairs.KeyEd25519().generate_keypair()
    return private.decode("ascii")
