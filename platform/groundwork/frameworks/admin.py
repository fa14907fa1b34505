"""Operators correct skills, roles and requirements here; levels and weights are editorial."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from groundwork.events.administration import AuditedAdmin
from groundwork.frameworks.models import Demand, DemandTerm, Framework, Role, RoleRequirement, Skill


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


@admin.register(Framework)
class FrameworkAdmin(ReadOnly, AuditedAdmin):
    list_display = ["slug", "name_en", "name_zh", "imported_at"]


@admin.register(Skill)
class SkillAdmin(AuditedAdmin):
    list_display = ["slug", "name_en", "name_zh", "kind", "half_life"]
    list_filter = ["kind", "half_life"]
    search_fields = ["slug", "name_en", "name_zh", "aliases_en", "aliases_zh"]
    readonly_fields = ["framework"]


class RequirementInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    model = RoleRequirement
    autocomplete_fields = ["skill"]
    extra = 0


@admin.register(Role)
class RoleAdmin(AuditedAdmin):
    list_display = ["code", "name_en", "name_zh", "layer", "domain_en", "priority"]
    list_filter = ["layer", "priority"]
    search_fields = ["slug", "code", "name_en", "name_zh"]
    readonly_fields = ["framework"]
    inlines = [RequirementInline]


class TermInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    model = DemandTerm
    autocomplete_fields = ["skill"]
    extra = 0


@admin.register(Demand)
class DemandAdmin(AuditedAdmin):
    list_display = ["role", "postings", "source", "as_of"]
    inlines = [TermInline]
