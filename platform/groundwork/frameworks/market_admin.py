"""Postings, suggestions and priorities in the Django admin, where a steward accepts or rejects."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from groundwork.core.actors import Actor
from groundwork.core.errors import DomainError
from groundwork.events.administration import AuditedAdmin, ReadOnly
from groundwork.frameworks import suggesting
from groundwork.frameworks.models import RequirementSuggestion

Decide = Callable[..., None]


class SuggestionAdmin(ReadOnly, AuditedAdmin):
    """What postings suggest; the rows themselves are written by the import."""

    list_display = ["role", "kind", "skill", "now", "suggested", "percent", "postings", "source", "state"]
    list_filter = ["state", "kind", "role__layer", "source"]
    search_fields = ["role__slug", "role__name_en", "role__name_zh", "skill__slug", "skill__name_en"]
    list_select_related = ["role", "skill", "source"]
    list_per_page = 50
    actions = ["accept", "reject"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whoever may change roles."""
        return request.user.has_perm("frameworks.change_role")

    @admin.display(description=_("Now"), empty_value="–")
    def now(self, row: RequirementSuggestion) -> int | None:
        """Weight or level as it was when this was suggested."""
        return row.current

    @admin.display(description=_("Suggested"))
    def suggested(self, row: RequirementSuggestion) -> str:
        """The weight, the level, or both."""
        parts = [
            _("level %(n)d") % {"n": row.level} if row.level else "",
            _("weight %(n)d") % {"n": row.weight} if row.weight else "",
        ]
        return ", ".join(str(one) for one in parts if one)

    @admin.display(description=_("Share of postings, 95 % interval"), ordering="low")
    def percent(self, row: RequirementSuggestion) -> str:
        """From the lower to the upper end."""
        return f"{row.low // 10}–{-(-row.high // 10)} %"

    @admin.action(description=_("Accept: change the role"), permissions=["decide"])
    def accept(self, request: HttpRequest, queryset: QuerySet[RequirementSuggestion]) -> None:
        """The ticked suggestions become requirements."""
        done = self._decided(request, queryset, suggesting.accept)
        text = ngettext("%(count)d suggestion was accepted.", "%(count)d suggestions were accepted.", done)
        self.message_user(request, text % {"count": done}, messages.SUCCESS)

    @admin.action(description=_("Reject: leave the role as it is"), permissions=["decide"])
    def reject(self, request: HttpRequest, queryset: QuerySet[RequirementSuggestion]) -> None:
        """The ticked suggestions are not made again."""
        done = self._decided(request, queryset, suggesting.reject)
        text = ngettext("%(count)d suggestion was rejected.", "%(count)d suggestions were rejected.", done)
        self.message_user(request, text % {"count": done}, messages.SUCCESS)

    def _decided(
        self, request: HttpRequest, queryset: QuerySet[RequirementSuggestion], decide: Decide
    ) -> int:
        done = 0
        for row in queryset:
            try:
                decide(row, actor=Actor(user_id=request.user.pk))
            except DomainError as error:
                self.message_user(request, f"{row}: {error.message}", messages.WARNING)
            else:
                done += 1
        return done


class PostingSourceAdmin(ReadOnly, AuditedAdmin):
    """What was imported, and how much of it."""

    list_display = ["name", "as_of", "postings", "matched", "dated", "imported_at"]


class PriorityAdmin(AuditedAdmin):
    """Strategic priorities of layers and skills; the source and its date are kept beside each."""

    list_display = ["__str__", "priority", "basis", "source", "as_of"]
    list_filter = ["priority", "basis"]
    search_fields = ["layer", "skill__slug", "skill__name_en", "skill__name_zh"]
    list_select_related = ["skill"]
    autocomplete_fields = ["skill"]
