"""Anybody verifies a credential, at its public address or by pasting what they were shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from groundwork.credentials import documents, keys, verifying
from groundwork.credentials.models import Award, StatusList
from groundwork.credentials.verifying import State
from groundwork.web import wording

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
    if award.is_erased:
        raise Http404
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
