"""Attempts: a person starts a course and finishes it, or does not."""

from __future__ import annotations

import uuid
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor
from groundwork.core.querysets import VisibleQuerySet
from groundwork.learners.models import Learner, seen_by

HOURS = (1, 20_000)
"""Fewest and most hours an attempt may have taken."""


class EnrolmentQuerySet(VisibleQuerySet["Enrolment"]):
    def visible_to(self, actor: Actor) -> Self:
        """Attempts of the learners the actor sees."""
        return self.filter(seen_by(actor, learner="learner"))

    def latest_by_course(self) -> dict[int, Enrolment]:
        """The last attempt at each course, by the key of the course."""
        return {row.course_id: row for row in self.order_by("started_on", "created_at")}

    def going_on(self) -> Self:
        """Started and not ended."""
        return self.filter(state=Enrolment.State.STARTED)


class Enrolment(models.Model):
    """One attempt of a learner at a course: a person starts a course once on a day."""

    class State(models.TextChoices):
        STARTED = "started", _("Going on")
        FINISHED = "finished", _("Finished")
        WITHDRAWN = "withdrawn", _("Given up")
        FAILED = "failed", _("Not passed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    # The step of a plan it was finished or left by; none where an HR system reported it.
    step = models.ForeignKey(
        "plans.PlanStep", null=True, blank=True, on_delete=models.SET_NULL, related_name="enrolments"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.STARTED)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    hours = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="logged by the learner or the HR system",
        validators=[MinValueValidator(HOURS[0]), MaxValueValidator(HOURS[1])],
    )
    recorded_by = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-started_on", "-created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "course", "started_on"], name="enrolment_once_a_day"),
            models.UniqueConstraint(
                fields=["learner", "course"], condition=Q(state="started"), name="one_enrolment_going_on"
            ),
            models.CheckConstraint(
                condition=Q(state="started", ended_on=None)
                | (~Q(state="started") & Q(ended_on__isnull=False, ended_on__gte=models.F("started_on"))),
                name="enrolment_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gte=HOURS[0], hours__lte=HOURS[1]),
                name="enrolment_hours_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.course_id} {self.state}"

    @property
    def was_left(self) -> bool:
        """Given up or not passed."""
        return self.state in (self.State.WITHDRAWN, self.State.FAILED)
