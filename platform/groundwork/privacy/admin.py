"""Operators see how far each erasure is; whose it is stands nowhere."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from groundwork.events.administration import ReadOnly
from groundwork.privacy import erasing
from groundwork.privacy.models import Erasure


@admin.register(Erasure)
class ErasureAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Read only."""

    list_display = ("pseudonym", "state", "requested_at", "due_at", "progress", "finished_at")
    list_filter = ("state",)
    exclude = ("user_id",)

    @admin.display(description="steps")
    def progress(self, erasure: Any) -> str:
        """Done of all."""
        return f"{len(erasure.steps)} / {erasing.number_of_steps()}"
