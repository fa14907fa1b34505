"""Stewards read banks with what answers say of each item, and take a bank out as a file."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groundwork.assessments import exporting, measuring
from groundwork.assessments.measuring import Measured
from groundwork.assessments.models import Item, ItemBank
from groundwork.events.administration import AuditedAdmin
from recommender.estimators.item_statistics import Hint

HINTS = {
    Hint.GOOD: gettext_lazy("tells people apart"),
    Hint.UNCLEAR: gettext_lazy("not clear yet"),
    Hint.WEAK: gettext_lazy("hardly tells people apart"),
    Hint.CHECK_KEY: gettext_lazy("check the key"),
}


class Imported(AuditedAdmin):
    """Written by the import alone: items that were answered must not change."""

    def has_add_permission(self, _request: HttpRequest, *_args: Any) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody edits by hand."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody deletes by hand."""
        return False


@admin.register(ItemBank)
class ItemBankAdmin(Imported):
    list_display = ["slug", "name_en", "name_zh", "organisation", "author", "licence", "imported_at"]
    list_select_related = ["organisation"]
    actions = ["export"]

    @admin.action(description=gettext_lazy("Export the chosen bank"), permissions=["view"])
    def export(self, _request: HttpRequest, queryset: QuerySet[ItemBank]) -> HttpResponse:
        """One bank as a file; of several, the first."""
        bank = queryset[0]
        return HttpResponse(
            exporting.export_bank(bank),
            content_type="application/jsonl; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{bank.slug}.jsonl"'},
        )


@admin.register(Item)
class ItemAdmin(Imported):
    list_display = [
        "code",
        "skill",
        "level",
        "answers_given",
        "facility",
        "difficulty",
        "discrimination",
        "exposure",
        "drift",
    ]
    list_filter = ["bank", "skill", "level", ("retired_at", admin.EmptyFieldListFilter)]
    list_select_related = ["skill"]
    search_fields = ["code", "stem_en", "stem_zh"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Measure once for a page, not once for a cell."""
        rows: QuerySet[Item] = self.get_queryset(request).select_related("skill")
        self._measured: dict[int, Measured] = measuring.measure(rows)
        return super().changelist_view(request, extra_context)

    @admin.display(description=gettext_lazy("answers"))
    def answers_given(self, item: Item) -> int:
        """In finished assessments."""
        return self._measured[item.pk].answers

    @admin.display(description=gettext_lazy("facility"))
    def facility(self, item: Item) -> str:
        """The share of right answers."""
        found = self._measured[item.pk].statistics
        share = found.share_right if found else None
        return _("not enough data") if share is None else f"{share:.0%}"

    @admin.display(description=gettext_lazy("measured level"))
    def difficulty(self, item: Item) -> str:
        """How hard answers show it to be, in levels, with one standard deviation."""
        found = self._measured[item.pk].statistics
        return _("not enough data") if found is None else f"{found.level:.1f} ± {found.level_sd:.1f}"

    @admin.display(description=gettext_lazy("discrimination"))
    def discrimination(self, item: Item) -> str:
        """How right answers go with ability; below zero the key is probably wrong."""
        found = self._measured[item.pk].statistics
        if found is None or found.discrimination is None or found.hint is None:
            return _("not enough data")
        return f"{found.discrimination:.2f} ({HINTS[found.hint]})"

    @admin.display(description=gettext_lazy("exposure"))
    def exposure(self, item: Item) -> str:
        """The share of the assessments in its skill that showed it."""
        return f"{self._measured[item.pk].exposure:.0%}"

    @admin.display(description=gettext_lazy("drift"))
    def drift(self, item: Item) -> str:
        """Whether the later answers make it easier or harder than the earlier ones."""
        found = self._measured[item.pk].drifts
        return _("not enough data") if found is None else _("drifts") if found else _("steady")
