"""A person's own account: who they are, how we speak to them, and how they sign in."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from groundwork.accounts import preferences, zones
from groundwork.accounts.models import Theme, User
from groundwork.accounts.preferences import Change
from groundwork.web import personal, standing

# Each language under its own name: whoever landed in the wrong one finds the way back.
LANGUAGES = [("", gettext_lazy("As the browser asks")), ("en", "English"), ("zh-hans", "中文")]


class AccountForm(forms.Form):
    """Name, language, time zone and theme."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        required=False,
        max_length=150,
        help_text=gettext_lazy(
            "For your organisation's administrators, and for credentials if you want it there."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False, choices=LANGUAGES)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        help_text=gettext_lazy("Decides what “today” is, when your week begins, and when we write to you."),
    )
    theme = forms.ChoiceField(label=gettext_lazy("Appearance"), choices=Theme.choices)

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        initial = {
            "name": user.name,
            "language": user.language,
            "time_zone": user.time_zone,
            "theme": user.theme or Theme.SYSTEM,
        }
        super().__init__(data, initial=initial)
        held = user.time_zone if preferences.zone_of(user) else ""
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [
            ("", _("As on this server (%(zone)s)") % {"zone": settings.TIME_ZONE}),
            *zones.choices(now=timezone.now(), held=held),
        ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Everything about the account in one place."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    form = AccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        return _keep(request, user, form)
    context = {
        "form": form,
        "user": user,
        "address": _address_of(user),
        "two_factor": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
    }
    return render(request, "web/account/account.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, user: User, form: AccountForm) -> HttpResponse:
    data = form.cleaned_data
    wanted = Change(
        name=data["name"], language=data["language"], time_zone=data["time_zone"], theme=data["theme"]
    )
    preferences.change(user=user, wanted=wanted, actor=standing.actor_of(request))
    personal.speak_as(request, user)
    messages.success(request, _("Your account is saved."))
    response = redirect("web:account")
    if not user.language:
        # The browser is asked from now on, and not an earlier choice in it.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response


def _address_of(user: User) -> EmailAddress:
    """The address that counts; an account made by an operator has it without a row of its own."""
    found = EmailAddress.objects.filter(user=user, primary=True).first()
    return found or EmailAddress(user=user, email=user.email, primary=True, verified=False)
