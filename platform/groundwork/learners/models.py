"""What one person can do, and how we know."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Organisation
from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor, Right
from groundwork.core.querysets import VisibleQuerySet
from groundwork.frameworks.models import LevelField, Skill, level_check

HOURS_PER_WEEK = (1, 60)


def seen_by(actor: Actor, *, learner: str = "") -> Q:
    """Which learners' rows an actor sees: its own, and those of the organisation it may read.

    `learner` is the lookup path to the learner, "" on Learner itself.
    """
    prefix = f"{learner}__" if learner else ""
    own = Q(**{f"{prefix}user_id": actor.user_id}) if actor.user_id else Q(pk__in=[])
    if actor.may(Right.READ_PEOPLE):
        own |= Q(**{f"{prefix}organisation_id": actor.organisation_id})
    return own


class LearnerQuerySet(VisibleQuerySet["Learner"]):
    def visible_to(self, actor: Actor) -> Self:
        """Oneself; for administrators and scoped systems everybody in the organisation."""
        return self.filter(seen_by(actor))


class Learner(models.Model):
    """A person who learns: with an account of their own, or entered by their employer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="learner"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="learners"
    )
    name = models.CharField(_("name"), max_length=150)
    external_id = models.CharField(max_length=100, blank=True)
    # Of a person entered by their employer: whoever accepts an invitation to this address is that person.
    email = models.EmailField(_("e-mail address"), blank=True)
    hours_per_week = models.PositiveSmallIntegerField(
        _("hours per week"),
        default=8,
        validators=[MinValueValidator(HOURS_PER_WEEK[0]), MaxValueValidator(HOURS_PER_WEEK[1])],
    )
    languages = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LearnerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "external_id"],
                condition=~Q(external_id=""),
                name="external_id_once_per_organisation",
            ),
            models.UniqueConstraint(
                F("organisation"),
                Lower("email"),
                condition=~Q(email=""),
                name="email_once_per_organisation",
            ),
            models.CheckConstraint(
                condition=Q(hours_per_week__gte=HOURS_PER_WEEK[0], hours_per_week__lte=HOURS_PER_WEEK[1]),
                name="learner_hours_per_week_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def levels(self) -> dict[str, int]:
        """Skill slug -> current level."""
        return dict(self.proficiencies.values_list("skill__slug", "level"))


class EvidenceQuerySet(VisibleQuerySet["Evidence"]):
    def visible_to(self, actor: Actor) -> Self:
        """Evidence about the learners the actor sees."""
        return self.filter(seen_by(actor, learner="learner"))


class Evidence(models.Model):
    """One dated observation of one skill; never changed, never deleted while the learner is there."""

    class Kind(models.TextChoices):
        SELF_REPORT = "self-report", _("Self-report")
        CV = "cv", _("CV")
        MANAGER = "manager", _("Manager")
        ASSESSMENT = "assessment", _("Assessment")
        CERTIFICATE = "certificate", _("Certificate")
        COURSE = "course", _("Completed course")
        WORK_HISTORY = "work-history", _("Work history")
        CORRECTION = "correction", _("Correction")

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="evidence")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    level = LevelField()
    # When the skill was last shown, not when it was typed in.
    evidenced_on = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    # The finished course this rests on; on a correction, the course whose completion is taken back.
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        verbose_name_plural = "evidence"
        constraints = [level_check("evidence_level_0_to_5", lowest=0)]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.skill_id} {self.level} ({self.kind})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append only."""
        if not self._state.adding:
            raise TypeError("evidence is append-only; record a new observation instead")
        super().save(*args, **kwargs)


class ProficiencyQuerySet(VisibleQuerySet["Proficiency"]):
    def visible_to(self, actor: Actor) -> Self:
        """Proficiency of the learners the actor sees."""
        return self.filter(seen_by(actor, learner="learner"))


class Proficiency(models.Model):
    """The level a person stands at in one skill, and since when it is shown. Written by recording only."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="proficiencies")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = LevelField()
    as_of = models.DateField()
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="+")

    objects = ProficiencyQuerySet.as_manager()

    class Meta:
        ordering = ["-level", "skill__slug"]
        verbose_name_plural = "proficiencies"
        constraints = [
            models.UniqueConstraint(fields=["learner", "skill"], name="proficiency_once"),
            level_check("proficiency_level_1_to_5", lowest=1),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.skill_id} {self.level}"
