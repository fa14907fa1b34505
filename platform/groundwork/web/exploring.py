"""All roles: as a map of the layers or in one list, nearest first unless asked otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from groundwork.frameworks.models import Role
from groundwork.plans import distances, ranking
from groundwork.plans.clock import countdown
from groundwork.plans.ranking import Order, RankedRole
from groundwork.plans.snapshot import Wishes
from groundwork.web import combining, comparing, layers, listing, presenting, standing
from groundwork.web.role_forms import RoleFilterForm
from groundwork.web.standing import Standing

TOP_GAPS = 3
NEAREST = 3
MOST_DIGITS = 3
NARROWING = ("q", "layer", "domain")


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """The roles, the nearest with their exact hours, the others with what they take at least.

    What is not measured at a glance follows after the page. `hours` is how many are measured; without skills
    there are the roles as they are.
    """
    person = standing.of(request)
    form = RoleFilterForm(request.GET)
    chosen, exact = form.chosen(), _exact(request)
    ranked = _ranked(person, chosen=chosen, exact=exact)
    waiting = person.can_start and any(one.distance is None for one in ranked[: ranking.FIRST_PAGE])
    order = Order(chosen.get("order") or Order.HOURS)
    rows = [presenting.ranked_row(one, top=TOP_GAPS) for one in ranking.in_order(ranked, order)]
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "order": order.value,
        "nearest": _nearest(ranked) if person.can_start else [],
        "waiting": waiting,
        "more": 0 if waiting else _more(rows, person=person, exact=exact),
        "query": listing.query(chosen),
        "other_view": listing.query({**chosen, "view": "" if "view" in chosen else "list"}),
    }
    context |= _listed(request, rows) if "view" in chosen else _mapped(rows, form=form, chosen=chosen)
    if request.htmx:  # type: ignore[attr-defined]  # HtmxMiddleware
        return render(request, "web/_roles.html", context)
    return render(request, "web/roles.html", context | combining.choices() | comparing.fields())


def _ranked(person: Standing, *, chosen: dict[str, str], exact: int) -> tuple[RankedRole, ...]:
    wanted = Role.objects.with_requirements().searched(chosen.get("q", ""))
    wanted = wanted.narrowed(layer=chosen.get("layer", ""), domain=chosen.get("domain", ""))
    if not person.can_start:
        return ranking.by_coverage(levels=person.levels, roles=wanted)
    return ranking.rank(
        levels=person.levels,
        wishes=Wishes(languages=person.languages),
        learner=person.learner,
        roles=wanted,
        exact=exact or ranking.FIRST_PAGE,
        stop=distances.UNLIMITED if exact else countdown(ranking.GLANCE),
    )


def _more(rows: list[dict[str, Any]], *, person: Standing, exact: int) -> int:
    """How many roles the next answer could measure; 0: all are."""
    if not person.can_start or all(row["distance"] for row in rows):
        return 0
    return (exact or ranking.FIRST_PAGE) + ranking.FIRST_PAGE


def _nearest(ranked: Sequence[RankedRole]) -> list[dict[str, Any]]:
    """The first of them that can be reached at all."""
    reachable = [one for one in ranked if one.hours is not None]
    return [presenting.ranked_row(one, top=0) for one in reachable[:NEAREST]]


def _listed(request: HttpRequest, rows: list[dict[str, Any]]) -> dict[str, Any]:
    page = listing.page(rows, given=request.GET)
    return {"page": page, "rows": page.object_list}


def _mapped(rows: list[dict[str, Any]], *, form: RoleFilterForm, chosen: dict[str, str]) -> dict[str, Any]:
    """The bands: all of them where nothing is narrowed, else those with a role, and the one asked for."""
    narrowed = any(name in chosen for name in NARROWING)
    only = {row["role"].layer for row in rows} if narrowed else set(Role.Layer.values)
    if not rows and not form.totals[chosen.get("layer", "")]:
        # Not the choices are too narrow: the layer has no role at all, and says why.
        only.add(chosen.get("layer", ""))
    return {
        "rows": rows,
        "bands": layers.bands(rows, totals=form.totals, only=only),
        "shares_as_of": layers.SHARES_AS_OF,
    }


def _exact(request: HttpRequest) -> int:
    """How many roles to measure, however long it takes: as the address says, or a page for its script."""
    said = request.GET.get("hours", "")
    if said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS:
        return max(int(said), ranking.FIRST_PAGE)
    return ranking.FIRST_PAGE if request.htmx else 0  # type: ignore[attr-defined]  # HtmxMiddleware
