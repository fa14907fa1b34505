"""Links to a kept plan, for its owner: made, listed, withdrawn, brought back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from groundwork.core.errors import DomainError
from groundwork.plans import sharing
from groundwork.plans.models import Plan
from groundwork.plans.shares import PlanShare
from groundwork.web import standing

UNTIL = "until"


class ShareForm(forms.Form):
    """How long a link lives: some days, or until one."""

    life = forms.ChoiceField(
        label=gettext_lazy("How long the link works"),
        choices=[
            ("7", gettext_lazy("7 days")),
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
            (UNTIL, gettext_lazy("until the day below")),
        ],
        initial="30",
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        """`ends_at`: the last moment of the last day, where the person lives."""
        cleaned = super().clean() or self.cleaned_data
        life, last = cleaned.get("life"), cleaned.get("until")
        if life == UNTIL and last is None and "until" not in self.errors:
            self.add_error("until", _("Choose the last day on which the link works."))
        if life and life != UNTIL:
            last = timezone.localdate() + timedelta(days=int(life))
        if last:
            cleaned["ends_at"] = timezone.make_aware(datetime.combine(last, time.max))
        return cleaned


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The links to a plan of one's own, and a new one; its address is shown once."""
    plan = _own_plan(request, pk)
    if request.method != "POST":
        return _page(request, plan, form=ShareForm())
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _page(request, plan, form=form, status=422)
    try:
        made, secret = sharing.share(
            actor=standing.actor_of(request),
            plan=plan,
            ends_at=form.cleaned_data["ends_at"],
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error("until", str(error.message))
        return _page(request, plan, form=form, status=422)
    address = request.build_absolute_uri(reverse("web:shared", args=[secret]))
    return _page(request, plan, form=ShareForm(), made=made, address=address)


def _own_plan(request: HttpRequest, pk: UUID) -> Plan:
    """Administrators read plans of their people; to hand them out is the owner's alone."""
    plans = Plan.objects.visible_to(standing.actor_of(request)).select_related("learner", "role", "also")
    found = plans.filter(pk=pk, steps__isnull=False).first()
    if found is None or found.learner.user_id != request.user.pk:
        raise Http404
    return found


def _page(
    request: HttpRequest, plan: Plan, *, form: ShareForm, status: int = 200, **extra: Any
) -> HttpResponse:
    links = PlanShare.objects.visible_to(standing.actor_of(request)).filter(plan=plan)
    context = {"plan": plan, "form": form, "links": links.listed(timezone.now()), **extra}
    return render(request, "web/links.html", context, status=status)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a link at once."""
    link = _own_link(request, pk)
    sharing.revoke(actor=standing.actor_of(request), share=link, now=timezone.now())
    messages.success(request, _("The link is withdrawn; it stopped working just now."))
    return redirect("web:share_plan", link.plan_id)


@login_required
@require_POST
def restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a withdrawal back."""
    link = _own_link(request, pk)
    try:
        sharing.restore(actor=standing.actor_of(request), share=link, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The link works again, under the same address."))
    return redirect("web:share_plan", link.plan_id)


def _own_link(request: HttpRequest, pk: UUID) -> PlanShare:
    found = PlanShare.objects.visible_to(standing.actor_of(request)).filter(pk=pk)
    link = found.select_related("plan__learner").first()
    if link is None:
        raise Http404
    return link
