"""Plans opened to people and programs without an account, by a secret that is shown once and then a hash."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import digest_of
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, InvalidError
from groundwork.events import outbox
from groundwork.learners.models import Learner
from groundwork.plans.models import Plan
from groundwork.plans.shares import CalendarFeed, PlanShare

LONGEST = timedelta(days=366)
"""A link always ends; whoever wants it longer makes a new one."""


def _new_secret() -> str:
    """256 random bits, as an address can hold them."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def share(*, actor: Actor, plan: Plan, ends_at: datetime, now: datetime) -> tuple[PlanShare, str]:
    """A link to `plan` that lives until `ends_at`, and its secret; the secret is not stored.

    Raises ForbiddenError for another's plan, InvalidError for an end that is past or too far away
    (`LONGEST`) and ConflictError for a plan without steps.
    """
    plan.learner.check_own(actor)
    if not now < ends_at <= now + LONGEST:
        raise InvalidError(_("A link ends on a day from today on, at most a year away."))
    if not plan.steps.exists():
        raise ConflictError(_("This plan has no steps, so there is nothing to share."))
    secret = _new_secret()
    made = PlanShare.objects.create(
        plan=plan, secret_digest=digest_of(secret), hint=secret[:6], created_at=now, expires_at=ends_at
    )
    outbox.record(
        actor=actor,
        action="plan.shared",
        subject=made,
        organisation_id=plan.learner.organisation_id,
        details={"plan": str(plan.pk), "ends_at": ends_at.isoformat()},
    )
    return made, secret


@transaction.atomic
def revoke(*, actor: Actor, share: PlanShare, now: datetime) -> None:
    """End a link at once. Raises ForbiddenError for one to another's plan."""
    learner = share.plan.learner
    learner.check_own(actor)
    if not PlanShare.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now):
        return
    outbox.record(actor=actor, action="share.revoked", subject=share, organisation_id=learner.organisation_id)


@transaction.atomic
def restore(*, actor: Actor, share: PlanShare, now: datetime) -> None:
    """Take a withdrawal back: the same address opens the plan again, until the same day.

    Raises ForbiddenError for a link to another's plan and ConflictError for one that has expired or was
    withdrawn too long ago.
    """
    learner = share.plan.learner
    learner.check_own(actor)
    withdrawn = PlanShare.objects.listed(now).filter(pk=share.pk).exclude(revoked_at=None)
    if not withdrawn.update(revoked_at=None):
        raise ConflictError(_("This link can no longer be brought back. Make a new one."))
    outbox.record(
        actor=actor, action="share.restored", subject=share, organisation_id=learner.organisation_id
    )


def note_opened(share: PlanShare, *, today: date) -> None:
    """Remember the day a link was last opened; at most one write a day, and none of who it was."""
    if share.last_opened_on != today:
        PlanShare.objects.filter(pk=share.pk).update(last_opened_on=today)


@transaction.atomic
def open_feed(*, actor: Actor, learner: Learner, language: str, now: datetime) -> str:
    """The secret of a new calendar address; one the person had before stops working."""
    learner.check_own(actor)
    secret = _new_secret()
    feed, new = CalendarFeed.objects.update_or_create(
        learner=learner,
        defaults={"secret_digest": digest_of(secret), "language": language, "opened_at": now},
    )
    outbox.record(
        actor=actor,
        action="calendar.opened" if new else "calendar.renewed",
        subject=feed,
        organisation_id=learner.organisation_id,
    )
    return secret


@transaction.atomic
def close_feed(*, actor: Actor, learner: Learner) -> None:
    """Switch the calendar address off."""
    learner.check_own(actor)
    feed = CalendarFeed.objects.filter(learner=learner).first()
    if feed is None:
        return
    outbox.record(
        actor=actor, action="calendar.closed", subject=feed, organisation_id=learner.organisation_id
    )
    feed.delete()
