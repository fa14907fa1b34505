"""How many months an organisation lets a level last; the model of `learners.clocks`."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from groundwork.accounts.models import Organisation
from recommender.domain import HalfLife
from recommender.estimators import proficiency


class Clocks(models.Model):
    """An organisation's own half-lives in months; without a row the labelled defaults run."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="clocks")
    disuse_tool = models.PositiveSmallIntegerField(default=HalfLife.TOOL.months)
    disuse_method = models.PositiveSmallIntegerField(default=HalfLife.METHOD.months)
    disuse_foundation = models.PositiveSmallIntegerField(default=HalfLife.FOUNDATION.months)
    currency_tool = models.PositiveSmallIntegerField(default=HalfLife.TOOL.months)
    currency_method = models.PositiveSmallIntegerField(default=HalfLife.METHOD.months)
    currency_foundation = models.PositiveSmallIntegerField(default=HalfLife.FOUNDATION.months)

    MONTHS: ClassVar[tuple[int, int]] = (1, 600)
    CLOCKS: ClassVar[tuple[str, ...]] = tuple(
        f"{clock}_{one.value}" for clock in ("disuse", "currency") for one in HalfLife
    )

    class Meta:
        verbose_name_plural = "clocks"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    **{f"{clock}_{one.value}__gte": 1 for clock in ("disuse", "currency") for one in HalfLife}
                ),
                name="clocks_above_zero",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {[getattr(self, name) for name in self.CLOCKS]}"

    def as_value(self) -> proficiency.Clocks:
        """The clocks as the engine reads them."""
        return proficiency.Clocks(
            disuse={one: getattr(self, f"disuse_{one.value}") for one in HalfLife},
            currency={one: getattr(self, f"currency_{one.value}") for one in HalfLife},
        )
