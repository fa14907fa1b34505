"""The keys that sign credentials: one that signs now, and those before it whose credentials still hold.

The private half lies in the settings or in a file, never in the database; the public halves of all keys that
ever signed are on record (`SigningKey`), so that a new key does not end what was signed before.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject

from groundwork import environment
from groundwork.credentials.models import SigningKey

if TYPE_CHECKING:
    import jwt
    from jwt.types import Options
    from openbadgeslib import errors
    from openbadgeslib import keys as pairs
else:
    # Loaded at their first use: every process would start later for what few requests do.
    jwt = SimpleLazyObject(lambda: import_module("jwt"))
    errors = SimpleLazyObject(lambda: import_module("openbadgeslib.errors"))
    pairs = SimpleLazyObject(lambda: import_module("openbadgeslib.keys"))


ALGORITHM = "EdDSA"
# The signature alone: whether the time is over is said in words of its own.
_UNCHECKED: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False}


class State(StrEnum):
    """What a key of ours is good for."""

    CURRENT = "current"
    """It signs."""
    FORMER = "former"
    """It signs no more; what it signed holds, and its public half is published."""
    RETIRED = "retired"
    """Nothing it signed is still valid; it is published no more."""
    REVOKED = "revoked"
    """Somebody else may hold it: nothing that it signed proves anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """The public half of a key: `kid` is its thumbprint (RFC 7638), `x` as in its JWK (RFC 8037)."""

    kid: str
    x: str
    state: State

    @property
    def jwk(self) -> dict[str, str]:
        """As it is published (RFC 7517)."""
        return {**_named(self.x), "kid": self.kid, "alg": ALGORITHM, "use": "sig"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What a token says, and the key of ours whose signature it bears."""

    payload: dict[str, Any]
    head: dict[str, Any]
    key: Key


def private_pem() -> str:
    """The private key: from the settings, else made once and kept private under var/.

    Raises ImproperlyConfigured, without a word of the key, when it is no Ed25519 key.
    """
    return given_pem() or environment.kept_private(settings.VAR / FILE, make=make)


FILE = "credential_key.pem"


def given_pem() -> str:
    """The private key of the settings, "" where it is kept under var/."""
    # An environment file may hold a PEM on one line.
    return str(settings.CREDENTIAL_KEY).replace("\\n", "\n").strip()


def public_pem() -> bytes:
    """The public half of `private_pem`."""
    return _public_pem(private_pem())


def x_of(private: str) -> str:
    """The public half of a private key, as the `x` of its JWK. Raises ImproperlyConfigured."""
    return str(pairs.public_jwk_from_pem(_public_pem(private))["x"])


def kid_of(x: str) -> str:
    """The thumbprint of a key by its `x`."""
    digest = hashlib.sha256(json.dumps(_named(x), sort_keys=True, separators=(",", ":")).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def ours() -> list[Key]:
    """Every key of ours, the one that signs first; one query."""
    x = x_of(private_pem())
    current = kid_of(x)
    known = {row.kid: row for row in SigningKey.objects.all()}
    former = [Key(kid=row.kid, x=row.x, state=_state_of(row)) for row in known.values() if row.kid != current]
    revoked = current in known and known[current].revoked_at
    state = State.REVOKED if revoked else State.CURRENT
    return [Key(kid=current, x=x, state=state), *former]


def _state_of(row: SigningKey) -> State:
    if row.revoked_at:
        return State.REVOKED
    return State.RETIRED if row.retired_at else State.FORMER


def jwks() -> dict[str, list[dict[str, str]]]:
    """The public keys by which what is still valid can be verified, as a JWK Set."""
    return {"keys": [one.jwk for one in ours() if one.state in (State.CURRENT, State.FORMER)]}


def put_on_record(x: str = "") -> SigningKey:
    """Remember the public half of a key, else of the one that signs: it outlives the private half."""
    x = x or x_of(private_pem())
    return SigningKey.objects.get_or_create(kid=kid_of(x), defaults={"x": x})[0]


def sign(payload: Mapping[str, Any], *, head: Mapping[str, Any] | None = None) -> str:
    """A compact JWS with the key that signs: named in the header, and given there, too (OB 3.0, 8.2.3).

    Raises ImproperlyConfigured for a key that was revoked.
    """
    private = private_pem()
    x = x_of(private)
    kid = kid_of(x)
    if SigningKey.objects.filter(kid=kid, revoked_at__isnull=False).exists():
        raise ImproperlyConfigured("the key that signs credentials was revoked; rotate it")
    names = {"kid": kid, "jwk": _named(x), **(head or {})}
    return jwt.encode(dict(payload), private, algorithm=ALGORITHM, headers=names)


def read(token: str) -> Signed | None:
    """What one of our keys signed; None where none did. Days and revocation are looked at elsewhere.

    The header names the key or, of what was signed before keys had names, does not; the key that it may give
    is never believed.
    """
    try:
        head = jwt.get_unverified_header(token)
    except jwt.exceptions.PyJWTError:
        return None
    for key in ours():
        if head.get("kid") in (None, key.kid):
            try:
                payload = jwt.decode(token, _pem_of(key.x), algorithms=[ALGORITHM], options=_UNCHECKED)
            except (jwt.exceptions.PyJWTError, RecursionError):
                continue
            return Signed(payload=payload, head=head, key=key)
    return None


def _named(x: str) -> dict[str, str]:
    return {"crv": "Ed25519", "kty": "OKP", "x": x}


def _pem_of(x: str) -> bytes:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    raw = base64.urlsafe_b64decode(x + "=" * (-len(x) % 4))
    return Ed25519PublicKey.from_public_bytes(raw).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@lru_cache(maxsize=2)
def _public_pem(private: str) -> bytes:
    pair = pairs.KeyEd25519()
    try:
        pair.read_private_key(private)
        pair.pub_key = pair.get_priv_key().public_key()
        return pair.get_pub_key_pem()
    except (errors.LibOpenBadgesException, TypeError, ValueError):
        raise ImproperlyConfigured("GROUNDWORK_CREDENTIAL_KEY is not the PEM of an Ed25519 key") from None


def make() -> str:
    """A new private key, as PEM, whose `kid` begins with no "-": it can be typed after a command."""
    while True:
        private, _public = pairs.KeyEd25519().generate_keypair()
        pem = private.decode("ascii")
        if not kid_of(x_of(pem)).startswith("-"):
            return pem
