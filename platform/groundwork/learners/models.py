"""What one person can do, and how we know."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Organisation
from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor, Right
from groundwork.core.errors import ForbiddenError
from groundwork.core.querysets import VisibleQuerySet
from groundwork.frameworks.models import LevelField, Skill, level_check
from groundwork.learners.half_lives import Clocks
from recommender.domain import HalfLife
from recommender.estimators import proficiency

__all__ = ["Clocks", "Evidence", "Learner", "Mark", "Proficiency"]

HOURS_PER_WEEK = (1, 60)
COURSES_AT_ONCE = (1, 3)
"""Fewest and most courses that somebody takes beside each other."""
PERSONALISATION = "personalisation"


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
    courses_at_once = models.PositiveSmallIntegerField(
        _("courses at once"),
        default=1,
        validators=[MinValueValidator(COURSES_AT_ONCE[0]), MaxValueValidator(COURSES_AT_ONCE[1])],
    )
    # The country whose public holidays are days off; none where this is empty.
    public_holidays = models.CharField(_("public holidays"), max_length=2, blank=True)
    languages = models.JSONField(default=list, blank=True)
    # Use -> {"given": bool, "since": ISO time}; what was never said is not in it. Written by consents only.
    consents = models.JSONField(default=dict, blank=True)
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
            models.CheckConstraint(
                condition=Q(courses_at_once__gte=COURSES_AT_ONCE[0], courses_at_once__lte=COURSES_AT_ONCE[1]),
                name="learner_courses_at_once_in_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_user(self, actor: Actor) -> bool:
        """Whether the actor is this very person."""
        return actor.user_id is not None and actor.user_id == self.user_id

    def check_own(self, actor: Actor) -> None:
        """Raises ForbiddenError for anybody else, the employer too."""
        if not self.is_user(actor):
            raise ForbiddenError(_("Only the learner can do this."))

    @property
    def is_personalised(self) -> bool:
        """Whether what is known of the person may decide on paths: yes, unless they said otherwise."""
        return self.consents.get(PERSONALISATION, {}).get("given") is not False

    def planning_levels(self, *, on_date: date) -> dict[str, int]:
        """The `levels` that paths start from: none where the person does not want to be known for them."""
        return self.levels(on_date=on_date) if self.is_personalised else {}

    def levels(self, *, on_date: date | None = None) -> dict[str, int]:
        """Skill slug -> level on a day, as the planner reads it; without a day, as it was last shown.

        A day before the last evidence counts as the day of that evidence.
        """
        if on_date is None:
            return dict(self.proficiencies.values_list("skill__slug", "level"))
        rows = self.proficiencies.with_clocks()
        found = {row.skill.slug: row.on(on_date).reading for row in rows}
        return {skill: level for skill, level in found.items() if level}


class EvidenceQuerySet(VisibleQuerySet["Evidence"]):
    def visible_to(self, actor: Actor) -> Self:
        """Evidence about the learners the actor sees."""
        return self.filter(seen_by(actor, learner="learner"))

    def with_marks(self) -> Self:
        """Each line with its `last_mark`, in the order of recording."""
        marks = Mark.objects.filter(evidence=OuterRef("pk")).order_by("-pk")
        return self.annotate(last_mark=Subquery(marks.values("kind")[:1])).order_by("recorded_at", "pk")

    def marked(self, *kinds: str) -> Self:
        """Lines whose last mark is one of `kinds`."""
        return self.with_marks().filter(Q(last_mark__in=kinds))


class Evidence(models.Model):
    """One dated observation of one skill; never changed, never deleted while the learner is there."""

    class Kind(models.TextChoices):
        SELF_REPORT = "self-report", _("Self-report")
        CV = "cv", _("CV")
        MANAGER = "manager", _("Manager")
        PEER = "peer", _("Colleague")
        ASSESSMENT = "assessment", _("Assessment")
        CERTIFICATE = "certificate", _("Certificate")
        COURSE = "course", _("Completed course")
        FAILED_COURSE = "failed-course", _("Course not passed")
        WORK_HISTORY = "work-history", _("Work history")
        CORRECTION = "correction", _("Correction")

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="evidence")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    level = LevelField()
    # When the skill was last shown, not when it was typed in.
    evidenced_on = models.DateField()
    # The last day the skill was in use from then on, where that is known.
    used_until = models.DateField(null=True, blank=True)
    # Standard deviation in levels, where the evidence brings its own.
    sd = models.FloatField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)
    # The finished course this rests on; on an old correction, the course whose completion was taken back.
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.CharField(max_length=80)
    recorded_at = models.DateTimeField(auto_now_add=True)

    last_mark: str | None

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        verbose_name_plural = "evidence"
        constraints = [
            level_check("evidence_level_0_to_5", lowest=0),
            models.CheckConstraint(condition=Q(sd=None) | Q(sd__gt=0), name="evidence_sd_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.skill_id} {self.level} ({self.kind})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append only."""
        if not self._state.adding:
            raise TypeError("evidence is append-only; record a new observation instead")
        super().save(*args, **kwargs)


