"""Forms: shape and range of what people type; what it means is decided below."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Membership, ServiceAccount, Team
from groundwork.core.actors import Right
from groundwork.frameworks.models import Role
from groundwork.learners import public_holidays, reading
from groundwork.learners.models import COURSES_AT_ONCE, HOURS_PER_WEEK, Learner
from groundwork.plans import preferring
from groundwork.plans.enrolments import HOURS as ATTEMPT_HOURS
from groundwork.web import wording

LOWERED = re.compile(r"(?<!\S)([-\w]+):([0-5])(?!\S)", re.ASCII)
AVOIDED = re.compile(r"(?<!\S)(provider:[0-9]{1,9}|format:[a-z]{1,20})(?!\S)", re.ASCII)
LANGUAGES = [("en", _("English")), ("zh", _("Chinese"))]
MAX_PRICE = 10_000_000
PAIR = 2
WEIGHT_ERRORS = dict.fromkeys(("invalid", "min_value", "max_value"), _("Choose a whole number from 0 to 5."))


class SeveralFiles(forms.FileInput):
    """A chooser for more than one file."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Uploaded files, as a list."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each as a single one is cleaned."""
        return [super(FilesField, self).clean(one, initial) for one in data or []]


class CvForm(forms.Form):
    """A CV as pasted text or as files; `text_found` holds what was read."""

    text = forms.CharField(
        label=_("Paste your CV"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    file = FilesField(
        label=_("Or choose a file"),
        required=False,
        allow_empty_file=True,
        help_text=_(
            "Text, PDF or DOCX; the archive or the tables of a LinkedIn export; Europass; JSON Resume. "
            "At most 5 MB."
        ),
        widget=SeveralFiles(attrs={"accept": ".txt,.md,.pdf,.docx,.zip,.csv,.xml,.json"}),
    )

    text_found = ""

    def clean(self) -> dict[str, Any]:
        """Read the files if there are any, the pasted text otherwise."""
        cleaned = super().clean() or self.cleaned_data
        uploads = cleaned.get("file")
        if uploads:
            files = [(one.name, one.read(reading.MAX_BYTES + 1)) for one in uploads[: reading.MAX_FILES + 1]]
            try:
                self.text_found = reading.read_documents(files)
            except reading.DocumentError as error:
                self.add_error("file", f"{error.file or uploads[0].name}: {wording.document_error(error)}")
        elif cleaned.get("text", "").strip():
            self.text_found = self._pasted(cleaned["text"])
        elif not self.errors:
            self.add_error("text", _("There is nothing to read yet: paste your CV or choose a file."))
        return cleaned

    def _pasted(self, text: str) -> str:
        """An export that was pasted instead of uploaded is read as one; other text as it stands."""
        try:
            return reading.read_document("", text.encode())
        except reading.DocumentError:
            return text


class FinishForm(forms.Form):
    """A finished course, with the hours it took where somebody counted."""

    hours = forms.IntegerField(required=False, min_value=ATTEMPT_HOURS[0], max_value=ATTEMPT_HOURS[1])


class StudyDaysForm(forms.Form):
    """How many courses at once, and the country whose public holidays are days off."""

    courses = forms.TypedChoiceField(
        label=_("Courses at once"),
        required=False,
        coerce=int,
        empty_value=COURSES_AT_ONCE[0],  # type: ignore[arg-type]  # any value, in the form's own words
        choices=[(number, str(number)) for number in range(COURSES_AT_ONCE[0], COURSES_AT_ONCE[1] + 1)],
    )
    holidays = forms.ChoiceField(
        label=_("Off on the public holidays of"),
        required=False,
        choices=[("", _("no country")), *public_holidays.COUNTRIES.items()],
    )


class WishesForm(StudyDaysForm):
    """What a plan may use: hours and days, a last day, languages, a price limit; and what it must contain.

    `without` and `insist` are courses by slug, `lower` levels enough for now, as `skill:3`, `avoid` what no
    course may be, as `provider:7` (by key) or `format:book`; spaces between. `refused` are the courses that
    are not for the person, slug -> reason; they are of the person and not of the address.
    """

    refused: Mapping[str, str] = MappingProxyType({})

    hours = forms.IntegerField(
        label=_("Hours per week"),
        required=False,
        min_value=HOURS_PER_WEEK[0],
        max_value=HOURS_PER_WEEK[1],
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Choose a whole number of hours from 1 to 60.")
        ),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of instruction"),
        required=False,
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    max_price = forms.IntegerField(
        label=_("At most, in yuan"), required=False, min_value=0, max_value=MAX_PRICE
    )
    optional = forms.BooleanField(label=_("Include the optional requirements"), required=False)
    strategic = forms.IntegerField(
        label=_("Skills of strategic priority"),
        required=False,
        min_value=0,
        max_value=preferring.MOST,
        error_messages=WEIGHT_ERRORS,
    )
    demanded = forms.IntegerField(
        label=_("Skills in demand"),
        required=False,
        min_value=0,
        max_value=preferring.MOST,
        error_messages=WEIGHT_ERRORS,
    )
    ties = forms.BooleanField(label=_("Only to choose among equally short paths"), required=False)
    deadline = forms.DateField(
        label=_("Finished by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    practice = forms.IntegerField(
        label=_("Hands-on at least, in per cent"),
        required=False,
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Choose a whole number from 0 to 100.")
        ),
    )
    without = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    insist = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    lower = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    avoid = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)

    def clean_deadline(self) -> date | None:
        """A day to come: a plan starts today."""
        day: date | None = self.cleaned_data["deadline"]
        if day is not None and day <= timezone.localdate():
            raise forms.ValidationError(_("This day leaves no time. Choose a later one."))
        return day

    def clean_without(self) -> list[str]:
        """Each course once."""
        return list(dict.fromkeys(self.cleaned_data["without"].split()))

    def clean_insist(self) -> list[str]:
        """Each course once, and none that is left out."""
        without = self.cleaned_data.get("without", [])
        return [one for one in dict.fromkeys(self.cleaned_data["insist"].split()) if one not in without]

    def clean(self) -> dict[str, Any]:
        """With `refused`, so that all a path depends on is in one place."""
        return {**(super().clean() or self.cleaned_data), "refused": self.refused}

    def clean_avoid(self) -> list[str]:
        """Each once; what cannot be read changes nothing."""
        return list(dict.fromkeys(AVOIDED.findall(self.cleaned_data["avoid"])))

    def clean_lower(self) -> dict[str, int]:
        """Skill -> level; what cannot be read changes nothing."""
        return {skill: int(level) for skill, level in LOWERED.findall(self.cleaned_data["lower"])}


class PairForm(forms.Form):
    """Two roles to be reached together, as `roles=a&roles=b` or `roles=a,b`."""

    roles = forms.ModelMultipleChoiceField(
        label=_("Two roles"),
        queryset=Role.objects.with_requirements(),
        to_field_name="slug",
        error_messages={"required": _("Choose two different roles.")},
    )

    def clean_roles(self) -> list[Role]:
        """Two roles by code, whatever order they were named in."""
        found = sorted(self.cleaned_data["roles"], key=lambda role: role.code)
        if len(found) != PAIR:
            raise forms.ValidationError(_("Choose two different roles."))
        return found


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Name of the organisation"), max_length=200)


class InvitationForm(forms.Form):
    # Three forms of one page ask for a name or an address.
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"id": "invited"}))
    kind = forms.ChoiceField(label=_("Joins as"), choices=Membership.Kind.choices)


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=150)
    external_id = forms.CharField(label=_("Personnel number"), max_length=100, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Whoever joins with this address takes the person's skills and plans over."),
    )


class TeamForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the team"), max_length=120, widget=forms.TextInput(attrs={"id": "team-name"})
    )


class AssignmentForm(forms.Form):
    """A role and a date for one person or one team; the choices are those the actor may see."""

    who = forms.ChoiceField(label=_("Who"))
    role = forms.ModelChoiceField(
        label=_("Target role"),
        queryset=Role.objects.all(),
        to_field_name="slug",
        empty_label=_("Choose a role"),
    )
    due_on = forms.DateField(label=_("Due date"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, learners: list[Learner], teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {f"person:{learner.pk}": learner for learner in learners}
        self.teams = {f"team:{team.pk}": team for team in teams}
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)  # noqa: S101  # declared three lines above
        who.choices = [
            ("", _("Choose a person or a team")),
            (_("People"), [(key, learner.name) for key, learner in self.people.items()]),
            (_("Teams"), [(key, team.name) for key, team in self.teams.items()]),
        ]


class ServiceAccountForm(forms.Form):
    name = forms.CharField(label=_("What the key is for"), max_length=120)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(scope, wording.SCOPE_NAMES[Right(scope)]) for scope in ServiceAccount.SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
