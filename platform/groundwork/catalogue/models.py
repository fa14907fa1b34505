"""What can be taken: courses, projects and competitions with what they require and teach. Public."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue import needing
from groundwork.core import searching
from groundwork.core.languages import pick
from groundwork.frameworks.models import LevelField, Skill, level_check
from recommender import domain


class Provider(models.Model):
    """Who offers a course."""

    name = models.CharField(max_length=200, unique=True)
    updated_at = models.DateTimeField(auto_now=True)

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

    def searched(self, said: str) -> Self:
        """Those that a search finds, by their titles or by the skills they teach."""
        found = self
        for word in searching.asked(said):
            teaching = Outcome.objects.filter(
                searching.has(word, path="skill__"), course=models.OuterRef("pk")
            )
            found = found.filter(searching.has(word) | models.Exists(teaching))
        return found

    def with_place(self, said: str) -> Self:
        """With `place` to order by: 0 where a search finds the title itself, 1 where what it teaches."""
        own = models.Q()
        for word in searching.asked(said):
            own &= searching.has(word)
        place = models.Case(models.When(own, then=0), default=1) if own else models.Value(0)
        return self.annotate(place=place)

    def with_skills(self) -> Self:
        """Everything a course page reads, in a fixed number of queries."""
        return self.select_related("provider").prefetch_related("outcomes__skill", "prerequisites__skill")

    def with_needs(self) -> Self:
        """What the text of the prerequisites asks for, and the courses it names."""
        needs = PrerequisiteNeed.objects.select_related("target").defer("target__description")
        return self.prefetch_related(models.Prefetch("needs", needs))

    def with_courses_needed(self) -> Self:
        """The needs, and what the courses named teach and ask for: what the engine's view reads."""
        return self.with_needs().prefetch_related("needs__target__outcomes__skill", "needs__target__needs")


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
    # What the source says besides, in its own language; skills are found in it, and nothing else.
    description = models.TextField(blank=True)
    keywords = models.JSONField(default=list, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    # As the source words it. The needs below are read from it; the flags say what a person should look at.
    prerequisites_text = models.TextField(blank=True)
    prerequisites_flags = models.JSONField(default=list, blank=True)
    area = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=120)
    source_id = models.CharField(max_length=200, blank=True)
    provenance = models.CharField(max_length=300)
    withdrawn_on = models.DateField(null=True, blank=True)
    # Snapshots of the catalogue are cached until any course is newer than they are.
    updated_at = models.DateTimeField(auto_now=True)
    search_text = searching.WordsField(of=("title_en", "title_zh"))
    search_pinyin = searching.PinyinField(of=("title_zh",))

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
        """The engine's view of this row; read `with_skills()` and `with_courses_needed()` first.

        The hours of a course marked hands-on all count as practice: no source splits them. Raises ValueError
        where hours or price are unknown; `plannable()` leaves those out.
        """
        if self.hours is None or self.price is None:
            raise ValueError(f"hours or price of {self.slug} are unknown")
        requires: domain.Levels = {row.skill.slug: row.level for row in self.prerequisites.all()}
        one_of: tuple[domain.Choice, ...] = ()
        if not requires:
            # What a person entered goes before what was read from the text.
            requires, one_of = needing.as_levels(self)
        return domain.Course(
            id=self.slug,
            hours=self.hours,
            price=self.price,
            requires=requires,
            one_of=one_of,
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


class PrerequisiteNeed(models.Model):
    """One thing the text of a course's prerequisites asks for.

    All groups of a course are needed; of a group one alternative is enough; an alternative is all of its
    needs. Rows are written by the import, never by hand.
    """

    class Kind(models.TextChoices):
        COURSE = "course", _("Course")
        PERMISSION = "permission", _("Permission")
        STANDING = "standing", _("Standing or general requirement")
        EQUIVALENT = "equivalent", _("Equivalent")
        TEXT = "text", _("Words that were not understood")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="needs")
    group = models.PositiveSmallIntegerField()
    alternative = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField()
    # A corequisite: before the course, or at the same time.
    together = models.BooleanField(default=False)
    # The course of the same source that the text names, where there is one.
    target = models.ForeignKey(
        Course, null=True, blank=True, on_delete=models.SET_NULL, related_name="needed_by"
    )

    class Meta:
        ordering = ["course", "group", "alternative", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "group", "alternative", "position"], name="prerequisite_need_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id} <- {self.group}.{self.alternative} {self.text[:60]}"


class CourseTagging(models.Model):
    """That skills were looked for in the text of a course, by which linker and in which state of the text."""

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="tagging")
    # Of the text that was read, and of the linker with its vocabulary.
    text_digest = models.CharField(max_length=64)
    linker = models.CharField(max_length=64)
    tagged_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.course_id} {self.tagged_at:%Y-%m-%d}"


class OutcomeSuggestion(models.Model):
    """A skill that the linker found in the text of a course; it counts once a steward accepts it."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", _("To be decided")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="suggestions")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    level = LevelField()
    probability = models.FloatField()
    # The words it rests on, with a little of the text around them.
    words = models.CharField(max_length=300)
    context = models.CharField(max_length=500, blank=True)
    # Why the level: a code with its arguments.
    reason = models.JSONField(default=dict, blank=True)
    linker = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUGGESTED)
    # Who decided, as the audit trail names them.
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-probability", "course", "skill"]
        indexes = [models.Index(fields=["state", "-probability"], name="suggestion_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["course", "skill"], name="outcome_suggestion_once"),
            level_check("suggestion_level_1_to_5", lowest=1),
            models.CheckConstraint(
                condition=models.Q(probability__gte=0, probability__lte=1),
                name="suggestion_probability_0_to_1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} -> {self.skill_id} {self.level} ({self.probability:.2f}, {self.state})"
