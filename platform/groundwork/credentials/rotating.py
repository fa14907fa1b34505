"""A new key that signs, and the end of an old one: retired once nothing it signed is valid, or revoked."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork import environment
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, InvalidError
from groundwork.credentials import issuing, keys
from groundwork.credentials.keys import State
from groundwork.credentials.models import Award, SigningKey
from groundwork.events import outbox


class GivenKeyError(ConflictError):
    """The key comes from the settings, which only the operator changes."""

    code = "key-from-settings"


def rotate(*, actor: Actor) -> str:
    """Make a new key that signs from now on, and return its name; what the former one signed holds.

    The former private half is gone afterwards. Raises GivenKeyError where the settings give the key: its
    public half is on record then, so that the settings can give another.
    """
    former = keys.put_on_record()
    if keys.given_pem():
        raise GivenKeyError(
            _(
                "GROUNDWORK_CREDENTIAL_KEY gives the key. It is on record now as %(kid)s: put another there "
                "and start every server again, and what this one signed still holds."
            )
            % {"kid": former.kid}
        )
    private = keys.make()
    with transaction.atomic():
        # On record first: it must never sign without being published.
        fresh = keys.put_on_record(keys.x_of(private))
        _record(fresh, actor=actor, action="credential-key.rotated")
    environment.replace_private(settings.VAR / keys.FILE, private)
    return fresh.kid


@transaction.atomic
def retire(kid: str, *, actor: Actor, now: datetime) -> None:
    """Publish a former key no more. Raises ConflictError while something it signed is still valid."""
    row = _former(kid)
    standing = Award.objects.filter(revoked_at=None, valid_until__gt=now)
    left = sum(issuing.named_key(one) == kid for one in standing)
    if left:
        raise ConflictError(
            _("%(number)d credentials that this key signed are still valid. Keep it until they expire.")
            % {"number": left}
        )
    row.retired_at = row.retired_at or now
    row.save(update_fields=["retired_at"])
    _record(row, actor=actor, action="credential-key.retired")


@transaction.atomic
def revoke(kid: str, *, actor: Actor, now: datetime) -> int:
    """A former key is not believed any more, and what it signed is revoked; returns how many credentials."""
    row = _former(kid)
    revoked = issuing.revoke_signed_with(kid, actor=actor, now=now)
    row.revoked_at = row.revoked_at or now
    row.save(update_fields=["revoked_at"])
    _record(row, actor=actor, action="credential-key.revoked")
    return revoked


def _former(kid: str) -> SigningKey:
    """The row of a key that signs no more. Raises InvalidError and ConflictError."""
    found = {one.kid: one for one in keys.ours()}.get(kid)
    if found is None:
        raise InvalidError(_("No key is on record by this name."))
    row = SigningKey.objects.select_for_update().filter(kid=kid).first()
    if row is None or found.state is State.CURRENT:
        raise ConflictError(_("This key signs now. Rotate it first."))
    return row


def _record(row: SigningKey, *, actor: Actor, action: str) -> None:
    outbox.record(actor=actor, action=action, subject=row, details={})
