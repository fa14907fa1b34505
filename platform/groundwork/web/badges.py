"""Badges of others as evidence: handed over, looked at, taken, and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from groundwork.core.errors import DomainError
from groundwork.credentials import accepting, carriers, receiving
from groundwork.credentials.badges import Badge
from groundwork.credentials.receiving import Doubt, Received
from groundwork.frameworks.models import Skill
from groundwork.web import standing, wording
from groundwork.web.privacy import person_of

DOUBT_TEXTS = {
    Doubt.UNSIGNED: gettext_lazy("It bears no signature that could be checked here."),
    Doubt.UNLISTED: gettext_lazy("Its issuer is not one of those whose badges are verified here."),
    Doubt.UNREACHABLE: gettext_lazy(
        "What its issuer publishes for verifying it cannot be reached now. Try again later if the level "
        "should be verified."
    ),
    Doubt.NAMELESS: gettext_lazy("It names nobody by an e-mail address, so it could be anybody's."),
    Doubt.UNCONFIRMED: gettext_lazy(
        "It is made out to an address of your account that you have not confirmed yet. Confirm it first if "
        "the level should be verified."
    ),
    Doubt.EXPIRED: gettext_lazy("The time it vouched for is over."),
}


class BadgeForm(forms.Form):
    """The badge as a file, or its text."""

    file = forms.FileField(
        label=gettext_lazy("File of the badge"),
        help_text=gettext_lazy("The .png, .svg, .json or .jwt file, at most 2 MB."),
        required=False,
        allow_empty_file=True,
        max_length=500,
        widget=forms.FileInput(attrs={"accept": ".png,.svg,.json,.jsonld,.jwt,.txt"}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        help_text=gettext_lazy("The signed text or the JSON."),
        required=False,
        max_length=carriers.MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of both is needed."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and not given.get("file") and not given.get("text"):
            self.add_error("file", _("Choose the file of the badge, or paste its text."))
        return given

    def handed_over(self) -> bytes:
        """What it is about; the file where both are given."""
        upload = self.cleaned_data["file"]
        if upload:
            # One byte more than is allowed tells that it is too large.
            return bytes(upload.read(carriers.MAX_BYTES + 1))
        return str(self.cleaned_data["text"]).encode()


@login_required
@require_GET
def badges(request: HttpRequest) -> HttpResponse:
    """The badges that count as evidence, and the form for another."""
    return _page(request, BadgeForm())


def _page(request: HttpRequest, form: BadgeForm, *, status: int = 200) -> HttpResponse:
    mine = Badge.objects.visible_to(standing.actor_of(request)).filter(learner=standing.learner_of(request))
    rows = [
        {
            "badge": one,
            "doubt": DOUBT_TEXTS[Doubt(one.doubt)] if one.doubt else "",
            "lines": [line.evidence for line in one.lines.all()],
        }
        for one in mine.prefetch_related("lines__evidence__skill")
    ]
    return render(request, "web/credentials/badges.html", {"form": form, "rows": rows}, status=status)


@login_required
@never_cache
@require_POST
def read_badge(request: HttpRequest) -> HttpResponse:
    """What the badge says, for its holder to confirm; nothing is kept yet."""
    form = BadgeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        received = receiving.read(form.handed_over(), user=person_of(request), now=timezone.now())
    except DomainError as error:
        form.add_error("file" if form.cleaned_data["file"] else "text", str(error.message))
        return _page(request, form, status=422)
    return _preview(request, received)


def _preview(request: HttpRequest, received: Received, *, error: str = "", status: int = 200) -> HttpResponse:
    skills = Skill.objects.in_bulk([one.skill for one in received.finds], field_name="slug")
    context = {
        "badge": received,
        "error": error,
        "doubt": DOUBT_TEXTS[received.doubt] if received.doubt else "",
        "levels": list(wording.LEVEL_NAMES.items())[1:],
        "rows": [
            {
                "skill": skills[one.skill],
                "verified": received.verifies.get(one.skill),
                "level_name": wording.level_name(one.stated) if one.stated else "",
                "chosen": _chosen(request, one),
            }
            for one in received.finds
        ],
    }
    return render(request, "web/credentials/badge.html", context, status=status)


def _chosen(request: HttpRequest, one: receiving.Find) -> str:
    """What was chosen already, else what the badge says; "" leaves the skill out."""
    return request.POST.get(f"level-{one.skill}", str(one.likely or ""))


@login_required
@require_POST
def accept_badge(request: HttpRequest) -> HttpResponse:
    """Take it as evidence: it is read anew, for what comes back from a page is anybody's."""
    actor, learner = standing.actor_of(request), standing.learner_of(request)
    text = request.POST.get("text", "")
    try:
        received = receiving.read(text.encode(errors="replace"), user=person_of(request), now=timezone.now())
    except DomainError as error:
        form = BadgeForm({"text": text})
        form.is_valid()
        form.add_error("text", str(error.message))
        return _page(request, form, status=422)
    given = {one.skill: request.POST.get(f"level-{one.skill}", "") for one in received.finds}
    levels = {skill: int(said) for skill, said in given.items() if said in set("12345")}
    try:
        badge = accepting.accept(actor=actor, learner=learner, received=received, levels=levels)
    except DomainError as error:
        return _preview(request, received, error=str(error.message), status=422)
    messages.success(request, _("%(name)s counts as evidence now.") % {"name": badge.name})
    return redirect("web:badges")


@login_required
@require_POST
def remove_badge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take it back: its lines count no longer, and the badge is forgotten."""
    actor = standing.actor_of(request)
    mine = Badge.objects.visible_to(actor).filter(learner=standing.learner_of(request))
    badge = mine.select_related("learner").filter(pk=pk).first()
    if badge is None:
        raise Http404
    accepting.remove(actor=actor, badge=badge)
    messages.success(
        request, _("%(name)s is removed; what rested on it counts no longer.") % {"name": badge.name}
    )
    return redirect("web:badges")
