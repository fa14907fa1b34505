"""What a person shows for a finished course: a file, a link, a result."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Q

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor
from groundwork.core.querysets import VisibleQuerySet
from groundwork.learners.models import Learner, seen_by

NAME, LINK, RESULT = 120, 500, 60
"""Most characters of each."""


def place_of(proof: Proof, _name: str) -> str:
    """Where the file lies below the media folder: a name that says nothing and cannot be guessed."""
    return f"proofs/{uuid.uuid4().hex}"


class ProofQuerySet(VisibleQuerySet["Proof"]):
    def visible_to(self, actor: Actor) -> Self:
        """What belongs to the evidence an actor sees: one's own, and that of the organisation's people."""
        return self.filter(seen_by(actor, learner="learner"))

    def by_course(self, courses: Iterable[int]) -> dict[int, list[Proof]]:
        """Those of some courses, by the key of the course, oldest first."""
        found: dict[int, list[Proof]] = {}
        for proof in self.filter(course__in=list(courses)):
            found.setdefault(proof.course_id, []).append(proof)
        return found


class Proof(models.Model):
    """At least one of a file, a link and a result; nobody has checked it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="proofs")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(upload_to=place_of, blank=True, max_length=100)
    # What the person called the file, its type by its content, and its size in bytes.
    name = models.CharField(max_length=NAME, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    size = models.PositiveIntegerField(default=0)
    link = models.URLField(max_length=LINK, blank=True)
    result = models.CharField(max_length=RESULT, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(link="") | ~Q(result=""), name="proof_of_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: proof of {self.course_id}"