class MarkQuerySet(VisibleQuerySet["Mark"]):
    def visible_to(self, actor: Actor) -> Self:
        """Marks on evidence about the learners the actor sees."""
        return self.filter(seen_by(actor, learner="evidence__learner"))


class Mark(models.Model):
    """What became of a line of evidence after it was recorded; the last one says whether it counts."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Withdrawn")
        RESTORED = "restored", _("Brought back")
        DISPUTED = "disputed", _("Disputed")
        DROPPED = "dropped", _("Dispute taken back")
        UPHELD = "upheld", _("Upheld")
        STRUCK = "struck", _("Struck out")

    SILENCING: ClassVar[frozenset[str]] = frozenset({Kind.WITHDRAWN, Kind.DISPUTED, Kind.STRUCK})

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    words = models.CharField(max_length=300, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(default=timezone.now)

    objects = MarkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append only."""
        if not self._state.adding:
            raise TypeError("marks are append-only; make a new one instead")
        super().save(*args, **kwargs)


class ProficiencyQuerySet(VisibleQuerySet["Proficiency"]):
    def visible_to(self, actor: Actor) -> Self:
        """Proficiency of the learners the actor sees."""
        return self.filter(seen_by(actor, learner="learner"))

    def with_clocks(self) -> Self:
        """Each row with all that `on` needs."""
        return self.select_related("skill", "learner__organisation__clocks")


class Proficiency(models.Model):
    """What all evidence says of one skill of a person: an estimate, and what tells it on any later day.

    `level` and `as_of`: the whole level read when the skill was last shown. `mean` and `variance` (in levels)
    hold on `reached_on`, the day of the last evidence. `evidence` is the line that weighs most. Written by
    recording only.
    """

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="proficiencies")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    level = LevelField()
    as_of = models.DateField()
    mean = models.FloatField()
    variance = models.FloatField()
    reached_on = models.DateField()
    used_until = models.DateField()
    shown_mean = models.FloatField()
    # The verified level, which is never gone below in silence; 0 without one.
    floor = models.PositiveSmallIntegerField(default=0)
    verified_on = models.DateField(null=True, blank=True)
    is_contested = models.BooleanField(default=False)
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

    @property
    def state(self) -> proficiency.State:
        """What the evidence left behind, as the engine reads it."""
        return proficiency.State(
            mean=self.mean,
            variance=self.variance,
            day=self.reached_on,
            used_until=self.used_until,
            shown_on=self.as_of,
            shown_mean=self.shown_mean,
            shown_level=self.level,
            floor=self.floor,
            verified_on=self.verified_on,
            is_contested=self.is_contested,
        )

    @property
    def clocks(self) -> proficiency.Clocks:
        """The clocks of the person's organisation; read `with_clocks()` first."""
        own: Clocks | None = getattr(self.learner.organisation, "clocks", None)
        return own.as_value() if own else proficiency.DEFAULT_CLOCKS

    def on(self, day: date) -> proficiency.Estimate:
        """The estimate of a day; of one before the last evidence, that of the last evidence."""
        return proficiency.at(
            self.state,
            on_date=max(day, self.reached_on),
            half_life=HalfLife(self.skill.half_life),
            clocks=self.clocks,
        )
