"""What job postings and strategy say of roles and skills: counts, shares, suggestions, priorities.

Of a posting nothing is kept but a hash that tells it from others, and the counts it adds to.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from groundwork.core.languages import pick

if TYPE_CHECKING:
    from groundwork.frameworks.models import Role, Skill

# Nulls would be told apart by a plain constraint, and SQLite knows no other kind.
NO_DAY = models.Value(date(1, 1, 1), output_field=models.DateField())
SKILL = "frameworks.Skill"
ROLE = "frameworks.Role"


class PostingSource(models.Model):
    """One collection of job postings, imported once or again and again."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=300)
    as_of = models.CharField(max_length=60)
    # After repeats of the same employer and title were left out; `matched` of them name a role of ours.
    postings = models.PositiveIntegerField(default=0)
    matched = models.PositiveIntegerField(default=0)
    dated = models.PositiveIntegerField(default=0)
    # How many there were when demand and suggestions were last computed from them.
    evaluated = models.PositiveIntegerField(default=0)
    imported_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["slug"]
        verbose_name = _("source of postings")
        verbose_name_plural = _("sources of postings")

    def __str__(self) -> str:
        return f"{self.name} ({self.as_of})"


class SeenPosting(models.Model):
    """That a posting was counted: a hash of employer and title, and its day."""

    source = models.ForeignKey(PostingSource, on_delete=models.CASCADE, related_name="seen")
    digest = models.CharField(max_length=32)
    posted_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "source", "digest", Coalesce("posted_on", NO_DAY), name="posting_seen_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.digest


class PostingCount(models.Model):
    """Postings of a month (none: undated) by role (none: no role of ours) and skill (none: all of them).

    Of the postings that name the skill, `stated` also say how well it must be known; `levels` is the sum of
    those levels.
    """

    source = models.ForeignKey(PostingSource, on_delete=models.CASCADE, related_name="counts")
    role = models.ForeignKey(ROLE, null=True, on_delete=models.CASCADE, related_name="+")
    skill = models.ForeignKey(SKILL, null=True, on_delete=models.CASCADE, related_name="+")
    month = models.DateField(null=True)
    postings = models.PositiveIntegerField(default=0)
    stated = models.PositiveIntegerField(default=0)
    levels = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "source",
                Coalesce("role", 0),
                Coalesce("skill", 0),
                Coalesce("month", NO_DAY),
                name="posting_counted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role_id} {self.skill_id} {self.month}: {self.postings}"


class Demand(models.Model):
    """How many postings one dated source holds for a role."""

    ENOUGH: ClassVar[int] = 30

    role = models.OneToOneField(ROLE, on_delete=models.CASCADE, related_name="demand")
    postings = models.PositiveIntegerField()
    source = models.CharField(max_length=300)
    as_of = models.CharField(max_length=60)
    note_en = models.TextField(blank=True)
    note_zh = models.TextField(blank=True)
    # None: counted by the editors.
    imported_from = models.ForeignKey(
        PostingSource, null=True, blank=True, on_delete=models.CASCADE, related_name="demands"
    )

    def __str__(self) -> str:
        return f"{self.role_id}: {self.postings}"

    @property
    def is_enough(self) -> bool:
        """Whether the count carries a statement at all."""
        return self.postings >= self.ENOUGH

    @property
    def note(self) -> str:
        """The caveat in the reader's language."""
        return pick(en=self.note_en, zh=self.note_zh)


