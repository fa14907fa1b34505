"""Forms about evidence: narrowing the list, saying where one stands, disputing, settling, half-lives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.learners.models import Clocks
from groundwork.learners.recording import MAX_WORDS
from groundwork.web import wording

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _levels() -> list[tuple[str, str]]:
    return [(str(level), f"{level} {name}") for level, name in wording.LEVEL_NAMES.items()]


class SkillFilterForm(forms.Form):
    """Which of one's skills, in which order."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All skills")),
            ("verified", _("Verified")),
            ("due", _("Due for refresh")),
            ("lapsing", _("Lapsing within 12 months")),
            ("faded", _("Lower than last shown")),
            ("disputed", _("With a dispute")),
        ],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("", _("Name")),
            ("level", _("Highest level first")),
            ("lapse", _("Next to lapse first")),
            ("unsure", _("Least certain first")),
            ("oldest", _("Longest not shown first")),
        ],
    )


class SayForm(forms.Form):
    """Where one stands, in one's own word."""

    level = forms.ChoiceField(label=_("Level"), choices=_levels)
    on = forms.DateField(label=_("Shown on"), widget=DAY)

    def clean_on(self) -> Any:
        """No evidence from the future."""
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Evidence cannot lie in the future."))
        return day


class MarkForm(forms.Form):
    """What is to become of a line of evidence."""

    act = forms.ChoiceField(
        choices=[(act, act) for act in ("withdraw", "restore", "dispute", "drop", "correct")]
    )
    words = forms.CharField(required=False, max_length=MAX_WORDS)
    level = forms.TypedChoiceField(required=False, choices=_levels, coerce=int, empty_value=None)


class SettleForm(forms.Form):
    """How a dispute ends; with a level, the line is recorded anew at it."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("uphold", "strike", "correct")])
    level = forms.TypedChoiceField(required=False, choices=_levels, coerce=int, empty_value=None)


class ClocksForm(forms.Form):
    """The six half-lives of an organisation, in months."""

    NAMES: ClassVar[Mapping[str, Any]] = {
        "disuse_tool": _("Tools, without use"),
        "disuse_method": _("Methods, without use"),
        "disuse_foundation": _("Foundations, without use"),
        "currency_tool": _("Tools, since last shown"),
        "currency_method": _("Methods, since last shown"),
        "currency_foundation": _("Foundations, since last shown"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lowest, highest = Clocks.MONTHS
        for name in Clocks.CLOCKS:
            self.fields[name] = forms.IntegerField(
                label=self.NAMES[name],
                min_value=lowest,
                max_value=highest,
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"),
                    _("Choose a whole number of months from 1 to 600."),
                ),
            )
