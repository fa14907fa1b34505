"""What allauth asks of us about second factors."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.encoding import force_bytes

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class TwoFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Seeds of authenticator apps and recovery codes lie in the database under the secret key only.

    A copy of the database alone is then no second factor. Whoever changes the secret key keeps the old one
    in SECRET_KEY_FALLBACKS, or everybody sets up their second factor anew.
    """

    def encrypt(self, text: str) -> str:
        """The text under today's key."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text under today's key or a former one. Raises InvalidToken for any other."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    # Only who uses a second factor waits for the library.
    from cryptography.fernet import Fernet, MultiFernet

    return MultiFernet(
        [Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str | bytes) -> bytes:
    """A key for this use alone: the secret key signs other things, and none of them opens a seed."""
    digest = hmac.new(force_bytes(secret), b"groundwork.two-factor.1", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest)
