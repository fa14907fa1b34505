"""An administrator settles disputes about evidence, and sets the half-lives of the organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.core.actors import Actor
from groundwork.core.errors import DomainError
from groundwork.learners import clocks, disputing
from groundwork.learners.models import Evidence, EvidenceQuerySet, Mark
from groundwork.web import evidence_wording, standing, wording
from groundwork.web.administrator import administrators_only
from groundwork.web.evidence_forms import ClocksForm, SettleForm

SHOWN = 100


def _lines(actor: Actor) -> EvidenceQuerySet:
    everybody = Evidence.objects.visible_to(actor).filter(learner__organisation_id=actor.employer_id)
    return everybody.select_related("learner", "skill", "course")


@administrators_only
@require_GET
def disputes(request: HttpRequest) -> HttpResponse:
    """Open disputes with the person's words, and what was settled last."""
    lines = _lines(standing.actor_of(request))
    waiting = lines.marked(Mark.Kind.DISPUTED).prefetch_related("marks")
    settled = lines.marked(Mark.Kind.UPHELD, Mark.Kind.STRUCK)
    context = {
        "disputes": [
            {
                "line": one,
                "dispute": list(one.marks.all())[-1],
                "own": one.learner.user_id == request.user.pk,
                "by": evidence_wording.recorder_name(one.recorded_by, learner=None),
            }
            for one in waiting[:SHOWN]
        ],
        "settled": settled.order_by("-pk")[:SHOWN],
        "levels": wording.LEVEL_NAMES.items(),
    }
    return render(request, "web/administrator/disputes.html", context)


@administrators_only
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a disputed line stand, strike it out, or correct it."""
    actor = standing.actor_of(request)
    line = _lines(actor).filter(pk=pk).first()
    if line is None:
        raise Http404
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This cannot be read. Nothing was changed."))
        return redirect("web:disputes")
    try:
        messages.success(request, _settle(form, actor=actor, line=line))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("web:disputes")


def _settle(form: SettleForm, *, actor: Actor, line: Evidence) -> str:
    match form.cleaned_data["act"]:
        case "uphold":
            disputing.uphold(actor=actor, line=line)
            return _("The line stands and counts again.")
        case "correct":
            disputing.strike(actor=actor, line=line, corrected=form.cleaned_data["level"])
            return _("The line is replaced by one at the new level.")
        case _:
            disputing.strike(actor=actor, line=line)
            return _("The line is struck out. You can let it stand again below.")


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def half_lives(request: HttpRequest) -> HttpResponse:
    """How long a level lasts here; everybody's levels follow at once."""
    actor = standing.actor_of(request)
    form = ClocksForm(request.POST or None, initial=clocks.months_of(actor))
    if request.method == "POST" and form.is_valid():
        try:
            clocks.change(actor=actor, months=form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Saved. Everybody's levels follow the new half-lives."))
            return redirect("web:half_lives")
    status = 422 if form.errors else 200
    return render(request, "web/administrator/half_lives.html", {"form": form}, status=status)
