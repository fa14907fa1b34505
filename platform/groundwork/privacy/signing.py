"""Exports are signed with the key of the credentials: what comes back unchanged is as good as our own rows.

Without that, whoever edits the file could give themselves an assessment they never sat.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from groundwork.credentials import keys

_HEAD = {"typ": "groundwork-person+jws"}


def sign(body: bytes, *, now: datetime) -> str:
    """A compact JWS (RFC 7515) over the SHA-256 of `body`."""
    claim = {"sha256": hashlib.sha256(body).hexdigest(), "iat": int(now.timestamp())}
    return keys.sign(claim, head=_HEAD)


def is_ours(body: bytes, signature: str) -> bool:
    """Whether this installation, by any of its keys that was not revoked, or one it trusts signed this."""
    own = keys.read(signature)
    if own and own.key.state is not keys.State.REVOKED:
        return _fits(body, head=own.head, claim=own.payload)
    return any(_is_by(_pem(x), body, signature) for x in settings.TRUSTED_KEYS)


def _is_by(public: bytes, body: bytes, signature: str) -> bool:
    import jwt

    try:
        head = jwt.get_unverified_header(signature)
        claim = jwt.decode(signature, public, algorithms=[keys.ALGORITHM], options={"verify_iat": False})
    except jwt.exceptions.PyJWTError:
        return False
    return _fits(body, head=head, claim=claim)


def _fits(body: bytes, *, head: Mapping[str, Any], claim: Mapping[str, Any]) -> bool:
    # A credential is signed with the same key, and is no export.
    return head.get("typ") == _HEAD["typ"] and claim.get("sha256") == hashlib.sha256(body).hexdigest()


def _pem(x: str) -> bytes:
    """The public key as PEM from the `x` of its JWK (RFC 8037)."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    raw = base64.urlsafe_b64decode(x + "=" * (-len(x) % 4))
    return Ed25519PublicKey.from_public_bytes(raw).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
