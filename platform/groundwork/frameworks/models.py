"""What can be learned and what it is for: skills, roles, requirements. Public, the same for all.

What postings and strategy say of them stands in `market`.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from groundwork.core import searching
from groundwork.core.languages import pick
from groundwork.frameworks.market import (
    Demand,
    DemandTerm,
    PostingCount,
    PostingSource,
    Priority,
    RequirementSuggestion,
    SeenPosting,
)
from groundwork.frameworks.words import LinkDecision, UnknownTerm
from recommender import domain as values

__all__ = [
    "Concept",
    "ConceptRelation",
    "Demand",
    "DemandTerm",
    "Framework",
    "LinkDecision",
    "PostingCount",
    "PostingSource",
    "Priority",
    "RequirementSuggestion",
    "Role",
    "RoleRequirement",
    "SeenPosting",
    "Skill",
    "UnknownTerm",
]


class LevelField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]  # generic in the stubs only
    """A level on the one scale, 0..5."""


def level_check(name: str, *, lowest: int) -> models.CheckConstraint:
    """The database's own guard for a level column."""
    in_range = models.Q(level__gte=lowest, level__lte=values.MAX_LEVEL)
    return models.CheckConstraint(condition=in_range, name=name)


class Framework(models.Model):
    """A published vocabulary; ours extends ESCO and O*NET."""

    slug = models.SlugField(unique=True)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)
    version = models.CharField(max_length=40, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    # To be shown wherever the framework's words are.
    attribution = models.TextField(blank=True)
    uri = models.CharField(max_length=300, blank=True)
    # Of the files that were imported last.
    digest = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.slug


class Skill(models.Model):
    """One skill of the vocabulary."""

    class Kind(models.TextChoices):
        FOUNDATION = "foundation", _("Foundation layer")
        TECHNOLOGY = "technology", _("Technology layer")
        APPLICATION = "application", _("Application layer")
        DOMAIN = "domain", _("Domain")
        CROSS_CUTTING = "cross-cutting", _("Cross-cutting")

    class HalfLife(models.TextChoices):
        TOOL = "tool", _("Tool (18 months, assumed)")
        METHOD = "method", _("Method (48 months, assumed)")
        FOUNDATION = "foundation", _("Foundation (120 months, assumed)")

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="skills")
    slug = models.SlugField(max_length=80, unique=True)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)
    aliases_en = models.JSONField(default=list, blank=True)
    aliases_zh = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    half_life = models.CharField(max_length=20, choices=HalfLife.choices)
    esco_uri = models.CharField(max_length=200, blank=True)
    onet = models.CharField(max_length=200, blank=True)
    provenance = models.CharField(max_length=300, blank=True)
    # The entry of a published framework that a steward made this skill of.
    adopted_from = models.ForeignKey(
        "Concept", null=True, blank=True, on_delete=models.SET_NULL, related_name="adopted_as"
    )
    # The vocabulary is cached until any skill is newer than it is.
    updated_at = models.DateTimeField(auto_now=True)
    search_text = searching.WordsField(of=("name_en", "name_zh", "aliases_en", "aliases_zh"))
    search_pinyin = searching.PinyinField(of=("name_zh", "aliases_zh"))

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(en=self.name_en, zh=self.name_zh)

    def as_value(self) -> values.Skill:
        """The engine's view of this row."""
        return values.Skill(
            id=self.slug,
            name=values.Label(en=self.name_en, zh=self.name_zh),
            kind=values.SkillKind(self.kind),
            half_life=values.HalfLife(self.half_life),
            aliases_en=tuple(self.aliases_en),
            aliases_zh=tuple(self.aliases_zh),
            esco_uri=self.esco_uri,
            onet=self.onet,
        )


class Concept(models.Model):
    """An entry of a published framework, as its publisher words it. Our vocabulary links to it by URI."""

    class Kind(models.TextChoices):
        SKILL = "skill", _("Skill")
        KNOWLEDGE = "knowledge", _("Knowledge")
        TECHNOLOGY = "technology", _("Technology")
        SKILL_GROUP = "skill-group", _("Group of skills")
        OCCUPATION = "occupation", _("Occupation")
        OCCUPATION_GROUP = "occupation-group", _("Group of occupations")
        ELEMENT = "element", _("Other element")

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="concepts")
    uri = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=60, blank=True)
    # For lists: the English label, or that of the language that was imported first.
    label = models.CharField(max_length=500)
    # By language: label, alternatives, hidden, description, definition, scope_note.
    texts = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict, blank=True)
    # Since when the publisher no longer holds it; it stays, because people and courses may refer to it.
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["framework", "uri"]
        constraints = [models.UniqueConstraint(fields=["framework", "uri"], name="concept_once")]

    def __str__(self) -> str:
        return self.label


