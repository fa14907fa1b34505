"""Operators correct courses and what they require and teach here."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from groundwork.catalogue.models import (
    Course,
    Outcome,
    OutcomeSuggestion,
    Prerequisite,
    PrerequisiteNeed,
    Provider,
)
from groundwork.catalogue.suggestion_admin import SuggestionAdmin
from groundwork.events.administration import AuditedAdmin, ReadOnly


@admin.register(Provider)
class ProviderAdmin(AuditedAdmin):
    search_fields = ["name"]


class OutcomeInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    model = Outcome
    autocomplete_fields = ["skill"]
    extra = 0


class PrerequisiteInline(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    model = Prerequisite
    autocomplete_fields = ["skill"]
    extra = 0


class NeedInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    """What the text of the prerequisites asks for, as the import read it."""

    model = PrerequisiteNeed
    fk_name = "course"
    fields = ["group", "alternative", "kind", "text", "together", "target"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrerequisiteNeed]:
        """With the courses named, in one query."""
        return super().get_queryset(request).select_related("target")


@admin.register(Course)
class CourseAdmin(AuditedAdmin):
    list_display = [
        "slug",
        "title_en",
        "provider",
        "language",
        "format",
        "hours",
        "hours_basis",
        "withdrawn_on",
    ]
    list_filter = ["language", "format", "price_class", "hours_basis", "hands_on", "area"]
    search_fields = ["slug", "title_en", "title_zh", "provider__name"]
    autocomplete_fields = ["provider"]
    list_select_related = ["provider"]
    readonly_fields = ["keywords", "prerequisites_flags"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [PrerequisiteInline, OutcomeInline, NeedInline]


admin.site.register(OutcomeSuggestion, SuggestionAdmin)
