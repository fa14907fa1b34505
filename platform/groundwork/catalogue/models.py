"""What can be taken: courses, projects and competitions with what they require and teach. Public."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from groundwork.core.languages import pick
from groundwork.frameworks.models import LevelField, Skill, level_check
from recommender import domain


class Provider(models.Model):
    """Who offers a course."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CourseQuerySet(models.QuerySet["Course"]):
    def offered(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_on=None)

    def plannable(self) -> Self:
        """On offer, and known well enough for a plan: hours, price, and at least one skill it teaches."""
        teaches = models.Exists(Outcome.objects.filter(course=models.OuterRef("pk")))
        return self.offered().filter(teaches, hours__isnull=False, price__isnull=False)

    def with_skills(self) -> Self:
        """Everything a course page reads, in a fixed number of queries."""
        return self.select_related("provider").prefetch_related("outcomes__skill", "prerequisites__skill")


class Course(models.Model):
    """A real course, tutorial, book, certification, competition, programme, or project of ours."""

    class Level(models.TextChoices):
        BEGINNER = "beginner", _("Beginner")
        INTERMEDIATE = "intermediate", _("Intermediate")
        ADVANCED = "advanced", _("Advanced")

    class Format(models.TextChoices):
        COURSE = "course", _("Course")
        TUTORIAL = "tutorial", _("Tutorial")
        BOOK = "book", _("Book")
        CERTIFICATION = "certification", _("Certification")
        COMPETITION = "competition", _("Competition")
        PROJECT = "project", _("Project")
        PROGRAMME = "programme", _("Programme")

    class PriceClass(models.TextChoices):
        FREE = "free", _("Free")
        FREEMIUM = "freemium", _("Free to follow, certificate costs extra")
        PAID = "paid", _("Paid")
        UNIVERSITY = "university", _("For enrolled students")

    class Basis(models.TextChoices):
        KNOWN = "known", _("Stated by the source")
        ESTIMATE = "estimate", _("Estimate")

    SEED = "seed"
    """The origin of the courses that come with this software."""

    slug = models.SlugField(max_length=80, unique=True)
    # Whose course this is: an import touches and withdraws its own only. Empty: entered by hand.
    origin = models.CharField(max_length=40, blank=True, db_index=True)
    title_en = models.CharField(max_length=300)
    title_zh = models.CharField(max_length=300)
    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT)
    url = models.URLField(max_length=500, blank=True)
    language = models.CharField(max_length=12)
    level = models.CharField(max_length=20, choices=Level.choices, blank=True)
    format = models.CharField(max_length=20, choices=Format.choices)
    # Hours, price and their basis are empty together where the source of an imported course states none.
    hours = models.PositiveIntegerField(null=True, blank=True)
    hours_basis = models.CharField(max_length=10, choices=Basis.choices, blank=True)
    price_class = models.CharField(max_length=12, choices=PriceClass.choices, blank=True)
    price = models.PositiveIntegerField(null=True, blank=True, help_text="whole CNY")
    price_basis = models.CharField(max_length=10, choices=Basis.choices, blank=True)
    hands_on = models.BooleanField()
    prerequisites_text = models.TextField(blank=True)
    area = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=120)
    source_id = models.CharField(max_length=200, blank=True)
    provenance = models.CharField(max_length=300)
    withdrawn_on = models.DateField(null=True, blank=True)
    # Snapshots of the catalogue are cached until any course is newer than they are.
    updated_at = models.DateTimeField(auto_now=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=models.Q(hours__gte=1), name="course_hours_at_least_1")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return pick(en=self.title_en, zh=self.title_zh)

    def as_value(self) -> domain.Course:
        """The engine's view of this row; read `with_skills()` first.

        The hours of a course marked hands-on all count as practice: no source splits them. Raises ValueError
        where hours or price are unknown; `plannable()` leaves those out.
        """
        if self.hours is None or self.price is None:
            raise ValueError(f"hours or price of {self.slug} are unknown")
        return domain.Course(
            id=self.slug,
            hours=self.hours,
            price=self.price,
            requires={row.skill.slug: row.level for row in self.prerequisites.all()},
            teaches={row.skill.slug: row.level for row in self.outcomes.all()},
            hands_on=self.hours if self.hands_on else 0,
            language=self.language,
            format=self.format,
            provider=self.provider.name if self.provider else "",
        )


class Outcome(models.Model):
    """The level a course brings a person to in one skill."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="outcomes")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="taught_by")
    level = LevelField()

    class Meta:
        ordering = ["-level", "skill__slug"]
        constraints = [
            models.UniqueConstraint(fields=["course", "skill"], name="outcome_once"),
            level_check("outcome_level_1_to_5", lowest=1),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} -> {self.skill_id} {self.level}"


class Prerequisite(models.Model):
    """The level a course expects in one skill before it starts."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="prerequisites")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = LevelField()

    class Meta:
        ordering = ["-level", "skill__slug"]
        constraints = [
            models.UniqueConstraint(fields=["course", "skill"], name="prerequisite_once"),
            level_check("prerequisite_level_1_to_5", lowest=1),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} <- {self.skill_id} {self.level}"
