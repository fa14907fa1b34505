"""Whose badges verify a level here: the issuers the operator has listed, by the keys they publish.

Nothing is fetched for an issuer that is not on the list, so nobody can make the server call an address.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from http.client import HTTPException
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from groundwork.credentials.refusals import BadgeError

if TYPE_CHECKING:
    import jwt
    from openbadgeslib import errors, ob3, util
else:
    # Loaded at their first use: every process would start later for what few requests do.
    jwt = SimpleLazyObject(lambda: import_module("jwt"))
    errors = SimpleLazyObject(lambda: import_module("openbadgeslib.errors"))
    ob3 = SimpleLazyObject(lambda: import_module("openbadgeslib.ob3"))
    util = SimpleLazyObject(lambda: import_module("openbadgeslib.util"))

logger = logging.getLogger(__name__)

Download = Callable[[str], bytes]
JWKS = "/.well-known/jwks.json"
"""Where an issuer publishes its keys unless the list says otherwise."""


class UnreachableError(Exception):
    """The issuer's keys or its list of revoked badges cannot be had now."""


def addresses() -> dict[str, str]:
    """The listed issuers by their ids, each with the address of its keys; "" where a DID tells it."""
    found = {}
    for entry in settings.BADGE_ISSUERS:
        issuer, _blank, keys = entry.partition(" ")
        found[issuer] = keys.strip() or ("" if issuer.startswith("did:") else urljoin(issuer, JWKS))
    return found


def is_listed(issuer: str) -> bool:
    """Whether the operator trusts it."""
    return issuer in addresses()


def check(token: str, *, issuer: str, download: Download | None = None) -> None:
    """Whether a listed issuer signed `token` and has not revoked it.

    Raises BadgeError where it did not or has, UnreachableError where that cannot be told now. `download`
    fetches an address (default: over HTTPS, from public hosts only, within limits of size and time).
    """
    fetch = _Fetching(download or util.download_file)
    verifiers = _verifiers(issuer, fetch)
    credential = _verified(token, verifiers)
    _check_not_revoked(credential, verifiers, fetch)


class _Fetching:
    """Fetches each address once, and remembers whether one could not be had."""

    def __init__(self, download: Download) -> None:
        self._download = download
        self._had: dict[str, bytes] = {}
        self.failed = False

    def __call__(self, url: str) -> bytes:
        try:
            if url not in self._had:
                self._had[url] = self._download(url)
        except (OSError, ValueError, HTTPException):
            self.failed = True
            raise
        return self._had[url]


def _verifiers(issuer: str, fetch: _Fetching) -> list[ob3.OB3Verifier]:
    """One for each key of the issuer."""
    address = addresses()[issuer]
    try:
        if not address:
            return [ob3.OB3Verifier.for_issuer_did(issuer, download=fetch)]
        return _of_key_set(json.loads(fetch(address)))
    except (OSError, ValueError, HTTPException, RecursionError, errors.LibOpenBadgesException) as error:
        logger.warning("the keys of a listed issuer of badges cannot be had", exc_info=error)
        raise UnreachableError(issuer) from error


def _of_key_set(published: Any) -> list[ob3.OB3Verifier]:
    """The keys of a JWK Set (RFC 7517) that credentials are signed with; others are passed over."""
    if not isinstance(published, dict) or not isinstance(published.get("keys"), list):
        raise ValueError("no JWK Set")
    found = []
    for one in published["keys"]:
        try:
            found.append(ob3.OB3Verifier(jwt.PyJWK(one).key))
        except (
            jwt.exceptions.PyJWTError,
            errors.LibOpenBadgesException,
            AttributeError,
            TypeError,
            ValueError,
        ):
            continue
    if not found:
        raise ValueError("no key in the JWK Set")
    return found


def _verified(token: str, verifiers: list[ob3.OB3Verifier]) -> ob3.OpenBadgeCredential:
    for verifier in verifiers:
        try:
            return verifier.verify(token)
        except errors.LibOpenBadgesException:
            continue
    raise BadgeError(
        _(
            "The signature does not fit: its issuer did not sign this, or it was changed since. "
            "Nothing was taken."
        )
    )


def _check_not_revoked(
    credential: ob3.OpenBadgeCredential, verifiers: list[ob3.OB3Verifier], fetch: _Fetching
) -> None:
    """The list of revoked badges may be signed with another key of the issuer than the badge."""
    for verifier in verifiers:
        try:
            verifier.check_status(credential, verify_list=True, download=fetch)
        except errors.LibOpenBadgesException:
            continue
        return
    if fetch.failed:
        logger.warning("the revoked badges of a listed issuer cannot be had")
        raise UnreachableError(credential.issuer.id)
    raise BadgeError(
        _("Its issuer has revoked this badge, or publishes no valid list of revoked ones. Nothing was taken.")
    )
