"""Proofs of finished courses: added, downloaded, deleted."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from groundwork.core.errors import DomainError
from groundwork.plans import proving
from groundwork.plans.models import PlanStep
from groundwork.plans.proofs import Proof
from groundwork.plans.proving import Shown
from groundwork.web import standing
from groundwork.web.study_forms import ProofForm


@login_required
@require_POST
def add_proof(request: HttpRequest, pk: UUID, step: int) -> HttpResponse:
    """Show something for a course that is finished already."""
    actor = standing.actor_of(request)
    found = PlanStep.objects.visible_to(actor).select_related("plan__learner", "course")
    row = found.filter(pk=step, plan_id=pk).first()
    if row is None:
        raise Http404
    shown = shown_by(request)
    if shown is None:
        return redirect(f"{request.path.split('/steps/')[0]}/#step-{row.position}")
    try:
        proving.add(actor=actor, learner=row.plan.learner, course=row.course, shown=shown)
        messages.success(request, _("Kept. It stands beside the evidence on the pages of the skills."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect(f"{request.path.split('/steps/')[0]}/#step-{row.position}")


def shown_by(request: HttpRequest) -> Shown | None:
    """What the form shows; None, with a message that says why, where it cannot be kept."""
    form = ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, f"{errors[0]} {_('Nothing was changed.')}")
        return None
    upload = form.cleaned_data["file"]
    shown = Shown(
        # One byte more than is allowed tells that it is too large.
        content=upload.read(proving.MOST_BYTES + 1) if upload else b"",
        name=upload.name if upload else "",
        link=form.cleaned_data["link"],
        result=form.cleaned_data["result"],
    )
    try:
        shown.check()
    except DomainError as error:
        messages.error(request, f"{error.message} {_('Nothing was changed.')}")
        return None
    return shown


@login_required
@require_GET
@cache_control(private=True, no_store=True)
def download_proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The file, always to be saved and never to be shown or run by the browser."""
    proof = _proof(request, pk)
    if not proof.file:
        raise Http404
    try:
        # Small by its limit, so it is read at once and no file stays open behind the answer.
        with proof.file.open("rb") as opened:
            answer = HttpResponse(opened.read(), content_type=proof.media_type)
    except FileNotFoundError as error:
        raise Http404 from error
    answer["Content-Disposition"] = content_disposition_header(True, proof.name)  # noqa: FBT003  # Django's
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@login_required
@require_POST
def delete_proof(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete it, the file too."""
    proof = _proof(request, pk)
    try:
        proving.delete(actor=standing.actor_of(request), proof=proof)
        messages.success(request, _("Deleted."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect(standing.next_of(request))


def _proof(request: HttpRequest, pk: UUID) -> Proof:
    mine = Proof.objects.visible_to(standing.actor_of(request)).select_related("learner", "course")
    proof = mine.filter(pk=pk).first()
    if proof is None:
        raise Http404
    return proof