class DemandTerm(models.Model):
    """How often the postings of a role name one term, and whether that changes.

    `share`, `low` and `high` are the estimated share and its 95 % interval in thousandths; `growth*` the
    change of the share in a year in per cent, with its interval. None: not estimated.
    """

    class Direction(models.TextChoices):
        RISING = "rising", _("rising")
        FALLING = "falling", _("falling")
        NOT_ENOUGH_DATA = "not-enough-data", _("not enough data")

    demand = models.ForeignKey(Demand, on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=200)
    skill = models.ForeignKey(SKILL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    postings = models.PositiveIntegerField()
    share = models.PositiveSmallIntegerField(null=True, blank=True)
    low = models.PositiveSmallIntegerField(null=True, blank=True)
    high = models.PositiveSmallIntegerField(null=True, blank=True)
    direction = models.CharField(
        max_length=20, choices=Direction.choices, default=Direction.NOT_ENOUGH_DATA, blank=True
    )
    growth = models.IntegerField(null=True, blank=True)
    growth_low = models.IntegerField(null=True, blank=True)
    growth_high = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-postings", "term"]
        constraints = [models.UniqueConstraint(fields=["demand", "term"], name="demand_term_once")]

    def __str__(self) -> str:
        return f"{self.term}: {self.postings}"

    @property
    def percent(self) -> int:
        """Share of the role's postings that name the term, in whole per cent."""
        return round(100 * self.postings / self.demand.postings) if self.demand.postings else 0

    @property
    def interval(self) -> tuple[int, int] | None:
        """The 95 % interval of the share in whole per cent, rounded outwards; None: not estimated."""
        if self.low is None or self.high is None:
            return None
        return self.low // 10, -(-self.high // 10)


class SuggestionQuerySet(models.QuerySet["RequirementSuggestion"]):
    def undecided(self) -> Self:
        """Those that wait for a steward."""
        return self.filter(state=RequirementSuggestion.State.OPEN)


class RequirementSuggestion(models.Model):
    """What postings suggest to change in the profile of a role; a steward accepts or rejects it.

    Shares are in thousandths. `stated` postings say how well the skill must be known.
    """

    class Kind(models.TextChoices):
        ADD = "add", _("Add the skill")
        WEIGHT = "weight", _("Change the weight")
        LEVEL = "level", _("Change the level")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    role: models.ForeignKey[Role, Role] = models.ForeignKey(
        ROLE, on_delete=models.CASCADE, related_name="suggestions"
    )
    skill: models.ForeignKey[Skill, Skill] = models.ForeignKey(
        SKILL, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    current = models.PositiveSmallIntegerField(null=True, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    weight = models.PositiveSmallIntegerField(null=True, blank=True)
    mentions = models.PositiveIntegerField()
    postings = models.PositiveIntegerField()
    low = models.PositiveSmallIntegerField()
    high = models.PositiveSmallIntegerField()
    stated = models.PositiveIntegerField(default=0)
    source = models.ForeignKey(PostingSource, on_delete=models.CASCADE, related_name="suggestions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["role", "-mentions", "skill"]
        verbose_name = _("suggestion from postings")
        verbose_name_plural = _("suggestions from postings")
        constraints = [
            models.UniqueConstraint(fields=["role", "skill", "kind"], name="requirement_suggested_once"),
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__gte=1, level__lte=5),
                name="suggested_level_1_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(weight__isnull=True) | models.Q(weight__gte=1, weight__lte=5),
                name="suggested_weight_1_to_5",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.get_kind_display()}: {self.skill}"


class Priority(models.Model):
    """How much strategy wants a layer or a skill, 1 highest, with who said so and when.

    The priority of a role stands with the role.
    """

    class Basis(models.TextChoices):
        STATED = "stated", _("stated by the source")
        EDITORIAL = "editorial", _("our reading of the source")

    layer = models.CharField(max_length=20, blank=True)
    skill = models.OneToOneField(
        SKILL, null=True, blank=True, on_delete=models.CASCADE, related_name="strategy"
    )
    priority = models.PositiveSmallIntegerField(help_text="1 is highest")
    reason_en = models.TextField()
    reason_zh = models.TextField()
    source = models.CharField(max_length=300)
    as_of = models.CharField(max_length=20)
    basis = models.CharField(max_length=12, choices=Basis.choices)

    class Meta:
        ordering = ["priority", "layer", "skill__slug"]
        verbose_name_plural = _("priorities")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(priority__gte=1, priority__lte=3), name="priority_1_to_3"
            ),
            models.CheckConstraint(
                condition=models.Q(layer="", skill__isnull=False)
                | (~models.Q(layer="") & models.Q(skill__isnull=True)),
                name="priority_of_layer_or_skill",
            ),
            models.UniqueConstraint(
                fields=["layer"], condition=~models.Q(layer=""), name="priority_of_layer_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layer or self.skill}: {self.priority}"

    @property
    def reason(self) -> str:
        """Why, in the reader's language."""
        return pick(en=self.reason_en, zh=self.reason_zh)