class ConceptRelation(models.Model):
    """How one concept stands to another; importance and level carry a value on the publisher's scale."""

    class Kind(models.TextChoices):
        BROADER = "broader", _("Broader")
        ESSENTIAL = "essential", _("Essential")
        OPTIONAL = "optional", _("Optional")
        RELATED = "related", _("Related")
        USES = "uses", _("Uses")
        IMPORTANCE = "importance", _("Importance")
        LEVEL = "level", _("Level")
        EXACT_MATCH = "exact-match", _("Same as")
        PRECEDES = "precedes", _("Precedes")
        REPLACED_BY = "replaced-by", _("Replaced by")

    origin = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    target = models.ForeignKey(Concept, on_delete=models.CASCADE, related_name="related_from")
    value = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["origin", "kind", "target"]
        constraints = [
            models.UniqueConstraint(fields=["origin", "kind", "target"], name="concept_relation_once")
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} {self.kind} {self.target_id}"


class RoleQuerySet(models.QuerySet["Role"]):
    def with_requirements(self) -> Self:
        """Everything a role page reads, in a fixed number of queries."""
        return self.select_related("demand").prefetch_related("requirements__skill")

    def narrowed(self, *, layer: str = "", domain: str = "") -> Self:
        """Those of one layer and one field of work (its English name); "" stands for all."""
        given = {"layer": layer, "domain_en": domain}
        return self.filter(**{name: value for name, value in given.items() if value})

    def searched(self, said: str) -> Self:
        """Those that a search finds, by their names or by those of the skills they ask for."""
        found = self
        for word in searching.asked(said):
            asking = RoleRequirement.objects.filter(
                searching.has(word, path="skill__"), role=models.OuterRef("pk")
            )
            found = found.filter(searching.has(word) | models.Exists(asking))
        return found


class Role(models.Model):
    """A target: what somebody in this job can do."""

    class Layer(models.TextChoices):
        FOUNDATION = "foundation", _("Foundation layer")
        TECHNOLOGY = "technology", _("Technology layer")
        APPLICATION = "application", _("Application layer")
        COMPOUND = "compound", _("Compound (X + AI)")

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="roles")
    slug = models.SlugField(max_length=80, unique=True)
    code = models.CharField(max_length=8, unique=True)
    layer = models.CharField(max_length=20, choices=Layer.choices)
    domain_en = models.CharField(max_length=120)
    domain_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)
    aliases_en = models.JSONField(default=list, blank=True)
    aliases_zh = models.JSONField(default=list, blank=True)
    summary_en = models.TextField()
    summary_zh = models.TextField()
    # The slug of the project that joins both halves of a compound role; courses live one layer up.
    integration_course = models.CharField(max_length=80, blank=True)
    priority = models.PositiveSmallIntegerField(help_text="1 is highest; editorial")
    priority_reason_en = models.TextField()
    priority_reason_zh = models.TextField()
    priority_source = models.CharField(max_length=300)
    priority_as_of = models.CharField(max_length=20, blank=True)
    esco = models.CharField(max_length=300, blank=True)
    onet = models.CharField(max_length=300, blank=True)
    csco = models.CharField(max_length=300, blank=True)
    provenance = models.CharField(max_length=300, blank=True)
    search_text = searching.WordsField(
        of=("name_en", "name_zh", "aliases_en", "aliases_zh", "domain_en", "domain_zh")
    )
    search_pinyin = searching.PinyinField(of=("name_zh", "aliases_zh", "domain_zh"))

    objects = RoleQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(priority__gte=1, priority__lte=3), name="role_priority_1_to_3"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(en=self.name_en, zh=self.name_zh)

    @property
    def domain(self) -> str:
        """The field of work in the reader's language."""
        return pick(en=self.domain_en, zh=self.domain_zh)

    @property
    def summary(self) -> str:
        """What the person does, in the reader's language."""
        return pick(en=self.summary_en, zh=self.summary_zh)

    @property
    def label(self) -> values.Label:
        """The name in both languages."""
        return values.Label(en=self.name_en, zh=self.name_zh)

    @property
    def priority_reason(self) -> str:
        """Why the priority is what it is, in the reader's language."""
        return pick(en=self.priority_reason_en, zh=self.priority_reason_zh)

    def as_value(self, *, with_optional: bool = False) -> values.Role:
        """The engine's view: essential requirements are the goal, the optional ones too on request."""
        rows = list(self.requirements.all())
        return values.Role(
            id=self.slug,
            requires={row.skill.slug: row.level for row in rows if row.essential or with_optional},
            weights={row.skill.slug: row.weight for row in rows},
        )


class RoleRequirement(models.Model):
    """One skill a role asks for, at a level."""

    class Part(models.TextChoices):
        AI = "ai", _("AI")
        DOMAIN = "domain", _("Domain")
        GENERAL = "general", _("General")

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="requirements")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="required_by")
    level = LevelField()
    weight = models.PositiveSmallIntegerField()
    essential = models.BooleanField()
    part = models.CharField(max_length=12, choices=Part.choices)
    source = models.CharField(max_length=20, blank=True)
    provenance = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-essential", "-weight", "skill__slug"]
        constraints = [
            models.UniqueConstraint(fields=["role", "skill"], name="requirement_once"),
            level_check("requirement_level_1_to_5", lowest=1),
        ]

    def __str__(self) -> str:
        return f"{self.role_id}: {self.skill_id} {self.level}"
