"""One role, and the path to it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Priority, Role
from groundwork.learners import lapsing
from groundwork.learners.lapsing import Lapse
from groundwork.plans import examples, feeding, planning, ranking, snapshot
from groundwork.plans.planning import Planned
from groundwork.plans.snapshot import Wishes
from groundwork.web import (
    comparing,
    differing,
    exporting,
    naming,
    preferring,
    presenting,
    relaxing,
    standing,
    timeline,
    wishing,
)
from groundwork.web.forms import WishesForm
from groundwork.web.standing import Standing
from groundwork.web.wishing import wishes_form, wishes_of

TOP_TERMS = 8


@require_GET
def role(request: HttpRequest, slug: str) -> HttpResponse:
    """What a role asks, why it matters, and how far away it is."""
    wanted = _role(slug)
    person = standing.of(request)
    context: dict[str, Any] = {
        "role": wanted,
        "person": person,
        "parts": presenting.requirement_parts(wanted, levels=person.levels),
        "starting_points": [examples.in_readers_language(one.name) for one in examples.feeders_of(slug)],
        "feeders": feeding.feeders(wanted),
        "strategy": _strategy(wanted),
        **_demand(wanted),
        "integration": Course.objects.filter(slug=wanted.integration_course).first(),
        "lapses": _lapses(person),
        **comparing.choices([slug]),
    }
    if person.held:
        planned = _compute(wanted, person=person, form=wishes_form(request, person))
        context["path"] = presenting.planned_view(planned)
        context["coverage"] = ranking.coverage(role=wanted, levels=person.levels)
    return render(request, "web/role.html", context)


@require_GET
def path(request: HttpRequest, slug: str) -> HttpResponse:
    """The proven path, adjustable by the query string, so that every variant has an address."""
    wanted, person = _role(slug), standing.of(request)
    if "drop" in request.GET or "take" in request.GET:
        return redirect(f"{request.path}?{wishing.moved(request.GET)}")
    if not person.held:
        return render(request, "web/path_without_skills.html", {"role": wanted})
    form = wishes_form(request, person)
    context: dict[str, Any] = {"role": wanted, "person": person, "form": form}
    if form.is_valid():
        planned = _compute(wanted, person=person, form=form)
        context["path"] = view = presenting.planned_view(planned)
        context["timeline"] = timeline.of(view)
        context["query"] = wishing.query(form.cleaned_data)
        context["insisted"] = form.cleaned_data["insist"]
        context["preferred"] = preferring.said(planned, wishes=wishes_of(form), role=wanted, person=person)
        # What takes longest is looked for once the page is shown, by its script or at a click.
        thorough = request.htmx or "ways" in request.GET  # type: ignore[attr-defined]  # HtmxMiddleware
        context |= _what_if(planned, role=wanted, person=person, data=form.cleaned_data, thorough=thorough)
        if request.htmx:  # type: ignore[attr-defined]  # HtmxMiddleware
            return render(request, "web/_exits.html", context)
    return render(request, "web/path.html", context, status=200 if form.is_valid() else 422)


@require_GET
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same path as JSON (problem and solution), CSV or calendar."""
    wanted, person = _role(slug), standing.of(request)
    form = wishes_form(request, person)
    if not person.held or not form.is_valid() or kind not in exporting.KINDS:
        raise Http404
    planned = _compute(wanted, person=person, form=form)
    return exporting.answer(planned, kind=kind, name=f"groundwork-{slug}", on=timezone.now())


def _demand(role: Role) -> dict[str, Any]:
    """What the panel on postings shows: the most frequent terms, and what may be said of them."""
    found = getattr(role, "demand", None)
    terms = list(found.terms.select_related("skill", "demand")[:TOP_TERMS]) if found else []
    return {
        "terms": terms,
        "demand_is_estimated": any(term.interval for term in terms),
        "demand_moves": any(term.growth is not None for term in terms),
    }


def _strategy(role: Role) -> list[dict[str, Any]]:
    """The priority of the role's layer, where there is one."""
    name = Role.Layer(role.layer).label
    return [{"name": name, "priority": one} for one in Priority.objects.filter(layer=role.layer)]


def _lapses(person: Standing) -> list[Lapse]:
    today = timezone.localdate()
    if person.learner:
        return lapsing.of_learner(person.learner, on_date=today)
    held = {skill: (one.level, one.as_of) for skill, one in person.held.items()}
    return lapsing.lapses(held, on_date=today)


def _role(slug: str) -> Role:
    found = Role.objects.with_requirements().filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _compute(role: Role, *, person: Standing, form: WishesForm) -> Planned:
    wishes = wishes_of(form) if form.is_valid() else Wishes()
    hours = form.cleaned_data.get("hours") or person.hours_per_week
    return planning.compute(
        snapshot.take(levels=person.levels, role=role, wishes=wishes, learner=person.learner),
        hours_per_week=hours,
        starts_on=timezone.localdate(),
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
        "difference": differing.of(planned, plain=plain, hours_per_week=person.hours_per_week, names=names)
        if chips
        else None,
        "sought": found,
        "more_sought": thorough,
        "exits": relaxing.exits(found, data=data, levels=person.levels, names=names) if found else [],
    }
