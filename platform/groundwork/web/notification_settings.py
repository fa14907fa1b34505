"""How a person wants to be told: kinds, ways, digest, quiet hours; and the link that stops e-mails."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from groundwork.accounts.models import User
from groundwork.core.actors import Right
from groundwork.notifications import choosing, delivering, kinds, people, stopping
from groundwork.notifications.kinds import Kind, Mail, Ways
from groundwork.notifications.models import DeliverySettings
from groundwork.web import standing

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SettingsForm(forms.Form):
    """A row for each kind offered, the digest, and the quiet hours."""

    digest_every = forms.ChoiceField(
        label=gettext_lazy("The digest comes"), choices=DeliverySettings.Every.choices
    )
    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("At"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)]
    )
    quiet_from = forms.TimeField(label=gettext_lazy("Quiet from"), required=False, widget=CLOCK)
    quiet_to = forms.TimeField(label=gettext_lazy("Quiet to"), required=False, widget=CLOCK)

    def __init__(self, *args: Any, offered: list[Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        for kind in offered:
            self.fields[f"app_{kind}"] = forms.BooleanField(required=False)
            self.fields[f"mail_{kind}"] = forms.ChoiceField(choices=Mail.choices)

    def clean(self) -> dict[str, Any]:
        """Quiet hours have two different ends, or none."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        start, end = cleaned["quiet_from"], cleaned["quiet_to"]
        if (start is None) != (end is None):
            message = _("Give both ends of the quiet hours, or none.")
            self.add_error("quiet_to" if end is None else "quiet_from", message)
        elif start is not None and start == end:
            self.add_error("quiet_to", _("Quiet hours must end at another time than they begin."))
        return cleaned

    def rows(self) -> list[dict[str, Any]]:
        """Kind, and its two fields."""
        return [
            {"kind": kind, "app": self[f"app_{kind}"], "mail": self[f"mail_{kind}"]} for kind in self.offered
        ]

    def ways(self) -> dict[Kind, Ways]:
        """What was chosen."""
        given = self.cleaned_data
        return {
            kind: Ways(in_app=given[f"app_{kind}"], mail=Mail(given[f"mail_{kind}"])) for kind in self.offered
        }

    def times(self) -> choosing.Times:
        """When e-mail may come."""
        names = ("digest_every", "digest_hour", "quiet_from", "quiet_to")
        return choosing.Times(**{name: self.cleaned_data[name] for name in names})


@login_required
@require_http_methods(["GET", "POST"])
def notification_settings(request: HttpRequest) -> HttpResponse:
    """Show and change them."""
    actor = standing.actor_of(request)
    user = User.objects.select_related("delivery_settings").get(pk=str(actor.user_id))
    offered = kinds.offered(to_administrator=actor.may(Right.MANAGE_ORGANISATION))
    form = SettingsForm(request.POST or None, offered=offered, initial=_initial(user, offered))
    if request.method == "POST" and form.is_valid():
        choosing.change(actor=actor, user=user, ways=form.ways(), times=form.times(), now=timezone.now())
        messages.success(request, _("Saved. E-mails that wait follow the new choice."))
        return redirect("web:notification_settings")
    context = {
        "form": form,
        "is_verified": delivering.is_verified(user),
        "zone": people.zone_of(user).key,
    }
    status = 422 if form.errors else 200
    return render(request, "web/notifications/settings.html", context, status=status)


def _initial(user: User, offered: list[Kind]) -> dict[str, Any]:
    ways, times = choosing.ways_of(user), choosing.times_of(user)
    found: dict[str, Any] = {
        "digest_every": times.digest_every,
        "digest_hour": times.digest_hour,
        "quiet_from": times.quiet_from,
        "quiet_to": times.quiet_to,
    }
    for kind in offered:
        found[f"app_{kind}"], found[f"mail_{kind}"] = ways[kind].in_app, ways[kind].mail
    return found


# A mail program posts here without cookies (RFC 8058); the signed address is the permission.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the e-mails that a link names: asked once by the page, at once where a mail program posts."""
    found = stopping.read(token)
    if found is None:
        raise Http404
    state, back = "asks", ""
    if request.method == "POST" and "back" in request.POST:
        is_back = stopping.resume(found, token=request.POST["back"], now=timezone.now())
        state = "back" if is_back else "asks"
    elif request.method == "POST":
        state, back = "stopped", stopping.stop(found, now=timezone.now())
    context = {"state": state, "back": back, "kinds": [kind.label for kind in found.kinds]}
    return render(request, "web/notifications/stop.html", context)
