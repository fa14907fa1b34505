"""A badge is taken as evidence, and taken back; each in the audit trail."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, InvalidError
from groundwork.credentials.badges import Badge, BadgeLine
from groundwork.credentials.receiving import Received
from groundwork.events import outbox
from groundwork.learners import disputing, recording, standing
from groundwork.learners.models import Evidence, Learner
from groundwork.learners.recording import Observation


@transaction.atomic
def accept(*, actor: Actor, learner: Learner, received: Received, levels: Mapping[str, int]) -> Badge:
    """Record the skills the person chose with their levels (slug -> 1 to 5).

    A level the badge verifies counts as a certificate, every other as the person's own word. Raises
    ForbiddenError for anybody but the learner, InvalidError for a skill or a level the badge does not bear
    out, ConflictError where it was taken before.
    """
    learner.check_own(actor)
    _check(received, levels)
    recording.lock(learner)
    if Badge.objects.filter(learner=learner, fingerprint=received.fingerprint).exists():
        raise ConflictError(_("This badge is in your list already."))
    badge = Badge.objects.create(
        learner=learner,
        fingerprint=received.fingerprint,
        name=received.name,
        issuer=received.issuer,
        awarded_on=received.awarded_on,
        valid_until=received.valid_until,
        doubt=received.doubt or "",
    )
    observations = [_observation(received, skill, level) for skill, level in levels.items()]
    lines = recording.record_evidence(actor=actor, learner=learner, observations=observations)
    BadgeLine.objects.bulk_create(BadgeLine(badge=badge, evidence=line) for line in lines)
    _record(actor, badge, action="badge.accepted")
    return badge


@transaction.atomic
def remove(*, actor: Actor, badge: Badge) -> None:
    """Withdraw what counts of its lines, and forget the badge; it can be taken again."""
    badge.learner.check_own(actor)
    recording.lock(badge.learner)
    if not Badge.objects.filter(pk=badge.pk).exists():
        # A second click waited for the first.
        return
    lines = Evidence.objects.filter(pk__in=badge.lines.values("evidence")).with_marks()
    for line in lines.select_related("skill", "learner"):
        if standing.counts(line):
            disputing.withdraw(actor=actor, line=line)
    _record(actor, badge, action="badge.removed")
    badge.delete()


def _check(received: Received, levels: Mapping[str, int]) -> None:
    if not levels:
        raise InvalidError(_("Choose a level for at least one skill."))
    offered = {one.skill for one in received.finds}
    if not offered.issuperset(levels):
        raise InvalidError(_("The badge does not name this skill."))
    if any(levels[skill] != level for skill, level in received.verifies.items() if skill in levels):
        raise InvalidError(_("The badge states another level."))


def _observation(received: Received, skill: str, level: int) -> Observation:
    kind = Evidence.Kind.CERTIFICATE if skill in received.verifies else Evidence.Kind.SELF_REPORT
    return Observation(
        skill=skill,
        level=level,
        kind=kind,
        evidenced_on=received.awarded_on,
        words=f"{received.name} ({received.issuer})",
    )


def _record(actor: Actor, badge: Badge, *, action: str) -> None:
    outbox.record(actor=actor, action=action, subject=badge, organisation_id=badge.learner.organisation_id)
