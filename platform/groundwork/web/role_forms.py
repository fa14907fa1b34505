"""Narrowing and ordering the roles."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.frameworks.models import Role

ORDERS = [
    ("", _("hours until ready")),
    ("coverage", _("covered today")),
    ("priority", _("strategic priority")),
    ("demand", _("postings, within each layer")),
    ("name", _("name")),
]
VIEWS = [("", _("As a map of the layers")), ("list", _("In one list"))]


class RoleFilterForm(forms.Form):
    """Which roles a page shows, how; `totals` counts all roles by layer."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        help_text=_("A role or a skill, in English, Chinese or pinyin"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    layer = forms.ChoiceField(label=_("Layer"), required=False)
    domain = forms.ChoiceField(label=_("Field"), required=False)
    order = forms.ChoiceField(label=_("In the order of"), required=False, choices=ORDERS)
    view = forms.ChoiceField(required=False, choices=VIEWS, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = list(Role.objects.only("layer", "domain_en", "domain_zh"))
        self.totals = Counter(role.layer for role in roles)
        domains = {role.domain_en: role.domain for role in roles}
        self._offer("layer", [("", _("All layers")), *Role.Layer.choices])
        self._offer("domain", [("", _("All fields")), *sorted(domains.items())])

    def chosen(self) -> dict[str, str]:
        """What was chosen, without what cannot be."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def _offer(self, name: str, choices: list[tuple[str, str | Promise]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = choices
