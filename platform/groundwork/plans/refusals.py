"""Courses a person does not want in their plans, and why: only they themselves see it."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor
from groundwork.core.querysets import VisibleQuerySet
from groundwork.learners.models import Learner


class CourseRefusalQuerySet(VisibleQuerySet["CourseRefusal"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own; nobody else's business, the employer's neither."""
        return self.filter(learner__user_id=actor.user_id) if actor.user_id else self.none()

    def excluded(self) -> frozenset[str]:
        """The courses that plans leave out, by slug; a course whose content is known is no longer needed."""
        rows = self.exclude(reason=CourseRefusal.Reason.KNOWN)
        return frozenset(rows.order_by().values_list("course__slug", flat=True))


class CourseRefusal(models.Model):
    """“Not for me”."""

    class Reason(models.TextChoices):
        HARD = "hard", _("too hard")
        KNOWN = "known", _("I know it already")
        PRICE = "price", _("too expensive")
        LANGUAGE = "language", _("not my language")
        FORMAT = "format", _("not the way I learn")
        PROVIDER = "provider", _("not from this provider")
        EXPERIENCE = "experience", _("bad experience")
        OTHER = "other", _("another reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="refusals")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CourseRefusalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "course"], name="course_refused_once"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: not {self.course_id} ({self.reason})"
