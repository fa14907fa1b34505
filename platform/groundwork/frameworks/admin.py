"""Operators correct skills, roles and requirements here; levels and weights are editorial."""

from __future__ import annotations

from django.contrib import admin

from groundwork.events.administration import AuditedAdmin, ReadOnly
from groundwork.frameworks.concept_admin import ConceptAdmin
from groundwork.frameworks.market_admin import PostingSourceAdmin, PriorityAdmin, SuggestionAdmin
from groundwork.frameworks.models import (
    Concept,
    Demand,
    DemandTerm,
    Framework,
    LinkDecision,
    PostingSource,
    Priority,
    RequirementSuggestion,
    Role,
    RoleRequirement,
    Skill,
    UnknownTerm,
)
from groundwork.frameworks.term_admin import LinkDecisionAdmin, UnknownTermAdmin


@admin.register(Framework)
class FrameworkAdmin(ReadOnly, AuditedAdmin):
    list_display = ["slug", "name_en", "name_zh", "imported_at"]
    search_fields = ["slug", "name_en"]


admin.site.register(Concept, ConceptAdmin)
admin.site.register(LinkDecision, LinkDecisionAdmin)
admin.site.register(UnknownTerm, UnknownTermAdmin)
admin.site.register(PostingSource, PostingSourceAdmin)
admin.site.register(RequirementSuggestion, SuggestionAdmin)
admin.site.register(Priority, PriorityAdmin)


@admin.register(Skill)
class SkillAdmin(AuditedAdmin):
    list_display = ["slug", "name_en", "name_zh", "kind", "half_life"]
    list_filter = ["kind", "half_life"]
    search_fields = ["slug", "name_en", "name_zh", "aliases_en", "aliases_zh"]
    readonly_fields = ["framework", "adopted_from"]


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
