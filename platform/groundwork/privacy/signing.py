"""Exports are signed with the key of the credentials: what comes back unchanged is as good as our own rows.

Without that, whoever edits the file could give themselves an assessment they never sat.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from django.conf import settings

from groundwork.credentials import keys

_HEAD = {"typ": "groundwork-person+jws"}


def sign(body: bytes, *, now: datetime) -> str:
    """A compact JWS (RFC 7515) over the SHA-256 of `body`."""
    # Loaded where it is used: every process imports this module, and few of them sign.
    import jwt

    claim = {"sha256": hashlib.sha256(body).hexdigest(), "iat": int(now.timestamp())}
    return jwt.encode(claim, keys.private_pem(), algorithm=keys.ALGORITHM, headers=_HEAD)


def is_ours(body: bytes, signature: str) -> bool:
    """Whether this installation, or one it trusts, signed exactly these bytes."""
    import jwt

    for public in (keys.public_pem(), *map(_pem, settings.TRUSTED_KEYS)):
        try:
            head = jwt.get_unverified_header(signature)
            claim = jwt.decode(signature, public, algorithms=[keys.ALGORITHM], options={"verify_iat": False})
        except jwt.exceptions.PyJWTError:
            continue
        # A credential is signed with the same key, and is no export.
        if head.get("typ") == _HEAD["typ"] and claim.get("sha256") == hashlib.sha256(body).hexdigest():
            return True
    return False


def _pem(x: str) -> bytes:
    """The public key as PEM from the `x` of its JWK (RFC 8037)."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    raw = base64.urlsafe_b64decode(x + "=" * (-len(x) % 4))
    return Ed25519PublicKey.from_public_bytes(raw).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
