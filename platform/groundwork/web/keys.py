"""Keys for HR systems, and the trail of who did what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.accounts import provisioning
from groundwork.accounts.models import Membership, ServiceAccount
from groundwork.core.actors import Right
from groundwork.events.models import AuditEntry
from groundwork.web import standing, wording
from groundwork.web.administrator import administrators_only
from groundwork.web.forms import ServiceAccountForm

AUDIT_SHOWN = 50


@administrators_only
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Keys for HR systems, and the audit trail."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    actor = standing.actor_of(request)
    accounts = list(ServiceAccount.objects.visible_to(actor))
    members = Membership.objects.visible_to(actor).select_related("user")
    names = {f"user:{one.user_id}": str(one.user) for one in members}
    names |= {f"service:{account.pk}": account.name for account in accounts}
    context = {
        "accounts": [
            {"account": one, "scopes": [wording.SCOPE_NAMES[Right(scope)] for scope in one.scopes]}
            for one in accounts
        ],
        "audit": _audit_rows(AuditEntry.objects.visible_to(actor)[:AUDIT_SHOWN], names=names),
        "form": ServiceAccountForm(),
        **extra,
    }
    return render(request, "web/administrator/keys.html", context, status=status)


def _audit_rows(entries: Iterable[AuditEntry], *, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The trail with names and sentences; `names` maps an actor's label to its name."""
    return [
        {
            "at": entry.at,
            "who": names.get(entry.actor) or wording.actor_name(entry.actor),
            "what": wording.ACTION_NAMES.get(entry.action, entry.action),
        }
        for entry in entries
    ]


@administrators_only
@require_POST
def add_key(request: HttpRequest) -> HttpResponse:
    """A new key; its token is shown once."""
    form = ServiceAccountForm(request.POST)
    if not form.is_valid():
        return _page(request, status=422, form=form)
    _account, token = provisioning.open_service_account(actor=standing.actor_of(request), **form.cleaned_data)
    return _page(request, token=token)


@administrators_only
@require_POST
def revoke_key(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a key at once."""
    actor = standing.actor_of(request)
    account = ServiceAccount.objects.visible_to(actor).filter(pk=pk, revoked_at=None).first()
    if account is None:
        raise Http404
    provisioning.revoke(actor=actor, account=account, now=timezone.now())
    messages.success(request, _("The key is closed; it stopped working just now."))
    return redirect("web:keys")
