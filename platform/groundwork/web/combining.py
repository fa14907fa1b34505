"""Two roles as one goal: coverage, hours, what it saves, and the path; to be kept as a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.core.errors import DomainError
from groundwork.frameworks.models import Role
from groundwork.plans import combining, planning
from groundwork.plans.snapshot import Wishes
from groundwork.web import days_off, presenting, standing, timeline
from groundwork.web.forms import PairForm
from groundwork.web.standing import Standing


@require_GET
def combine(request: HttpRequest) -> HttpResponse:
    """The plan for both roles of the address beside those for each."""
    person = standing.of(request)
    form = _form(request.GET)
    if not form.is_valid():
        status = 422 if request.GET.getlist("roles") else 200
        return render(request, "web/combine.html", {"form": form, **choices()}, status=status)
    first, second = form.cleaned_data["roles"]
    context: dict[str, Any] = {"form": form, "person": person, "roles": [first, second]}
    context |= choices((first, second))
    if person.can_start:
        found = combining.combine(
            levels=person.levels,
            roles=(first, second),
            **person.dates,
            wishes=_wishes(person),
            learner=person.learner,
        )
        context["combined"] = found
        context["path"] = view = presenting.planned_view(found.planned)
        planned = found.planned
        off = days_off.of(planned.days, first=planned.starts_on, last=planned.ends_on)
        context["timeline"] = timeline.of(view, off=off)
    return render(request, "web/combine.html", context)


@login_required
@require_POST
def keep_combined(request: HttpRequest) -> HttpResponse:
    """Keep the plan for both roles."""
    form = _form(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose two different roles."))
        return redirect("web:combine")
    role, also = form.cleaned_data["roles"]
    person = standing.of(request)
    if person.learner is None:
        raise Http404
    try:
        plan = planning.make_plan(
            actor=standing.actor_of(request),
            learner=person.learner,
            role=role,
            also=also,
            starts_on=timezone.localdate(),
            wishes=_wishes(person),
        )
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect(_address(role, also))
    messages.success(request, _("The plan is kept. Mark steps as finished as you go."))
    return redirect("web:plan", plan.pk)


def choices(chosen: Sequence[Role] = ()) -> dict[str, Any]:
    """What the form for two roles shows: all roles by layer, and two fields with what is chosen in each."""
    return {"groups": groups(), **fields(*(role.slug for role in chosen))}


def fields(first: str = "", second: str = "") -> dict[str, Any]:
    """The two fields alone, with slugs, for a page that has the roles by layer anyway."""
    return {
        "pair": [{"name": _("First role"), "chosen": first}, {"name": _("Second role"), "chosen": second}]
    }


def groups() -> list[dict[str, Any]]:
    """All roles by layer, for a list to choose from."""
    roles = list(Role.objects.only("slug", "code", "layer", "name_en", "name_zh"))
    return [
        {"name": name, "roles": there}
        for layer, name in Role.Layer.choices
        if (there := [role for role in roles if role.layer == layer])
    ]


def _form(given: QueryDict) -> PairForm:
    named = [slug for value in given.getlist("roles") for slug in value.split(",") if slug]
    return PairForm({"roles": named} if named else None)


def _address(role: Role, also: Role) -> str:
    return f"{reverse('web:combine')}?roles={role.slug},{also.slug}"


def _wishes(person: Standing) -> Wishes:
    return Wishes(languages=person.languages)
