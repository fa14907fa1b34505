"""Credentials: anybody verifies one at its public address; their owners issue and revoke them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from groundwork.core.errors import DomainError
from groundwork.credentials import claims, documents, issuing, keys, verifying
from groundwork.credentials.models import Award, StatusList
from groundwork.credentials.verifying import State
from groundwork.frameworks.models import Skill
from groundwork.learners.models import Learner
from groundwork.plans.models import Plan
from groundwork.web import standing, wording

STATE_NAMES = {
    State.VALID: gettext_lazy("Valid"),
    State.EXPIRED: gettext_lazy("Expired"),
    State.REVOKED: gettext_lazy("Revoked"),
    State.TAMPERED: gettext_lazy("Not genuine"),
    State.UNKNOWN: gettext_lazy("Unknown"),
}
STATE_TEXTS = {
    State.VALID: gettext_lazy("This credential was issued here, is unchanged, and still holds."),
    State.EXPIRED: gettext_lazy(
        "This credential was issued here and is unchanged, but the time it vouched for is over."
    ),
    State.REVOKED: gettext_lazy("This credential was issued here but was revoked. Do not rely on it."),
    State.TAMPERED: gettext_lazy(
        "The signature does not fit: this was not issued here, or it was changed since. Do not rely on it."
    ),
    State.UNKNOWN: gettext_lazy(
        "No credential of ours is known by this. Paste the whole text or address; one that was erased "
        "with its owner's data is not known any more either."
    ),
}


class VerifyForm(forms.Form):
    """What somebody was shown."""

    text = forms.CharField(
        label=gettext_lazy("Credential"),
        help_text=gettext_lazy("The signed text (.jwt), the readable text (.json), or the address."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 7}),
    )


class IssueForm(forms.Form):
    """Which claim, as `Claim.value` names it, and whether the name may be shown."""

    what = forms.RegexField(
        r"^(plan:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|skill:[a-z0-9-]+)$", max_length=120
    )
    with_name = forms.BooleanField(required=False)


# --- for everybody ---


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Paste what you were shown."""
    if request.method != "POST":
        return render(request, "web/credentials/verify.html", {"form": VerifyForm()})
    form = VerifyForm(request.POST)
    if not form.is_valid():
        return render(request, "web/credentials/verify.html", {"form": form}, status=422)
    now = timezone.now()
    verdict = verifying.verify(form.cleaned_data["text"], now=now)
    context = {"form": form, **_verdict(verdict.state)}
    if verdict.award:
        context |= _shown(verdict.award)
    return render(request, "web/credentials/verify.html", context)


@never_cache
@require_safe
def credential(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One credential: what it says, and whether it holds."""
    award = _award(pk)
    state = verifying.state_of(award, now=timezone.now())
    context = {**_verdict(state), **_shown(award)}
    return render(request, "web/credentials/credential.html", context)


def _award(pk: UUID) -> Award:
    found = Award.objects.with_achievements().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _verdict(state: State) -> dict[str, Any]:
    return {
        "state": state.value,
        "state_name": STATE_NAMES[state],
        "state_text": STATE_TEXTS[state],
        "genuine": state not in (State.TAMPERED, State.UNKNOWN),
    }


def _shown(award: Award) -> dict[str, Any]:
    """What the page says, and the hash by which the owner of an address can be recognised."""
    subject = verifying.document_of(award).get("credentialSubject", {})
    hashed = [one for one in subject.get("identifier", []) if one.get("hashed")]
    level = award.achievement.level
    return {
        "award": award,
        "level_name": wording.level_name(level) if level else "",
        "identity": hashed[0] if hashed else None,
    }


@never_cache
@require_safe
def download(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """The credential as a file: signed (.jwt) or readable (.json)."""
    award = _award(pk)
    if kind == "jwt":
        answer = _open(HttpResponse(award.token, content_type="application/vc+jwt"))
    elif kind == "json":
        answer = _open(JsonResponse(verifying.document_of(award), json_dumps_params={"ensure_ascii": False}))
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="credential-{award.pk}.{kind}"'
    return answer


@never_cache
@require_safe
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """A list of revoked numbers, signed (Bitstring Status List 1.0)."""
    found = StatusList.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    token = documents.sign_status_list(found, now=timezone.now())
    return _open(HttpResponse(token, content_type="application/vc+jwt"))


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """Who issues, at the address that is the issuer's id."""
    return _open(JsonResponse(documents.profile()))


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """The public key (RFC 7517)."""
    return _open(JsonResponse(keys.jwks(), content_type="application/jwk-set+json"))


def _open(answer: HttpResponse) -> HttpResponse:
    """Verifiers that run in other sites' pages may read it; it is the same for everybody."""
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


# --- for their owners ---


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """One's credentials, and what one could have a credential for."""
    learner, now = _learner(request), timezone.now()
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
            actor=actor, learner=_learner(request), skill=skill, with_name=with_name, now=now
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
    award = awards.filter(pk=pk, learner=_learner(request)).first()
    if award is None:
        raise Http404
    try:
        issuing.revoke(actor=standing.actor_of(request), award=award, now=timezone.now())
        messages.success(request, _("The credential is revoked. Whoever looks it up is told so."))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("web:my_credentials")


def _learner(request: HttpRequest) -> Learner:
    learner = standing.of(request).learner
    if learner is None:
        raise Http404
    return learner
