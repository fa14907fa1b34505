"""A kept plan leaves: as a file, and by links that end."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from groundwork.plans.models import Plan
from groundwork.web import exporting, standing


@login_required
@require_GET
def download(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """A kept plan as JSON (problem and solution), CSV or calendar."""
    plan = Plan.objects.visible_to(standing.actor_of(request)).with_steps().filter(pk=pk).first()
    if plan is None:
        raise Http404
    return exporting.answer(plan, kind=kind, name=f"groundwork-{plan.role.slug}", on=plan.dated_at)
