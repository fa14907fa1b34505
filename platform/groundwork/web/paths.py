"""The proven path to a role as a what-if: every wish stands in the address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from groundwork.frameworks.models import Role
from groundwork.plans import planning, snapshot
from groundwork.plans.planning import Planned
from groundwork.plans.snapshot import Wishes
from groundwork.web import (
    days_off,
    differing,
    exporting,
    naming,
    preferring,
    presenting,
    refusing,
    relaxing,
    standing,
    timeline,
    wishing,
)
from groundwork.web.forms import WishesForm
from groundwork.web.standing import Standing
from groundwork.web.wishing import wishes_form, wishes_of


@require_GET
def path(request: HttpRequest, slug: str) -> HttpResponse:
    """The proven path, adjustable by the query string, so that every variant has an address."""
    wanted, person = role_of(slug), standing.of(request)
    if "drop" in request.GET or "take" in request.GET:
        return redirect(f"{request.path}?{wishing.moved(request.GET)}")
    if not person.can_start:
        return render(request, "web/path_without_skills.html", {"role": wanted})
    form = wishes_form(request, person)
    context: dict[str, Any] = {"role": wanted, "person": person, "form": form}
    if form.is_valid():
        planned = computed(wanted, person=person, form=form)
        context["path"] = view = presenting.planned_view(planned)
        off = days_off.of(planned.days, first=planned.starts_on, last=planned.ends_on)
        context["timeline"] = timeline.of(view, deadline=form.cleaned_data["deadline"], off=off)
        context["query"] = wishing.query(form.cleaned_data)
        context["insisted"] = form.cleaned_data["insist"]
        context |= refusing.context(request, planned, person=person, form=form)
        context["preferred"] = preferring.said(
            planned, wishes=wishes_of(form, person), role=wanted, person=person
        )
        # What takes longest is looked for once the page is shown, by its script or at a click.
        thorough = request.htmx or "ways" in request.GET  # type: ignore[attr-defined]  # HtmxMiddleware
        context |= _what_if(planned, role=wanted, person=person, data=form.cleaned_data, thorough=thorough)
        if request.htmx:  # type: ignore[attr-defined]  # HtmxMiddleware
            return render(request, "web/_exits.html", context)
    return render(request, "web/path.html", context, status=200 if form.is_valid() else 422)


@require_GET
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same path as JSON (problem and solution), CSV or calendar."""
    wanted, person = role_of(slug), standing.of(request)
    form = wishes_form(request, person)
    if not person.can_start or not form.is_valid() or kind not in exporting.KINDS:
        raise Http404
    planned = computed(wanted, person=person, form=form)
    return exporting.answer(planned, kind=kind, name=f"groundwork-{slug}", on=timezone.now())


def role_of(slug: str) -> Role:
    """The role with its requirements; 404 for a slug that none has."""
    found = Role.objects.with_requirements().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def computed(role: Role, *, person: Standing, form: WishesForm) -> Planned:
    """The path of `person` by the wishes of the form, or by none where those are not valid."""
    wishes, dates = Wishes(), person.dates
    if form.is_valid():
        wishes, dates = wishes_of(form, person), wishing.dates_of(form.cleaned_data, person)
    return planning.compute(
        snapshot.take(levels=person.levels, role=role, wishes=wishes, learner=person.learner), **dates
    )


def _what_if(
    planned: Planned, *, role: Role, person: Standing, data: wishing.Data, thorough: bool
) -> dict[str, Any]:
    """The wishes one by one, what they change, and where they leave no path the ways out."""
    found = relaxing.sought(planned, thoroughly=thorough)
    plain = differing.without_wishes(role, person=person)
    coming, going = differing.moved(planned, plain=plain)
    names = naming.names(
        courses=[*coming, *going, *data["without"], *data["insist"], *relaxing.courses(found)],
        skills=[*data["lower"], *relaxing.skills(found)],
    )
    chips = wishing.chips(data, person=person, names=names)
    return {
        "chips": chips,
        "difference": differing.of(planned, plain=plain, person=person, names=names)
        if chips or data["refused"]
        else None,
        "sought": found,
        "more_sought": thorough,
        "exits": relaxing.exits(found, data=data, person=person, names=names) if found else [],
    }
