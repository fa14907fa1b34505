"""What the linker found in the text of courses, for a steward to accept or reject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from groundwork.catalogue import suggestions
from groundwork.catalogue.models import OutcomeSuggestion
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError
from groundwork.events.administration import AuditedAdmin

BANDS = {"high": (0.8, 1.01), "middle": (0.5, 0.8), "low": (0.0, 0.5)}


class ProbabilityBand(admin.SimpleListFilter):
    """How sure the linker is."""

    title = _("probability")
    parameter_name = "band"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """The choices."""
        return [("high", _("0.8 and more")), ("middle", _("0.5 to 0.8")), ("low", _("below 0.5"))]

    def queryset(
        self, _request: HttpRequest, queryset: QuerySet[OutcomeSuggestion]
    ) -> QuerySet[OutcomeSuggestion]:
        """Those in the chosen band."""
        if self.value() not in BANDS:
            return queryset
        low, high = BANDS[str(self.value())]
        return queryset.filter(probability__gte=low, probability__lt=high)


class SuggestionAdmin(AuditedAdmin):
    """Only the level can be corrected, before or while it is accepted."""

    list_display = ["course", "skill", "level", "probability", "context", "state", "decided_at"]
    list_editable = ["level"]
    list_filter = ["state", ProbabilityBand, "course__origin", "course__language", "skill__kind"]
    search_fields = [
        "course__title_en",
        "course__title_zh",
        "skill__slug",
        "skill__name_en",
        "skill__name_zh",
    ]
    list_select_related = ["course", "skill"]
    list_per_page = 50
    fields = [
        "course",
        "skill",
        "level",
        "probability",
        "words",
        "context",
        "reason",
        "state",
        "decided_by",
        "decided_at",
    ]
    readonly_fields = [
        "course",
        "skill",
        "probability",
        "words",
        "context",
        "reason",
        "state",
        "decided_by",
        "decided_at",
    ]
    actions = ["accept", "reject"]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """The linker adds them."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """A decision is kept, so that it is not asked for again."""
        return False

    @admin.action(description=_("Accept: the course teaches this"), permissions=["change"])
    def accept(self, request: HttpRequest, queryset: QuerySet[OutcomeSuggestion]) -> None:
        """Make outcomes of what was ticked."""
        count = self._decide(request, queryset, suggestions.accept)
        text = ngettext("%(count)d suggestion was accepted.", "%(count)d suggestions were accepted.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    @admin.action(description=_("Reject: do not suggest it again"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[OutcomeSuggestion]) -> None:
        """Keep what was ticked from being suggested again."""
        count = self._decide(request, queryset, suggestions.reject)
        text = ngettext("%(count)d suggestion was rejected.", "%(count)d suggestions were rejected.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def _decide(
        self,
        request: HttpRequest,
        queryset: QuerySet[OutcomeSuggestion],
        decide: Callable[..., object],
    ) -> int:
        """How many could be decided; the others were decided before."""
        actor, now = Actor(user_id=request.user.pk), timezone.now()
        count = refused = 0
        for suggestion in queryset:
            try:
                decide(suggestion, actor=actor, now=now)
                count += 1
            except ConflictError:
                refused += 1
        if refused:
            text = ngettext(
                "%(count)d suggestion had been decided before.",
                "%(count)d suggestions had been decided before.",
                refused,
            )
            self.message_user(request, text % {"count": refused}, messages.WARNING)
        return count
