"""The catalogue for people: all courses on offer, and one of them with what it teaches, needs and serves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from groundwork.catalogue.models import Course
from groundwork.core.languages import in_chinese
from groundwork.frameworks.models import Role, RoleRequirement
from groundwork.web import listing, presenting, standing, wording
from groundwork.web.course_forms import CourseFilterForm

FREE = (Course.PriceClass.FREE, Course.PriceClass.FREEMIUM)
PAID = (Course.PriceClass.PAID, Course.PriceClass.UNIVERSITY)
MOST_ROLES = 10


@require_GET
def courses(request: HttpRequest) -> HttpResponse:
    """The courses on offer, a page at a time."""
    form = CourseFilterForm(request.GET)
    chosen = form.chosen()
    page: Page[Course] = listing.page(_found(chosen), given=request.GET)
    context = {
        "form": form,
        "page": page,
        "rows": [{"course": one, "language": wording.language_name(one.language)} for one in page],
        "found": page.paginator.count,
        "query": listing.query(chosen),
    }
    return render(request, "web/courses.html", context)


def _found(chosen: Mapping[str, str]) -> QuerySet[Course]:
    found = Course.objects.offered().searched(chosen.get("q", ""))
    narrowing: dict[str, Any] = {
        "provider__name__icontains": chosen.get("provider"),
        "language": chosen.get("language"),
        "format": chosen.get("format"),
        "price_class__in": {"free": FREE, "paid": PAID}.get(chosen.get("cost", "")),
        "hands_on": {"yes": True, "no": False}.get(chosen.get("practice", "")),
    }
    found = found.filter(**{name: value for name, value in narrowing.items() if value not in (None, "")})
    found = found.select_related("provider").prefetch_related("outcomes__skill").defer("description")
    return found.with_place(chosen.get("q", "")).order_by(*_order(chosen.get("order", "")), "slug")


def _order(said: str) -> list[Any]:
    """Columns: what a search finds by its title first, unless hours or price were asked for."""
    title = ["search_pinyin", "title_zh"] if in_chinese() else ["title_en"]
    if said in ("hours", "price"):
        # Hours and prices that no source states come last.
        return [F(said).asc(nulls_last=True), *title]
    return ["place", *title]


@require_GET
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """One course: what it teaches and needs, hours and price with their basis, roles it serves, source."""
    wanted = Course.objects.with_skills().with_needs().filter(slug=slug).first()
    if wanted is None:
        raise Http404
    person = standing.of(request)
    teaches = [_level(row, levels=person.levels) for row in wanted.outcomes.all()]
    context = {
        "course": wanted,
        "language": wording.language_name(wanted.language),
        "person": person,
        "teaches": teaches,
        "needs": [_level(row, levels=person.levels) for row in wanted.prerequisites.all()],
        "courses_needed": _courses_needed(wanted),
        "roles": _roles(wanted),
        "source": wording.course_source(wanted.source, provenance=wanted.provenance),
    }
    return render(request, "web/course.html", context)


def _level(row: Any, *, levels: Mapping[str, int]) -> dict[str, Any]:
    have = levels.get(row.skill.slug, 0)
    return {
        "skill": row.skill,
        "level": row.level,
        "level_name": wording.level_name(row.level),
        "have": have,
        "have_name": wording.level_name(have),
        "met": have >= row.level,
        "pips": presenting.pips(have=have, need=row.level),
    }


def _courses_needed(wanted: Course) -> list[Course]:
    """The courses that the text of the prerequisites names, each once."""
    return list({need.target.pk: need.target for need in wanted.needs.all() if need.target}.values())


def _roles(wanted: Course) -> list[dict[str, Any]]:
    """The roles that require what the course teaches: those it serves in most skills first."""
    taught = {row.skill_id: row.level for row in wanted.outcomes.all()}
    rows = RoleRequirement.objects.filter(skill__in=taught, essential=True).select_related("role", "skill")
    found: dict[Role, list[RoleRequirement]] = {}
    for row in rows.order_by("role__code", "-weight", "skill__slug"):
        found.setdefault(row.role, []).append(row)
    most = sorted(found.items(), key=lambda one: -len(one[1]))[:MOST_ROLES]
    return [
        {"role": role, "skills": [(row.skill, row.level, taught[row.skill_id] >= row.level) for row in asked]}
        for role, asked in most
    ]
