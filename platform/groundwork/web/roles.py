"""One role: what it asks, why it matters, and how far away it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Priority, Role
from groundwork.learners import lapsing
from groundwork.learners.lapsing import Lapse
from groundwork.plans import examples, feeding, ranking
from groundwork.web import combining, comparing, paths, presenting, standing
from groundwork.web.standing import Standing
from groundwork.web.wishing import wishes_form

TOP_TERMS = 8


@require_GET
def role(request: HttpRequest, slug: str) -> HttpResponse:
    """What a role asks, why it matters, and how far away it is."""
    wanted = paths.role_of(slug)
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
        **combining.fields(slug),
    }
    if person.can_start:
        planned = paths.computed(wanted, person=person, form=wishes_form(request, person))
        context["path"] = presenting.planned_view(planned)
        context["coverage"] = ranking.coverage(role=wanted, levels=person.levels)
        context["shared"] = ranking.shared(role=wanted, levels=person.levels)
        context["missing"] = [
            one for one in ranking.open_gaps(role=wanted, levels=person.levels) if one.essential
        ]
    return render(request, "web/role.html", context)


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
