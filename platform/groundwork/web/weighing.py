"""What a path and its courses were chosen over: others side by side, and the best without a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Role
from groundwork.plans import deadlines, variants
from groundwork.plans import instead as weighed
from groundwork.plans.instead import Instead
from groundwork.plans.planning import Planned
from groundwork.plans.variants import Aim, Variant
from groundwork.web import naming, paths, standing, wishing
from groundwork.web.naming import Names
from groundwork.web.wishing import Data, wishes_form

AIMS = {
    Aim.FASTEST: gettext_lazy("Finished first"),
    Aim.CHEAPEST: gettext_lazy("Cheapest"),
    Aim.HANDS_ON: gettext_lazy("Most hands-on"),
}


@require_GET
def instead(request: HttpRequest, slug: str, course: str) -> HttpResponse:
    """What the path of the address takes `course` over, as a line of the page or as a page of its own."""
    role, planned, data = asked(request, slug)
    if not Course.objects.filter(slug=course).exists():
        raise Http404
    # The page that asks may be of a moment ago, and a wish or a refusal have changed the path since.
    is_taken = course in {step.course for step in planned.steps}
    found = weighed.of(planned, course) if is_taken else None
    names = naming.names(courses=[course, *(found.courses if found else ())], skills=())
    context = {
        "role": role,
        "query": wishing.query(data),
        "course": course,
        "title": names.course(course),
        "sentence": sentence(found, names=names) if found else _("The path does not take this course."),
        "others": [names.course(one) for one in found.courses] if found else [],
        "found": found,
    }
    page = "web/_instead.html" if request.htmx else "web/instead.html"  # type: ignore[attr-defined]  # HtmxMiddleware
    return render(request, page, context)


@require_GET
def alternatives(request: HttpRequest, slug: str) -> HttpResponse:
    """The path of the address beside those that are best in one thing, each one click away."""
    role, planned, data = asked(request, slug)
    found = variants.of(planned)
    taken = {step.course for step in planned.steps}
    names = _names_of_all(taken, [one.planned for one in found])
    columns = [
        Column.of(planned, taken=taken, names=names, name=_("This path"), query=wishing.query(data)),
        *(_column(one, taken=taken, names=names, data=data) for one in found),
    ]
    context = {"role": role, "query": wishing.query(data), "columns": columns}
    page = "web/_alternatives.html" if request.htmx else "web/alternatives.html"  # type: ignore[attr-defined]  # HtmxMiddleware
    return render(request, page, context)


def asked(request: HttpRequest, slug: str) -> tuple[Role, Planned, Data]:
    """The role, the path to it by the wishes of the address, and those; 404 where there is none."""
    role, person = paths.role_of(slug), standing.of(request)
    form = wishes_form(request, person)
    if not person.can_start or not form.is_valid():
        raise Http404
    planned = paths.computed(role, person=person, form=form)
    if planned.solution.cost is None:
        raise Http404
    return role, planned, form.cleaned_data


def sentence(found: Instead, *, names: Names) -> str:
    """Over what the course was chosen and by how much, in one sentence."""
    if found.needed:
        return _("Nothing: without this course there is no path within your wishes.")
    if not found.known:
        return _("Not worked out: the time was too short to find the best path without it.")
    over = _("%(course)s: ") % {"course": names.course(found.rival)} if found.rival else ""
    return over + _by_how_much(found)


def _by_how_much(found: Instead) -> str:
    values: dict[str, Any] = {"hours": found.hours, "price": found.price}
    if not found.proven:
        return (
            _("the best path found without this course takes %(hours)+d hours and %(price)+d yuan.") % values
        )
    if found.price:
        return _("the best path without this course takes %(hours)+d hours and %(price)+d yuan.") % values
    if found.hours:
        text = ngettext(
            "the best path without this course takes %(hours)d hour more.",
            "the best path without this course takes %(hours)d hours more.",
            found.hours,
        )
        return text % values
    return _("a path without this course takes just as long and costs the same.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One path: hours, weeks, last day, price (CNY), share of practice (per cent), and courses in and out.

    `note` says what the name leaves open; `query` is its address; `same`: it is the path it stands beside.
    """

    name: str
    query: str
    hours: int
    weeks: int
    ends_on: date | None
    price: int
    hands_on: int
    courses: int
    coming: list[str]
    going: list[str]
    same: bool
    note: str = ""

    @classmethod
    def of(
        cls, planned: Planned, *, taken: set[str], names: Names, name: str, query: str, note: str = ""
    ) -> Column:
        """The column of a path beside one that takes the courses `taken`."""
        own = [step.course for step in planned.steps]
        return cls(
            name=name,
            query=query,
            hours=planned.hours,
            weeks=planned.weeks,
            ends_on=planned.ends_on,
            price=planned.price,
            hands_on=planned.hands_on_percent,
            courses=len(own),
            coming=[names.course(one) for one in own if one not in taken],
            going=[names.course(one) for one in sorted(taken.difference(own))],
            same=taken == set(own),
            note=note,
        )


def _column(one: Variant, *, taken: set[str], names: Names, data: Data) -> Column:
    query = wishing.query(data, **_wish(one))
    return Column.of(
        one.planned, taken=taken, names=names, name=str(AIMS[one.aim]), query=query, note=_note(one)
    )


def _wish(one: Variant) -> dict[str, Any]:
    """The wish that leads to the variant."""
    if one.max_hours is not None:
        return {"deadline": deadlines.last_day(one.max_hours, **one.planned.dates)}
    if one.max_price is not None:
        return {"max_price": one.max_price}
    return {"practice": one.min_hands_on} if one.min_hands_on is not None else {}


def _note(one: Variant) -> str:
    if not one.proven:
        return _("The time was too short to prove that none is better.")
    if one.aim is Aim.HANDS_ON:
        return _("for at most %(percent)d %% more effort") % {"percent": variants.DEARER_PERCENT}
    return ""


def _names_of_all(taken: set[str], others: list[Planned]) -> Names:
    every = taken.union(step.course for one in others for step in one.steps)
    return naming.names(courses=every, skills=())
