"""Roles within reach, one role, and the path to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Role
from groundwork.learners import lapsing
from groundwork.learners.lapsing import Lapse
from groundwork.plans import examples, planning, ranking, snapshot
from groundwork.plans.planning import Planned
from groundwork.plans.snapshot import Wishes
from groundwork.web import exporting, presenting, standing, timeline
from groundwork.web.forms import RoleFilterForm, WishesForm
from groundwork.web.standing import Standing

TOP_GAPS = 3
DOWNLOADS = {"json", "csv", "ics"}


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """All roles, nearest first; without skills, the roles as they are."""
    person = standing.of(request)
    form = RoleFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    is_measured = bool(person.held and (request.htmx or "hours" in request.GET))  # type: ignore[attr-defined]  # HtmxMiddleware
    if is_measured:
        ranked = ranking.rank(
            levels=person.levels, wishes=Wishes(languages=person.languages), learner=person.learner
        )
    else:
        ranked = ranking.by_coverage(levels=person.levels)
    rows = [presenting.ranked_row(one, top=TOP_GAPS) for one in ranked]
    context = {
        "person": person,
        "form": form,
        "rows": presenting.narrowed(rows, layer=chosen.get("layer", ""), domain=chosen.get("domain", "")),
        "waiting": bool(person.held) and not is_measured,
        "query": urlencode({name: value for name, value in chosen.items() if value}),
    }
    template = "web/_roles.html" if request.htmx else "web/roles.html"  # type: ignore[attr-defined]  # see above
    return render(request, template, context)


@require_GET
def role(request: HttpRequest, slug: str) -> HttpResponse:
    """What a role asks, why it matters, and how far away it is."""
    wanted = _role(slug)
    person = standing.of(request)
    context: dict[str, Any] = {
        "role": wanted,
        "person": person,
        "parts": presenting.requirement_parts(wanted, levels=person.levels),
        "feeders": [examples.in_readers_language(feeder.name) for feeder in examples.feeders_of(slug)],
        "integration": Course.objects.filter(slug=wanted.integration_course).first(),
        "lapses": _lapses(person),
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
    if "drop" in request.GET:
        return redirect(f"{request.path}?{_with_drop(request.GET)}")
    if not person.held:
        return render(request, "web/path_without_skills.html", {"role": wanted})
    form = wishes_form(request, person)
    context: dict[str, Any] = {"role": wanted, "person": person, "form": form}
    if form.is_valid():
        planned = _compute(wanted, person=person, form=form)
        context["path"] = view = presenting.planned_view(planned)
        context["timeline"] = timeline.of(view)
        context["without"] = presenting.excluded(_without(form), query=request.GET)
        context["query"] = _query(form)
        plain = Wishes(languages=person.languages)
        context["compared"] = presenting.compared(
            planned,
            plain=ranking.distance(levels=person.levels, role=wanted, wishes=plain, learner=person.learner),
        )
    return render(request, "web/path.html", context, status=200 if form.is_valid() else 422)


@require_GET
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same path as JSON (problem and solution), CSV or calendar."""
    wanted, person = _role(slug), standing.of(request)
    form = wishes_form(request, person)
    if not person.held or not form.is_valid() or kind not in DOWNLOADS:
        raise Http404
    planned = _compute(wanted, person=person, form=form)
    name = f"groundwork-{slug}.{kind}"
    if kind == "json":
        response: HttpResponse = JsonResponse(
            exporting.as_document(planned), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
    elif kind == "csv":
        response = HttpResponse(exporting.as_csv(planned), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(
            exporting.as_calendar(planned, on=timezone.now()), content_type="text/calendar; charset=utf-8"
        )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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


def _with_drop(given: QueryDict) -> str:
    """The same wishes, without one more course."""
    rest = given.copy()
    dropped = rest.pop("drop")
    rest["without"] = " ".join([*rest.get("without", "").split(), *map(str, dropped)])
    return rest.urlencode()


def wishes_form(request: HttpRequest, person: Standing) -> WishesForm:
    """The wishes of the address; before anybody has wished, the person's own hours and languages."""
    given = request.GET.copy()
    if "hours" not in given:
        given.setlistdefault("languages", list(person.languages))
    if not given.get("hours"):
        given["hours"] = str(person.hours_per_week)
    return WishesForm(given)


def _without(form: WishesForm) -> list[str]:
    return [slug for slug in form.cleaned_data["without"].split() if slug]


def wishes_of(form: WishesForm) -> Wishes:
    """The domain's view of a valid form."""
    data = form.cleaned_data
    return Wishes(
        languages=tuple(data["languages"]),
        max_price=data["max_price"],
        exclude=frozenset(_without(form)),
        with_optional=data["optional"],
    )


def _compute(role: Role, *, person: Standing, form: WishesForm) -> Planned:
    wishes = wishes_of(form) if form.is_valid() else Wishes()
    hours = form.cleaned_data.get("hours") or person.hours_per_week
    return planning.compute(
        snapshot.take(levels=person.levels, role=role, wishes=wishes, learner=person.learner),
        hours_per_week=hours,
        starts_on=timezone.localdate(),
    )


def _query(form: WishesForm) -> str:
    data = form.cleaned_data
    pairs = [("hours", data["hours"]), *[("languages", one) for one in data["languages"]]]
    if data["max_price"] is not None:
        pairs.append(("max_price", data["max_price"]))
    if data["optional"]:
        pairs.append(("optional", "on"))
    if data["without"]:
        pairs.append(("without", data["without"]))
    return urlencode(pairs)
