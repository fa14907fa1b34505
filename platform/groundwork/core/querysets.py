"""Rows for a person come only through `visible_to(actor)`; forgetting to say who may see fails closed."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from groundwork.core.actors import Actor

M = TypeVar("M", bound=models.Model)


class VisibleQuerySet(models.QuerySet[M]):
    """Base of every queryset over rows that belong to people or organisations."""

    def visible_to(self, actor: Actor) -> Self:  # for subclasses to read
        """Rows the actor may see; none unless a subclass says otherwise."""
        return self.none()
