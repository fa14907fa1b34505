"""Django admin pages whose changes reach the audit trail like all others."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from groundwork.core.actors import Actor
from groundwork.events import outbox


class ReadOnly:
    """Shown, not edited: the import writes it."""

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody edits by hand."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody deletes by hand."""
        return False


class AuditedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """Records who created, changed or deleted a row, and which fields."""

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: Any) -> None:
        """Save and record."""
        super().save_model(request, obj, form, change)
        action = "changed" if change else "created"
        self._record(request, obj, action, fields=sorted(form.changed_data))

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Record and delete."""
        self._record(request, obj, "deleted", fields=[])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Record and delete what was ticked in a list."""
        for row in queryset:
            self._record(request, row, "deleted", fields=[])
        super().delete_queryset(request, queryset)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """Save the rows below a row, and record that they changed."""
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            name = formset.model._meta.verbose_name_plural
            self._record(request, form.instance, "changed", fields=[str(name)])

    def _record(self, request: HttpRequest, obj: Model, action: str, *, fields: list[str]) -> None:
        outbox.record(
            actor=Actor(user_id=request.user.pk),
            action=f"admin.{action}",
            subject=obj,
            details={"fields": fields},
        )
