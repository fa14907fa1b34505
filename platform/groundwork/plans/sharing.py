"""Plans opened to people and programs without an account, by a secret that is shown once and then a hash."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import digest_of
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, InvalidError
from groundwork.events import outbox
from groundwork.learners.models import Learner
from groundwork.plans.models import Plan
from groundwork.plans.shares import CalendarFeed, PlanShare

DAYS = (7, 30, 90)
"""How long a link may live."""


def _new_secret() -> str:
    """256 random bits, as an address can hold them."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def share(*, actor: Actor, plan: Plan, days: int, shows_name: bool, now: datetime) -> tuple[PlanShare, str]:
    """A link to `plan` for so many days, and its secret; the secret is not stored.

    Raises ForbiddenError for another's plan, InvalidError for other days than `DAYS` and ConflictError for a
    plan without steps.
    """
    plan.learner.check_own(actor)
    if days not in DAYS:
        raise InvalidError(_("A link lives for 7, 30 or 90 days."))
    if not plan.steps.exists():
        raise ConflictError(_("This plan has no steps, so there is nothing to share."))
    secret = _new_secret()
    made = PlanShare.objects.create(
        plan=plan,
        secret_digest=digest_of(secret),
        hint=secret[:6],
        shows_name=shows_name,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    outbox.record(
        actor=actor,
        action="plan.shared",
        subject=made,
        organisation_id=plan.learner.organisation_id,
        details={"plan": str(plan.pk), "days": days, "shows_name": shows_name},
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
