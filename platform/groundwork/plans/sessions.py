"""When a person studied what, and the days on which they do not: only they themselves see either."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q, Sum

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor
from groundwork.core.querysets import VisibleQuerySet
from groundwork.learners.models import Learner

MINUTES = (1, 24 * 60)
"""Fewest and most minutes of one session, and the most of one day."""


class StudySessionQuerySet(VisibleQuerySet["StudySession"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own; nobody else's business, the employer's neither."""
        return self.filter(learner__user_id=actor.user_id) if actor.user_id else self.none()

    def between(self, first: date, last: date) -> Self:
        """Of the days from `first` to `last`, both counted."""
        return self.filter(on__gte=first, on__lte=last)

    def minutes(self) -> int:
        """All of them together."""
        return self.aggregate(all=Sum("minutes"))["all"] or 0

    def minutes_by_course(self, courses: Iterable[int] | None = None) -> dict[int, int]:
        """Minutes by the key of the course."""
        rows = self if courses is None else self.filter(course__in=courses)
        return dict(rows.order_by().values_list("course").annotate(all=Sum("minutes")))

    def minutes_by_day(self) -> dict[date, int]:
        """Minutes by day."""
        return dict(self.order_by().values_list("on").annotate(all=Sum("minutes")))


class StudySession(models.Model):
    """So many minutes spent on a course on one day, by the learner's own word."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="sessions")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    # The attempt it belongs to; none where that was taken back.
    enrolment = models.ForeignKey(
        "plans.Enrolment", null=True, blank=True, on_delete=models.SET_NULL, related_name="sessions"
    )
    on = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StudySessionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-created_at", "id"]
        indexes = [models.Index(fields=["learner", "on"], name="session_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=MINUTES[0], minutes__lte=MINUTES[1]), name="session_within_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.minutes} min on {self.on}"


class TimeOffQuerySet(VisibleQuerySet["TimeOff"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own; nobody else's business, the employer's neither."""
        return self.filter(learner__user_id=actor.user_id) if actor.user_id else self.none()


class TimeOff(models.Model):
    """Days on which a person does not study, `first` and `last` among them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="time_off")
    first = models.DateField()
    last = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TimeOffQuerySet.as_manager()

    class Meta:
        ordering = ["first", "last", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="time_off_ends_after_its_start"),
            models.UniqueConstraint(fields=["learner", "first", "last"], name="time_off_once"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.first} to {self.last}"
