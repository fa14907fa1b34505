"""Whether a credential is what was issued, and whether it still holds. Read only, for everybody."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from groundwork.credentials import documents, keys
from groundwork.credentials.models import Award

_ID = re.compile(r"/credentials/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/|\.json|\.jwt)?$")


class State(StrEnum):
    """What can be said of a credential."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    TAMPERED = "tampered"
    """Its signature is not ours, or does not fit what it says."""
    UNKNOWN = "unknown"
    """Ours by its signature, but not on record any more; or no credential at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The state of what was shown, and the award it is; none where it is nobody's."""

    state: State
    award: Award | None = None


def state_of(award: Award, *, now: datetime) -> State:
    """What holds of an award on record: its token is checked against the key and against the row."""
    if award.is_erased:
        return State.REVOKED
    signed = _signed(award.token)
    if signed is None or not _agrees(award, signed.payload):
        return State.TAMPERED
    if award.revoked_at or signed.key.state is keys.State.REVOKED:
        return State.REVOKED
    if award.is_expired(now=now):
        return State.EXPIRED
    return State.VALID


def verify(text: str, *, now: datetime) -> Verdict:
    """What somebody pasted: the signed credential, its JSON, or its address."""
    text = text.strip()
    if text.startswith("{"):
        return _verify_json(text, now=now)
    if text.count(".") == 2 and "/" not in text:
        return _verify_token(text, now=now)
    return _verdict(_award(text), now=now)


def _verify_token(token: str, *, now: datetime) -> Verdict:
    signed = _signed(token)
    if signed is None:
        return Verdict(state=State.TAMPERED)
    award = _award(str(signed.payload.get("id")))
    if award and not award.is_erased and award.token != token:
        return Verdict(state=State.TAMPERED)
    if award is None and signed.key.state is keys.State.REVOKED:
        # Whoever took the key may have made it.
        return Verdict(state=State.TAMPERED)
    return _verdict(award, now=now)


def _verify_json(text: str, *, now: datetime) -> Verdict:
    """The readable form has no signature; it must say what the signed one says."""
    try:
        shown = json.loads(text)
    except (ValueError, RecursionError):
        return Verdict(state=State.UNKNOWN)
    award = _award(str(shown.get("id")))
    if award and not award.is_erased and shown != document_of(award):
        return Verdict(state=State.TAMPERED)
    return _verdict(award, now=now)


def _verdict(award: Award | None, *, now: datetime) -> Verdict:
    if award is None:
        return Verdict(state=State.UNKNOWN)
    return Verdict(state=state_of(award, now=now), award=award)


def document_of(award: Award) -> dict[str, Any]:
    """The credential as JSON without the envelope of the signature; {} where that is broken."""
    signed = _signed(award.token)
    payload = signed.payload if signed else {}
    return {name: value for name, value in payload.items() if name not in ("iss", "jti", "nbf", "exp", "sub")}


def _award(address: str) -> Award | None:
    """The award an address of ours names; None for what is no address at all."""
    try:
        found = _ID.search(urlsplit(address).path)
    except ValueError:
        return None
    return Award.objects.with_achievements().filter(pk=UUID(found[1])).first() if found else None


def _signed(token: str) -> keys.Signed | None:
    """What a token of ours says; None where no signature fits. Days are looked at elsewhere."""
    signed = keys.read(token)
    try:
        if signed:
            documents.check_shape(signed.payload)
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    return signed


def _agrees(award: Award, payload: dict[str, Any]) -> bool:
    """Whether the row still says what was signed."""
    named = _ID.search(str(payload["id"]))
    return (
        named is not None
        and named[1] == str(award.pk)
        and payload["exp"] == int(award.valid_until.timestamp())
        and payload["nbf"] == int(award.issued_at.timestamp())
    )
