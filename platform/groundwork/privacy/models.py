"""Requests to erase a person: what is left of them in the end is a pseudonym."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor
from groundwork.core.querysets import VisibleQuerySet


class ErasureQuerySet(VisibleQuerySet["Erasure"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own."""
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()

    def open(self) -> Self:
        """Neither done nor taken back."""
        return self.filter(state__in=Erasure.OPEN)

    def due(self, now: datetime) -> Self:
        """To be begun, or gone on with."""
        return self.open().filter(due_at__lte=now)


class Erasure(models.Model):
    """A person asked to be erased. `user_id` is a plain id, and gone with the person.

    `steps` names what is done already, so that a run that was killed goes on where it ended.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        BLOCKED = "blocked", _("Held up")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        KEPT = "kept", _("Taken back")

    OPEN: ClassVar[list[str]] = [State.WAITING, State.BLOCKED, State.RUNNING]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    steps = models.JSONField(default=list)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user_id"],
                condition=Q(state__in=["waiting", "blocked", "running"]),
                name="one_open_erasure_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(user_id=None, finished_at__isnull=False),
                name="erasure_done_names_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pseudonym} {self.state}"

    @property
    def pseudonym(self) -> str:
        """What stands in the trail for the person from then on; it leads back to nobody."""
        return self.id.hex[:16]

    def of_person(self) -> UUID:
        """Whose. Raises ValueError once that is forgotten."""
        if self.user_id is None:
            raise ValueError("this erasure is done")
        return self.user_id
