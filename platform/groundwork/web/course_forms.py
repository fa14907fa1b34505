"""Narrowing and ordering the courses."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course

LANGUAGES = [("", _("All languages")), ("en", _("English")), ("zh", _("Chinese"))]
COSTS = [("", _("All prices")), ("free", _("Free to follow")), ("paid", _("At a price"))]
WAYS = [("", _("All")), ("yes", _("Hands-on")), ("no", _("Not hands-on"))]
ORDERS = [("", _("title")), ("hours", _("hours, fewest first")), ("price", _("price, lowest first"))]


class CourseFilterForm(forms.Form):
    """Which courses, in which order."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        help_text=_("A title or a skill, in English, Chinese or pinyin"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    provider = forms.CharField(label=_("Provider"), required=False, max_length=200)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=LANGUAGES)
    format = forms.ChoiceField(
        label=_("Format"), required=False, choices=[("", _("All formats")), *Course.Format.choices]
    )
    cost = forms.ChoiceField(label=_("Price"), required=False, choices=COSTS)
    practice = forms.ChoiceField(label=_("Practice"), required=False, choices=WAYS)
    order = forms.ChoiceField(label=_("In the order of"), required=False, choices=ORDERS)

    def chosen(self) -> dict[str, str]:
        """What was chosen, without what cannot be."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}
