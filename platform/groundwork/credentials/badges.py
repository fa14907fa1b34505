"""Badges of others that a person has taken as evidence, and the lines that rest on each."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models

from groundwork.core.actors import Actor
from groundwork.core.querysets import VisibleQuerySet
from groundwork.learners.models import Evidence, Learner, seen_by

NAME, ISSUER = 200, 200
"""Most characters of each."""


class BadgeQuerySet(VisibleQuerySet["Badge"]):
    def visible_to(self, actor: Actor) -> Self:
        """What belongs to the evidence an actor sees: one's own, and that of the organisation's people."""
        return self.filter(seen_by(actor, learner="learner"))


class Badge(models.Model):
    """What was read of a badge on the day it was taken; the badge itself stays with its holder.

    `doubt` says why it verifies nothing (`receiving.Doubt`), "" where it was verified.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="badges")
    # SHA-256 of its issuer's id and its own: the same badge in another file is the same badge.
    fingerprint = models.CharField(max_length=64)
    name = models.CharField(max_length=NAME)
    issuer = models.CharField(max_length=ISSUER)
    awarded_on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    doubt = models.CharField(max_length=20, blank=True)
    accepted_at = models.DateTimeField(auto_now_add=True)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        ordering = ["-accepted_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "fingerprint"], name="badge_once_per_learner")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.name}"


class BadgeLineQuerySet(VisibleQuerySet["BadgeLine"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the badges the actor sees."""
        return self.filter(seen_by(actor, learner="badge__learner"))


class BadgeLine(models.Model):
    """A line of evidence that rests on a badge."""

    badge = models.ForeignKey(Badge, on_delete=models.CASCADE, related_name="lines")
    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="+")

    objects = BadgeLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.badge_id}: {self.evidence_id}"
