"""What a person can show elsewhere: achievements, who was awarded them, and which awards are revoked."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor
from groundwork.core.querysets import VisibleQuerySet
from groundwork.credentials.badges import Badge, BadgeLine
from groundwork.frameworks.models import LevelField, Role, Skill, level_check
from groundwork.learners.models import Learner, seen_by
from groundwork.plans.models import Plan

__all__ = ["Achievement", "Award", "Badge", "BadgeLine", "SigningKey", "StatusList"]


class SigningKey(models.Model):
    """The public half of a key that signs or signed, so that a new key does not end what it signed.

    `kid` is the thumbprint (RFC 7638), `x` the public key as its JWK spells it (RFC 8037).
    """

    kid = models.CharField(primary_key=True, max_length=43)
    x = models.CharField(max_length=43)
    recorded_at = models.DateTimeField(auto_now_add=True)
    # Nothing it signed is valid any more, so it need not be published.
    retired_at = models.DateTimeField(null=True, blank=True)
    # Somebody else may hold the private half.
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-recorded_at", "kid"]

    def __str__(self) -> str:
        return self.kid


class StatusList(models.Model):
    """The numbers of revoked awards; published as a bitstring, it tells nothing of anybody.

    `revoked` outlives the awards: what was revoked stays so after its holder's rows are erased.
    """

    SIZE = 131_072
    """Entries of a list, the least that Bitstring Status List 1.0 allows."""

    revoked = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}: {len(self.revoked)} revoked"


class Achievement(models.Model):
    """What is awarded: a path to one role or two, or a level of a skill; the same row for everybody."""

    class Kind(models.TextChoices):
        PATH = "path", _("Completed path")
        SKILL = "skill", _("Verified skill")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    role = models.ForeignKey(Role, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    also = models.ForeignKey(Role, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    skill = models.ForeignKey(Skill, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    level = LevelField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["role"], condition=Q(kind="path", also=None), name="path_to_one_role_once"
            ),
            models.UniqueConstraint(
                fields=["role", "also"], condition=Q(kind="path"), name="path_to_two_roles_once"
            ),
            models.UniqueConstraint(
                fields=["skill", "level"], condition=Q(kind="skill"), name="skill_level_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="path", role__isnull=False, skill=None, level=None)
                | Q(kind="skill", role=None, also=None, skill__isnull=False, level__isnull=False),
                name="achievement_of_one_kind",
            ),
            level_check("achievement_level_1_to_5", lowest=1),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The roles or the skill, in the reader's language."""
        if self.skill:
            return self.skill.name
        return " + ".join(role.name for role in (self.role, self.also) if role)


class AwardQuerySet(VisibleQuerySet["Award"]):
    def visible_to(self, actor: Actor) -> Self:
        """Awards of the learners the actor sees; what the public address shows needs no actor."""
        return self.filter(seen_by(actor, learner="learner"))

    def with_achievements(self) -> Self:
        """Everything a list or page names."""
        return self.select_related("achievement__role", "achievement__also", "achievement__skill")


class Award(models.Model):
    """A signed credential of one learner, and whether it was revoked. `token` is what was handed out.

    Without a learner it is what is left of an erased person's: revoked, nameless, its text gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    achievement = models.ForeignKey(Achievement, on_delete=models.PROTECT, related_name="awards")
    learner = models.ForeignKey(
        Learner, null=True, blank=True, on_delete=models.CASCADE, related_name="awards"
    )
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="awards")
    # The day of the last step, or of the evidence that verified the level: a later one earns a new award.
    achieved_on = models.DateField()
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    # The name as it stands in the credential; empty unless its holder wanted it there.
    holder_name = models.CharField(max_length=150, blank=True)
    token = models.TextField()
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="awards")
    status_index = models.PositiveIntegerField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["status_list", "status_index"], name="status_index_once"),
            models.UniqueConstraint(
                fields=["plan"], condition=Q(revoked_at=None), name="one_standing_award_per_plan"
            ),
            models.UniqueConstraint(
                fields=["learner", "achievement", "achieved_on"],
                condition=Q(revoked_at=None, plan=None),
                name="one_standing_award_per_verification",
            ),
            models.CheckConstraint(
                condition=Q(learner__isnull=False)
                | Q(revoked_at__isnull=False, plan=None, holder_name="", token=""),
                name="award_of_nobody_says_nothing",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("issued_at")), name="award_valid_after_its_issue"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_erased(self) -> bool:
        """Whether its holder's data were erased."""
        return self.learner_id is None

    def is_expired(self, *, now: datetime) -> bool:
        """Whether `valid_until` has come."""
        return self.valid_until <= now
