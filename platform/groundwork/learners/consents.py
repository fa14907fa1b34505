"""For what a person lets their data be used: each use switched by them alone, dated, and on the audit trail.

Without a word of theirs a use is on: none goes beyond what the person sees, or beyond figures of at least
five people and bare words that are nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.learners.models import PERSONALISATION, Learner


class Use(StrEnum):
    """What data may be used for."""

    PERSONALISATION = PERSONALISATION
    """Levels, evidence and pace of the person decide on paths and on the order of roles."""
    ATTEMPTS = "attempts"
    """Attempts at courses count in the figures that are told to everybody."""
    WORDS = "words"
    """Bare words of a CV, and what became of each, teach the reader of CVs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One use, whether it is allowed, and since when; None where nothing was ever said."""

    use: Use
    given: bool
    since: datetime | None


def of(learner: Learner) -> list[Consent]:
    """All uses."""
    return [_read(use, learner.consents.get(use)) for use in Use]


def is_given(learner: Learner, use: Use) -> bool:
    """Whether one use is allowed."""
    return _read(use, learner.consents.get(use)).given


@transaction.atomic
def choose(*, actor: Actor, learner: Learner, use: Use, given: bool, now: datetime) -> None:
    """Allow a use, or no longer; saying the same again changes nothing. Raises ForbiddenError for others."""
    learner.check_own(actor)
    current = Learner.objects.select_for_update().get(pk=learner.pk)
    if is_given(current, use) == given:
        return
    current.consents = {**current.consents, str(use): {"given": given, "since": now.isoformat()}}
    current.save(update_fields=["consents"])
    learner.consents = current.consents
    outbox.record(
        actor=actor,
        action="consent.given" if given else "consent.withdrawn",
        subject=learner,
        organisation_id=learner.organisation_id,
        details={"use": str(use)},
    )


def _read(use: Use, said: Mapping[str, Any] | None) -> Consent:
    if said is None:
        return Consent(use=use, given=True, since=None)
    return Consent(use=use, given=said["given"] is True, since=parse_datetime(said["since"]))
