"""Unknown terms of texts in the Django admin: a steward makes names of skills of them, or lets them be."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from groundwork.core.actors import Actor
from groundwork.core.errors import DomainError
from groundwork.events.administration import AuditedAdmin, ReadOnly
from groundwork.frameworks import terms
from groundwork.frameworks.models import Skill, UnknownTerm


class SkillChoice(ActionForm):
    """Beside the list of actions: which skill the ticked terms shall be names of."""

    skill = forms.ModelChoiceField(
        queryset=Skill.objects.all(), required=False, label=_("Skill"), empty_label=_("Choose a skill")
    )


class UnknownTermAdmin(ReadOnly, AuditedAdmin):
    """Only what can hold nothing of anybody is listed."""

    list_display = ["example", "language", "texts", "first_seen", "last_seen", "state", "skill"]
    list_filter = ["state", "language"]
    search_fields = ["term", "example"]
    list_select_related = ["skill"]
    list_per_page = 50
    fields = ["example", "term", "language", "texts", "first_seen", "last_seen", "state", "skill"]
    action_form = SkillChoice
    actions = ["add_as_alias", "ignore"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnknownTerm]:
        """Terms of several texts, and those without digits or at-signs."""
        return UnknownTerm.objects.presentable() & super().get_queryset(request)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whoever may change skills."""
        return request.user.has_perm("frameworks.change_skill")

    @admin.action(description=_("Add as a name of the chosen skill"), permissions=["decide"])
    def add_as_alias(self, request: HttpRequest, queryset: QuerySet[UnknownTerm]) -> None:
        """The skill is known by the ticked terms from now on."""
        skill = Skill.objects.filter(pk=_number(request.POST.get("skill", ""))).first()
        if skill is None:
            self.message_user(request, _("Choose the skill beside the action."), messages.ERROR)
            return
        done = sum(self._aliased(request, row, skill) for row in queryset)
        text = ngettext("%(count)d name was added.", "%(count)d names were added.", done)
        self.message_user(request, text % {"count": done}, messages.SUCCESS)

    @admin.action(description=_("Ignore: no skill"), permissions=["decide"])
    def ignore(self, request: HttpRequest, queryset: QuerySet[UnknownTerm]) -> None:
        """Put the ticked terms aside."""
        done = terms.ignore(queryset, actor=Actor(user_id=request.user.pk))
        text = ngettext("%(count)d term was put aside.", "%(count)d terms were put aside.", done)
        self.message_user(request, text % {"count": done}, messages.SUCCESS)

    def _aliased(self, request: HttpRequest, row: UnknownTerm, skill: Skill) -> bool:
        try:
            terms.make_alias(row, skill=skill, actor=Actor(user_id=request.user.pk))
        except DomainError as error:
            self.message_user(request, str(error.message), messages.ERROR)
            return False
        return True


class LinkDecisionAdmin(ReadOnly, AuditedAdmin):
    """What the linker can be trained with; nothing of it leads to a person."""

    list_display = ["words", "skill", "decision", "probability", "method", "language", "decided_on"]
    list_filter = ["decision", "method", "language"]
    search_fields = ["words", "skill__slug", "skill__name_en", "skill__name_zh"]
    list_select_related = ["skill"]


def _number(value: str) -> int:
    """Of a row; there is none with number 0."""
    return int(value) if value.isdecimal() else 0
