"""A person's own credentials: what could be issued, what was, and taking it back."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.core.errors import DomainError
from groundwork.credentials import claims, issuing
from groundwork.credentials.models import Award
from groundwork.credentials.verifying import State
from groundwork.frameworks.models import Skill
from groundwork.plans.models import Plan
from groundwork.web import standing, wording


class IssueForm(forms.Form):
    """Which claim, as `Claim.value` names it, and whether the name may be shown."""

    what = forms.RegexField(
        r"^(plan:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|skill:[a-z0-9-]+)$", max_length=120
    )
    with_name = forms.BooleanField(required=False)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's credentials, and what one could have a credential for."""
    learner, now = standing.learner_of(request), timezone.now()
    awards = list(
        Award.objects.visible_to(standing.actor_of(request)).filter(learner=learner).with_achievements()
    )
    context = {
        "learner": learner,
        "rows": [{"award": one, "state": _state_on_record(one)} for one in awards],
        "claims": [
            {"claim": one, "level_name": wording.level_name(one.level) if one.level else ""}
            for one in claims.of(learner, now=now)
            if not any(claims.is_met(one, award) for award in awards)
        ],
    }
    return render(request, "web/credentials/mine.html", context)


def _state_on_record(award: Award) -> str:
    if award.revoked_at:
        return State.REVOKED.value
    return (State.EXPIRED if award.is_expired(now=timezone.now()) else State.VALID).value


@login_required
@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Issue the credential of a completed plan or a verified skill."""
    form = IssueForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This cannot be read. Nothing was changed."))
        return redirect("web:my_credentials")
    try:
        award = _issue(request, **form.cleaned_data)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("web:my_credentials")
    messages.success(request, _("The credential is issued. Pass on the address of this page."))
    return redirect("web:credential", award.pk)


def _issue(request: HttpRequest, *, what: str, with_name: bool) -> Award:
    actor, now = standing.actor_of(request), timezone.now()
    kind, _colon, name = what.partition(":")
    if kind == "skill":
        skill = Skill.objects.filter(slug=name).first()
        if skill is None:
            raise Http404
        return issuing.issue_for_skill(
            actor=actor, learner=standing.learner_of(request), skill=skill, with_name=with_name, now=now
        )
    plan = Plan.objects.visible_to(actor).select_related("learner__user").filter(pk=name).first()
    if plan is None:
        raise Http404
    return issuing.issue_for_plan(actor=actor, plan=plan, with_name=with_name, now=now)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Revoke one of one's own."""
    awards = Award.objects.visible_to(standing.actor_of(request)).select_related("learner", "achievement")
    award = awards.filter(pk=pk, learner=standing.learner_of(request)).first()
    if award is None:
        raise Http404
    try:
        issuing.revoke(actor=standing.actor_of(request), award=award, now=timezone.now())
        messages.success(request, _("The credential is revoked. Whoever looks it up is told so."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("web:my_credentials")
