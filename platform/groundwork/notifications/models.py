"""What people are told, how they want to be told, and whether they were."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Organisation, User
from groundwork.core.actors import Actor, Right
from groundwork.core.querysets import VisibleQuerySet
from groundwork.notifications.kinds import Kind, Mail

KEPT = timedelta(days=365)
"""Long enough for every reason to tell the same thing twice to have passed."""


class NotificationQuerySet(VisibleQuerySet["Notification"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own; those about an organisation while one administers it. Nobody else's, ever."""
        if actor.user_id is None:
            return self.none()
        administered = actor.organisation_id if actor.may(Right.MANAGE_ORGANISATION) else None
        return self.of(actor.user_id, administered=administered)

    def of(self, user_id: UUID, *, administered: UUID | None) -> Self:
        """Those of a person who administers that organisation, or none."""
        mine = Q(organisation=None)
        if administered:
            mine |= Q(organisation_id=administered)
        return self.filter(mine, user_id=user_id)

    def in_app(self) -> Self:
        """Those for the page."""
        return self.filter(in_app=True)

    def unread(self) -> Self:
        """Those for the page that wait to be read."""
        return self.in_app().filter(read_at=None)

    def unread_first(self) -> Self:
        """Unread before read, latest first in both."""
        is_read = models.ExpressionWrapper(Q(read_at__isnull=False), output_field=models.BooleanField())
        return self.order_by(is_read, "-created_at", "-pk")

    def outdated(self, now: datetime) -> Self:
        """Older than they are kept, but for those that wait to be sent."""
        waiting = Q(mail_state=Notification.MailState.WAITING)
        return self.filter(created_at__lt=now - KEPT).exclude(waiting)

    def due(self, now: datetime) -> Self:
        """Those whose e-mail should leave."""
        return self.filter(mail_state=Notification.MailState.WAITING, mail_due_at__lte=now)


class Notification(models.Model):
    """One thing a person is told, as data: it is put into words when it is read, in the reader's language.

    `subject` names what it is about, `period` which time about it; a person is told once of both.
    """

    class MailState(models.TextChoices):
        NONE = "none", _("Not by e-mail")
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Not needed any more, or no verified address")
        FAILED = "failed", _("Given up")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    # Only what concerns the administrators of an organisation; the reader must still be one.
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=30, choices=Kind.choices)
    subject = models.CharField(max_length=150)
    period = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    in_app = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mail_state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.NONE)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject", "period"], name="notification_once_per_subject_and_period"
            ),
            models.CheckConstraint(
                condition=~Q(mail_state="waiting") | Q(mail_due_at__isnull=False),
                name="notification_waiting_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notification_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None, in_app=True), name="notification_unread"),
            models.Index(
                fields=["mail_due_at"], condition=Q(mail_state="waiting"), name="notification_mail_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} -> {self.user_id}"


class DeliverySettings(models.Model):
    """When a person gets e-mail, by their own clock. Without a row: a daily digest at 8, no quiet hours."""

    class Every(models.TextChoices):
        DAY = "day", _("Every day")
        WEEK = "week", _("Every Monday")

    HOUR = 8

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="delivery_settings")
    digest_every = models.CharField(max_length=5, choices=Every.choices, default=Every.DAY)
    digest_hour = models.PositiveSmallIntegerField(default=HOUR)
    # From the first to just before the second; the first may be the later one: over midnight.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    # The last day, by the person's clock, on which their dates were looked through.
    looked_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "delivery settings"
        constraints = [
            models.CheckConstraint(condition=Q(digest_hour__lte=23), name="digest_hour_of_a_day"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | (Q(quiet_from__isnull=False, quiet_to__isnull=False) & ~Q(quiet_from=F("quiet_to"))),
                name="quiet_hours_have_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.digest_every} at {self.digest_hour}"


class KindChoice(models.Model):
    """How a person wants to be told of one kind; without a row, as `kinds.DEFAULTS` says."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    in_app = models.BooleanField()
    mail = models.CharField(max_length=10, choices=Mail.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="one_choice_per_kind")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
