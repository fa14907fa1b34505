"""Forms of studying: logged hours and days off."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course
from groundwork.plans.proofs import LINK, RESULT
from groundwork.plans.sessions import StudySession

QUARTER = Decimal("0.25")


class SessionForm(forms.Form):
    """Hours spent on a course on one day, in quarters; `minutes` holds them once it is valid."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    hours = forms.DecimalField(
        label=_("Hours"),
        min_value=QUARTER,
        max_value=24,
        step_size=QUARTER,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value", "step_size"),
            _("Give hours in quarters, from 0.25 to 24: 1.5 for an hour and a half."),
        ),
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=StudySession._meta.get_field("note").max_length
    )

    def __init__(self, data: Any = None, *, course: Course, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"id_{course.slug}_%s", **kwargs)
        self.course = course

    @property
    def minutes(self) -> int:
        """Whole minutes of a valid form."""
        return int(60 * self.cleaned_data["hours"])


class TimeOffForm(forms.Form):
    """Days on which nothing is studied."""

    first = forms.DateField(
        label=_("First day off"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Last day off"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ProofForm(forms.Form):
    """What somebody shows for a finished course; all may be left out."""

    file = forms.FileField(required=False, allow_empty_file=True, max_length=500)
    link = forms.URLField(required=False, max_length=LINK, assume_scheme="https")
    result = forms.CharField(required=False, max_length=RESULT)
