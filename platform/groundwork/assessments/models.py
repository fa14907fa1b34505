"""Questions about one skill, and how a person answered them."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Organisation
from groundwork.core.actors import Actor
from groundwork.core.languages import pick
from groundwork.core.querysets import VisibleQuerySet
from groundwork.frameworks.models import LevelField, Skill, level_check
from groundwork.learners.models import Learner, seen_by
from recommender.estimators import ability


def _offered_to(actor: Actor, *, bank: str = "") -> Q:
    """Which banks an actor may be asked from: those for everybody and those of its own organisation."""
    prefix = f"{bank}__" if bank else ""
    if actor == Actor():
        return Q(pk__in=[])
    for_all = Q(**{f"{prefix}organisation": None})
    if actor.organisation_id is None:
        return for_all
    return for_all | Q(**{f"{prefix}organisation_id": actor.organisation_id})


class ItemBankQuerySet(VisibleQuerySet["ItemBank"]):
    def visible_to(self, actor: Actor) -> Self:
        """Banks for everybody and those of the actor's organisation; none for visitors."""
        return self.filter(_offered_to(actor))


class ItemBank(models.Model):
    """A collection of items with its author and terms."""

    # Empty: for everybody.
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="item_banks"
    )
    slug = models.SlugField(max_length=80)
    name_en = models.CharField(max_length=1000)
    name_zh = models.CharField(max_length=1000)
    author = models.CharField(max_length=1000)
    licence = models.CharField(max_length=1000)
    difficulty_basis_en = models.CharField(max_length=1000)
    difficulty_basis_zh = models.CharField(max_length=1000)
    # Of the file of fixtures/ that was loaded last, so that a steward's own version stays until ours changes.
    shipped_digest = models.CharField(max_length=64, blank=True, editable=False)
    imported_at = models.DateTimeField(auto_now=True)

    objects = ItemBankQuerySet.as_manager()

    class Meta:
        ordering = ["slug", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=Q(organisation=None), name="item_bank_for_all_once"
            ),
            models.UniqueConstraint(fields=["organisation", "slug"], name="item_bank_once_per_organisation"),
        ]

    def __str__(self) -> str:
        return pick(en=self.name_en, zh=self.name_zh)


class ItemQuerySet(VisibleQuerySet["Item"]):
    def visible_to(self, actor: Actor) -> Self:
        """Items of the banks the actor may be asked from."""
        return self.filter(_offered_to(actor, bank="bank"))

    def current(self) -> Self:
        """Not retired."""
        return self.filter(retired_at=None)


class Item(models.Model):
    """One question. What was asked is never changed: a corrected question is a new row of the same code."""

    bank = models.ForeignKey(ItemBank, on_delete=models.CASCADE, related_name="items")
    code = models.SlugField(max_length=80)
    position = models.PositiveIntegerField()
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = LevelField(help_text="the author's estimate")
    stem_en = models.CharField(max_length=1000)
    stem_zh = models.CharField(max_length=1000)
    options = models.JSONField(help_text='a list of {"en": "..", "zh": ".."}')
    key = models.PositiveSmallIntegerField(help_text="index of the right option, the first is 0")
    why_en = models.CharField(max_length=1000)
    why_zh = models.CharField(max_length=1000)
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["bank", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "code"], condition=Q(retired_at=None), name="current_item_once"
            ),
            level_check("item_level_1_to_5", lowest=1),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def stem(self) -> str:
        """The question in the reader's language."""
        return pick(en=self.stem_en, zh=self.stem_zh)

    @property
    def why(self) -> str:
        """Why the key is right, in the reader's language."""
        return pick(en=self.why_en, zh=self.why_zh)

    @property
    def option_texts(self) -> list[str]:
        """The options in the reader's language."""
        return [pick(en=option["en"], zh=option["zh"]) for option in self.options]

    def as_value(self) -> ability.Item:
        """What the estimator needs to know of this row."""
        return ability.Item(
            id=str(self.pk), difficulty=ability.difficulty_at(self.level), chance=1 / len(self.options)
        )


class SittingQuerySet(VisibleQuerySet["Sitting"]):
    def visible_to(self, actor: Actor) -> Self:
        """Sittings of the learners the actor sees."""
        return self.filter(seen_by(actor, learner="learner"))

    def finished(self) -> Self:
        """With a result."""
        return self.exclude(finished_at=None)


class Sitting(models.Model):
    """One person's assessment in one skill, open until it has a result."""

    class StopReason(models.TextChoices):
        PRECISE = "precise", _("The result is precise enough.")
        LONG_ENOUGH = "long-enough", _("The greatest number of questions was reached.")
        NOTHING_LEFT = "nothing-left", _("There are no further questions on this skill.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="sittings")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    # The level on record at the start: it chooses the first questions and never enters the result.
    level_before = LevelField()
    # Decides among equally good questions, so that a sitting can be replayed.
    seed = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=20, choices=StopReason.choices, blank=True)
    level = LevelField(null=True, blank=True)
    # The estimate behind the level: mean and standard deviation in levels.
    level_mean = models.FloatField(null=True, blank=True)
    level_sd = models.FloatField(null=True, blank=True)

    objects = SittingQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "skill"], condition=Q(finished_at=None), name="one_open_sitting_per_skill"
            ),
            level_check("sitting_level_0_to_5", lowest=0),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.skill_id} {self.started_at:%Y-%m-%d}"


class AnswerQuerySet(VisibleQuerySet["Answer"]):
    def visible_to(self, actor: Actor) -> Self:
        """Answers of the learners the actor sees."""
        return self.filter(seen_by(actor, learner="sitting__learner"))


class Answer(models.Model):
    """A question put to a person, and the answer once it is given.

    Written when the question is shown, so that leaving and coming back meets the same question.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="answers")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="answers")
    answered_at = models.DateTimeField(null=True, blank=True)
    # Empty with an answer given: "I do not know", which counts as wrong.
    choice = models.PositiveSmallIntegerField(null=True, blank=True)
    right = models.BooleanField(null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "position"], name="answer_position_once"),
            models.UniqueConstraint(fields=["sitting", "item"], name="answer_item_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None, right=None) | Q(answered_at__isnull=False, right__isnull=False),
                name="answer_right_or_wrong_once_given",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} #{self.position}"
