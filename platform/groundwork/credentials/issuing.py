"""Issue and revoke credentials; each once, each in the audit trail."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import SYSTEM, Actor
from groundwork.core.errors import ConflictError
from groundwork.credentials import claims, documents, keys
from groundwork.credentials.claims import Claim
from groundwork.credentials.models import Achievement, Award, StatusList
from groundwork.events import outbox
from groundwork.events.models import Event
from groundwork.frameworks.models import Skill
from groundwork.learners import answering
from groundwork.learners.models import Learner
from groundwork.plans.models import Plan

FULL = 0.5
"""Share of a status list in use from which a new one begins: a free number is then found soon."""


@transaction.atomic
def issue_for_plan(*, actor: Actor, plan: Plan, with_name: bool, now: datetime) -> Award:
    """The credential of a completed plan; the one that stands, where there is one.

    Raises ForbiddenError for anybody but the learner, ConflictError where a step is not finished.
    """
    learner = _own(actor, plan.learner)
    standing = Award.objects.filter(plan=plan, revoked_at=None).first()
    if standing:
        return standing
    # Read after the lock: a step may have been reopened since.
    current = Plan.objects.with_steps().get(pk=plan.pk)
    return _issue(actor, learner, claims.of_plan(current, now=now), with_name=with_name, now=now)


@transaction.atomic
def issue_for_skill(*, actor: Actor, learner: Learner, skill: Skill, with_name: bool, now: datetime) -> Award:
    """The credential of a verified level; the one that stands for it and its day, where there is one.

    Raises ForbiddenError for anybody but the learner, ConflictError where no level is verified.
    """
    learner = _own(actor, learner)
    claim = claims.of_skill(learner, skill, now=now)
    standing = Award.objects.filter(
        learner=learner,
        achievement__skill=skill,
        achievement__level=claim.level,
        achieved_on=claim.achieved_on,
        revoked_at=None,
    ).first()
    return standing or _issue(actor, learner, claim, with_name=with_name, now=now)


@transaction.atomic
def revoke(*, actor: Actor, award: Award, now: datetime) -> None:
    """Revoke for good. Raises ConflictError where it is done.

    Raises ForbiddenError for anybody but the learner and the system, which acts for the operator.
    """
    if actor != SYSTEM and award.learner:
        award.learner.check_own(actor)
    current = Award.objects.select_for_update().get(pk=award.pk)
    if current.revoked_at:
        raise ConflictError(_("This credential is revoked already."))
    _revoke(current, actor=actor, now=now)


@transaction.atomic
def revoke_signed_with(kid: str, *, actor: Actor, now: datetime) -> int:
    """Revoke all that stands by the signature of one key; returns how many."""
    signed = [one for one in Award.objects.filter(revoked_at=None) if named_key(one) == kid]
    standing = Award.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in signed])
    for award in standing.select_related("learner", "achievement"):
        _revoke(award, actor=actor, now=now)
    return len(signed)


def named_key(award: Award) -> str:
    """The thumbprint of the key that its token names or, from before keys had names, gives."""
    # Loaded where it is used: every process imports this module, and few of them read tokens.
    import jwt

    try:
        head = jwt.get_unverified_header(award.token)
        return str(head.get("kid") or keys.kid_of(head["jwk"]["x"]))
    except (jwt.exceptions.PyJWTError, KeyError, TypeError):
        return ""


@transaction.atomic
def erase(learner: Learner, *, now: datetime) -> None:
    """Revoke all of a learner's, and keep of each only what its public page needs to say so."""
    own = Award.objects.select_for_update(of=("self",)).filter(learner=learner)
    for award in own.select_related("learner", "achievement"):
        if not award.revoked_at:
            _revoke(award, actor=SYSTEM, now=now)
        award.learner = award.plan = None
        award.holder_name = award.token = ""
        award.save(update_fields=["learner", "plan", "holder_name", "token"])


def on_step_reopened(event: Event) -> None:
    """A plan that is not complete any more bears no credential."""
    standing = Award.objects.select_for_update(of=("self",)).filter(
        plan__steps__pk=event.subject_id, plan__steps__completed_on=None, revoked_at=None
    )
    _revoke_all(standing)


def on_evidence_silenced(event: Event) -> None:
    """A level that was not verified on its day, without the lines that count no more, bears none either."""
    standing = Award.objects.select_for_update(of=("self",)).filter(
        learner=UUID(event.subject_id), achievement__skill__slug=event.payload.get("skill"), revoked_at=None
    )
    _revoke_all(standing, but=_is_still_verified)


def _is_still_verified(award: Award) -> bool:
    skill = award.achievement.skill
    if skill is None or award.achievement.level is None or award.learner is None:
        return False
    then = answering.why(award.learner, skill=skill, on_date=award.achieved_on)
    return bool(then.floor >= award.achievement.level)


def _revoke_all(awards: Iterable[Award], *, but: Callable[[Award], bool] = lambda _award: False) -> None:
    with transaction.atomic():
        for award in awards:
            if not but(award):
                _revoke(award, actor=SYSTEM, now=timezone.now())


def _own(actor: Actor, learner: Learner) -> Learner:
    """The learner, locked: a second click waits here and then sees what the first one did."""
    learner.check_own(actor)
    Learner.objects.select_for_update().get(pk=learner.pk)
    return learner


def _issue(actor: Actor, learner: Learner, claim: Claim, *, with_name: bool, now: datetime) -> Award:
    status_list, index = _number()
    award = Award(
        achievement=_achievement(claim),
        learner=learner,
        plan=claim.plan,
        achieved_on=claim.achieved_on,
        # A credential states whole seconds.
        issued_at=now.replace(microsecond=0),
        valid_until=claim.valid_until,
        holder_name=learner.name if with_name else "",
        status_list=status_list,
        status_index=index,
    )
    keys.put_on_record()
    award.token = documents.sign(award, email=learner.user.email if learner.user else "")
    award.save(force_insert=True)
    _record(actor, award, action="credential.issued")
    return award


def _achievement(claim: Claim) -> Achievement:
    found, _created = Achievement.objects.get_or_create(
        kind=claim.kind,
        role=claim.plan.role if claim.plan else None,
        also=claim.plan.also if claim.plan else None,
        skill=claim.skill,
        level=claim.level,
    )
    return found


def _number() -> tuple[StatusList, int]:
    """A list and a number in it, drawn so that neighbours in the list say nothing of each other."""
    current = StatusList.objects.select_for_update().last()
    taken: set[int] = set()
    if current:
        taken = {*current.awards.values_list("status_index", flat=True), *current.revoked}
    if current is None or len(taken) >= FULL * StatusList.SIZE:
        current, taken = StatusList.objects.create(), set()
    while True:
        index = secrets.randbelow(StatusList.SIZE)
        if index not in taken:
            return current, index


def _revoke(award: Award, *, actor: Actor, now: datetime) -> None:
    found = StatusList.objects.select_for_update().get(pk=award.status_list_id)
    found.revoked = sorted({*found.revoked, award.status_index})
    found.save(update_fields=["revoked"])
    award.revoked_at = now
    award.save(update_fields=["revoked_at"])
    _record(actor, award, action="credential.revoked")


def _record(actor: Actor, award: Award, *, action: str) -> None:
    outbox.record(
        actor=actor,
        action=action,
        subject=award,
        organisation_id=award.learner.organisation_id if award.learner else None,
        details={"kind": award.achievement.kind},
    )
