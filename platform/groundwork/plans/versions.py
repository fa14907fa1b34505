"""Estimates of hours and completion as frozen versions, with the cards that say what each rests on."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from groundwork.learners.models import Learner

HASH = 64
HEAD = 12


class ModelCard(models.Model):
    """One training and its judgement on the latest cohort; kept whatever came of it.

    `coefficients` are canonical JSON and their SHA-256 is `sha256`; both are empty where nothing was trained.
    `metrics` are {name: {who: {value, low, high}}}, `gain` is how much smaller the error is than that of the
    baseline, with its interval.
    """

    class Kind(models.TextChoices):
        COMPLETION = "completion", _("Chance to complete")
        HOURS = "hours", _("Hours")

    class Reason(models.TextChoices):
        BETTER = "better", _("Shown better than the baseline and than what was in use")
        NOT_JUDGED = "not-judged", _("Statistics that pull to the baseline; too few attempts to judge them")
        NOT_ENOUGH = "not-enough-attempts", _("Not enough attempts have ended")
        NO_EARLIER = "no-earlier-cohort", _("There is no earlier cohort to learn from, or no later one")
        ONE_OUTCOME = "one-outcome", _("All attempts ended alike")
        NOT_BETTER = "not-shown-better", _("Not shown better than the baseline")
        NOT_BETTER_THAN_CURRENT = "not-better-than-current", _("Not shown better than what is in use")
        WORSE = "worse-than-baseline", _("Worse than the baseline")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    made_on = models.DateField()
    window_from = models.DateField(null=True)
    window_to = models.DateField(null=True)
    attempts = models.PositiveIntegerField()
    learners = models.PositiveIntegerField()
    split_on = models.DateField(
        null=True, help_text="attempts that ended from this day on judge, earlier ones teach"
    )
    taught = models.PositiveIntegerField(default=0, help_text="attempts it was trained on")
    judged = models.PositiveIntegerField(default=0, help_text="attempts it was judged on")
    features = models.JSONField(default=list)
    never_used = models.JSONField(default=list)
    metrics = models.JSONField(default=dict)
    gain = models.JSONField(default=dict)
    promoted = models.BooleanField()
    reason = models.CharField(max_length=30, choices=Reason.choices)
    retired_former = models.BooleanField(
        default=False, help_text="the model in use was shown worse than the baseline and is in use no more"
    )
    coefficients = models.TextField(blank=True)
    sha256 = models.CharField(max_length=HASH, blank=True)
    data_sha256 = models.CharField(max_length=HASH)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            # A task that is delivered twice trains once.
            models.UniqueConstraint(fields=["kind", "data_sha256", "made_on"], name="model_card_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_on} {self.sha256[:HEAD] or self.reason}"

    def as_document(self) -> dict[str, Any]:
        """The card as JSON, without the coefficients."""
        days = self.window_from, self.window_to
        return {
            "format": "model-card/2",
            "kind": self.kind,
            "made_on": self.made_on.isoformat(),
            "data": {
                "window": [day.isoformat() if day else None for day in days],
                "attempts": self.attempts,
                "learners": self.learners,
                "sha256": self.data_sha256,
            },
            "split": {
                "on": self.split_on.isoformat() if self.split_on else None,
                "taught": self.taught,
                "judged": self.judged,
            },
            "features": self.features,
            "never_used": self.never_used,
            "metrics": self.metrics,
            "gain": self.gain,
            "promoted": self.promoted,
            "reason": self.reason,
            "retired_former": self.retired_former,
            "sha256": self.sha256,
        }


class EstimateVersion(models.Model):
    """What plans read: counts, factors of hours and the promoted model, frozen. The latest is in use."""

    sha256 = models.CharField(max_length=HASH)
    body = models.TextField(help_text="estimates/1, canonical JSON")
    model = models.ForeignKey(ModelCard, null=True, on_delete=models.PROTECT, related_name="versions")
    as_of = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["sha256", "as_of"], name="estimates_once_a_day")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The version id that plans carry."""
        return self.sha256[:HEAD]


class EstimateChoice(models.Model):
    """Whether a person's plans count estimated hours; without a row they do."""

    learner = models.OneToOneField(Learner, on_delete=models.CASCADE, related_name="estimate_choice")
    wanted = models.BooleanField()
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.learner_id}: {'estimates' if self.wanted else 'declared hours'}"
