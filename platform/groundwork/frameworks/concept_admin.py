"""Published concepts in the Django admin: to be looked at, and to be adopted as skills of ours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError
from groundwork.events.administration import AuditedAdmin, ReadOnly
from groundwork.frameworks import adopting
from groundwork.frameworks.models import Concept, ConceptRelation, Skill

MOST_AT_ONCE = 20
"""Concepts that one form adopts: each is a decision."""


class AdoptionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """What a skill of ours needs and a publisher does not say."""

    class Meta:
        model = Skill
        fields = ["name_en", "name_zh", "slug", "kind", "half_life"]


class Retired(admin.SimpleListFilter):
    """In use, or retired by the publisher."""

    title = _("state")
    parameter_name = "retired"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """The choices."""
        return [("no", _("In use")), ("yes", _("Retired"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Concept]) -> QuerySet[Concept]:
        """Those in the chosen state."""
        if self.value() not in ("no", "yes"):
            return queryset
        return queryset.filter(retired_on__isnull=self.value() == "no")


class ConceptAdmin(ReadOnly, AuditedAdmin):
    """The import writes concepts; a steward makes skills of them."""

    list_display = ["label", "kind", "code", "framework", "retired_on", "replaced_by", "skill"]
    list_filter = ["framework", "kind", Retired]
    search_fields = ["label", "code", "uri"]
    list_select_related = ["framework"]
    actions = ["adopt"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Concept]:
        """With what a list says of each, in a fixed number of queries."""
        successors = ConceptRelation.objects.filter(kind=ConceptRelation.Kind.REPLACED_BY)
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                Prefetch("relations", successors.select_related("target"), to_attr="successors"), "adopted_as"
            )
        )

    @admin.display(description=_("Replaced by"))
    def replaced_by(self, concept: Concept) -> str:
        """The concepts that stand in its place."""
        return ", ".join(one.target.label for one in getattr(concept, "successors", []))

    @admin.display(description=_("Our skill"))
    def skill(self, concept: Concept) -> str:
        """The skill that was made of it."""
        return ", ".join(skill.name for skill in concept.adopted_as.all())

    def has_adopt_permission(self, request: HttpRequest) -> bool:
        """Whoever may add skills."""
        return request.user.has_perm("frameworks.add_skill")

    @admin.action(description=_("Adopt as a skill"), permissions=["adopt"])
    def adopt(self, request: HttpRequest, queryset: QuerySet[Concept]) -> HttpResponse | None:
        """Ask for what the publisher does not say, then make the skills; whatever cannot be made is told."""
        concepts = list(queryset[: MOST_AT_ONCE + 1])
        if len(concepts) > MOST_AT_ONCE:
            text = gettext("Choose %(most)d at most: each is a decision.") % {"most": MOST_AT_ONCE}
            self.message_user(request, text, messages.ERROR)
            return None
        confirmed = "confirm" in request.POST
        rows = [(concept, _form(concept, request.POST if confirmed else None)) for concept in concepts]
        # Each is asked, so that each shows what is wrong with it.
        valid = [form.is_valid() for _concept, form in rows]
        if not confirmed or not all(valid):
            return self._page(request, rows)
        left = [row for row in rows if not self._adopted(request, *row)]
        done = len(rows) - len(left)
        if done:
            text = ngettext("%(count)d skill was made.", "%(count)d skills were made.", done) % {
                "count": done
            }
            self.message_user(request, text, messages.SUCCESS)
        return self._page(request, left) if left else None

    def _adopted(self, request: HttpRequest, concept: Concept, form: AdoptionForm) -> bool:
        try:
            adopting.adopt(concept, actor=Actor(user_id=request.user.pk), **form.cleaned_data)
        except ConflictError as error:
            form.add_error(None, str(error.message))
            return False
        return True

    def _page(self, request: HttpRequest, rows: list[tuple[Concept, AdoptionForm]]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Adopt as a skill"),
            "opts": self.model._meta,
            "rows": rows,
        }
        return TemplateResponse(request, "admin/frameworks/concept/adopt.html", context)


def _form(concept: Concept, data: Any) -> AdoptionForm:
    return AdoptionForm(data, initial=adopting.proposed(concept), prefix=str(concept.pk))
