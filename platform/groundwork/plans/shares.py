"""Secret addresses that open a plan, or a calendar of plans, without an account."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q

from groundwork.accounts.models import digest_of
from groundwork.core.actors import Actor
from groundwork.core.querysets import VisibleQuerySet
from groundwork.learners.models import Learner

DIGEST = 64
REMEMBERED = timedelta(days=1)
"""How long a withdrawn link is shown, and may be brought back."""


class PlanShareQuerySet(VisibleQuerySet["PlanShare"]):
    def visible_to(self, actor: Actor) -> Self:
        """Links to one's own plans; nobody else's business, the employer's neither."""
        return self.filter(plan__learner__user_id=actor.user_id) if actor.user_id else self.none()

    def live(self, now: datetime) -> Self:
        """Neither expired nor withdrawn, and of somebody who still has an account."""
        return self.filter(revoked_at=None, expires_at__gt=now, plan__learner__user__is_active=True)

    def listed(self, now: datetime) -> Self:
        """Links that have not expired, those withdrawn of late among them."""
        return self.filter(Q(revoked_at=None) | Q(revoked_at__gt=now - REMEMBERED), expires_at__gt=now)

    def opened_by(self, secret: str, *, now: datetime) -> PlanShare | None:
        """The live link whose secret this is, with the plan it leads to, or None."""
        found = self.live(now).filter(secret_digest=digest_of(secret))
        related = found.select_related("plan__learner", "plan__role", "plan__also")
        return related.prefetch_related("plan__steps__course__provider").first()


class PlanShare(models.Model):
    """A link to one plan, to read only, that ends by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey("plans.Plan", on_delete=models.CASCADE, related_name="shares")
    secret_digest = models.CharField(max_length=DIGEST, unique=True)
    # The first characters let a person tell links apart; they are too few to guess the rest.
    hint = models.CharField(max_length=6)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The day alone: who opens a link is not followed about.
    last_opened_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PlanShareQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="share_ends_later")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} until {self.expires_at:%Y-%m-%d}"


class CalendarFeedQuerySet(VisibleQuerySet["CalendarFeed"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        return self.filter(learner__user_id=actor.user_id) if actor.user_id else self.none()

    def opened_by(self, secret: str) -> CalendarFeed | None:
        """The calendar whose secret this is, of somebody who still has an account, or None."""
        found = self.filter(secret_digest=digest_of(secret), learner__user__is_active=True)
        return found.select_related("learner").first()


class CalendarFeed(models.Model):
    """The address at which calendar programs read a person's current plans; gone when it is switched off."""

    learner = models.OneToOneField(
        Learner, primary_key=True, on_delete=models.CASCADE, related_name="calendar_feed"
    )
    secret_digest = models.CharField(max_length=DIGEST, unique=True)
    language = models.CharField(
        max_length=10, help_text="what a calendar program, which names none, is told in"
    )
    opened_at = models.DateTimeField()

    objects = CalendarFeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"calendar of {self.learner_id}"
