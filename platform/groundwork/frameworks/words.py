"""What people's texts teach the linker: decisions on its answers, and terms the vocabulary lacks.

No row here points to a person or a text: only bare words, with contact details blotted out before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from groundwork.frameworks.models import Skill

SKILL = "frameworks.Skill"


class Language(models.TextChoices):
    """By the script of the words."""

    EN = "en", _("English")
    ZH = "zh", _("Chinese")


class LinkDecision(models.Model):
    """What somebody made of one link: a row to train the linker with. Append-only."""

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        CHANGED = "changed", _("Confirmed at another level")
        REJECTED = "rejected", _("Left out, though it was ticked")
        PASSED = "passed", _("Suggested and not taken up")

    words = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=Language.choices)
    skill: models.ForeignKey[Skill, Skill] = models.ForeignKey(
        SKILL, on_delete=models.CASCADE, related_name="+"
    )
    decision = models.CharField(max_length=10, choices=Decision.choices)
    probability = models.FloatField()
    method = models.CharField(max_length=12)
    # Of the linker: its models and the state of the vocabulary.
    linker = models.CharField(max_length=64)
    # The day and no more: a time could lead to a person.
    decided_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("decision on a link")
        verbose_name_plural = _("decisions on links")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(probability__gte=0, probability__lte=1), name="decision_probability_0_to_1"
            )
        ]

    def __str__(self) -> str:
        return f"{self.words} -> {self.skill_id}: {self.decision}"


class UnknownTermQuerySet(models.QuerySet["UnknownTerm"]):
    def presentable(self) -> Self:
        """What may be shown: what came from several texts, or can hold no number or address of anybody."""
        return self.filter(models.Q(texts__gte=UnknownTerm.SEVERAL) | models.Q(plain=True))


class UnknownTerm(models.Model):
    """Words that texts list beside known skills and that no skill is called, for a steward to decide on."""

    SEVERAL: ClassVar[int] = 2

    class State(models.TextChoices):
        OPEN = "open", _("To be decided")
        ALIASED = "aliased", _("Now a name of a skill")
        IGNORED = "ignored", _("Ignored")

    # In the form in which words are compared, and as the last text wrote it.
    term = models.CharField(max_length=80, unique=True)
    example = models.CharField(max_length=120)
    language = models.CharField(max_length=2, choices=Language.choices)
    # How many texts held it; `last_text` is a keyed hash, so that the same text read again is not counted.
    texts = models.PositiveIntegerField(default=0)
    last_text = models.CharField(max_length=32, blank=True)
    # Whether it is free of digits and at-signs.
    plain = models.BooleanField()
    first_seen = models.DateField()
    last_seen = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    skill: models.ForeignKey[Skill | None, Skill | None] = models.ForeignKey(
        SKILL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = UnknownTermQuerySet.as_manager()

    class Meta:
        ordering = ["-texts", "term"]
        indexes = [models.Index(fields=["state", "-texts"], name="unknown_term_waiting")]
        verbose_name = _("unknown term")
        verbose_name_plural = _("unknown terms")

    def __str__(self) -> str:
        return self.example
