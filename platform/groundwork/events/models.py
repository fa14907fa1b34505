"""What happened: an outbox for other parts of the system, an audit trail for people.

Both hold organisation and actor as plain ids, so they outlive an erased person.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone

from groundwork.core.actors import Actor, Right
from groundwork.core.querysets import VisibleQuerySet


class Event(models.Model):
    """One fact, written in the transaction that made it true and relayed afterwards."""

    kind = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    organisation_id = models.UUIDField(null=True, blank=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    relayed_at = models.DateTimeField(null=True, blank=True)
    # An event that fails again and again waits longer each time, so that it holds up no other.
    failures = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(relayed_at=None), name="event_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"


class AuditQuerySet(VisibleQuerySet["AuditEntry"]):
    def visible_to(self, actor: Actor) -> Self:
        """The organisation's trail, for its administrators."""
        if actor.may(Right.MANAGE_ORGANISATION):
            return self.filter(organisation_id=actor.organisation_id)
        return self.none()


class AuditEntry(models.Model):
    """Who changed what, when; never updated."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=80)
    organisation_id = models.UUIDField(null=True, blank=True, db_index=True)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    details = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"


class IdempotencyKey(models.Model):
    """A caller's key and the answer it got, so that a repeated request is not a second effect."""

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.actor} {self.key}"
