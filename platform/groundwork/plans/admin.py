"""Operators read what the estimates rest on; nobody writes it by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from groundwork.events.administration import AuditedAdmin
from groundwork.plans.versions import EstimateVersion, ModelCard


class ReadOnly(AuditedAdmin):
    """Written by retraining alone."""

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody edits by hand."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody deletes by hand."""
        return False


@admin.register(ModelCard)
class ModelCardAdmin(ReadOnly):
    list_display = [
        "kind",
        "made_on",
        "promoted",
        "reason",
        "attempts",
        "learners",
        "split_on",
        "judged",
        "gain",
    ]
    list_filter = ["kind", "promoted", "reason"]


@admin.register(EstimateVersion)
class EstimateVersionAdmin(ReadOnly):
    list_display = ["name", "as_of", "model", "created_at"]
    list_select_related = ["model"]
