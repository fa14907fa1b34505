"""“Not for me” on the page of a path: why, what changes, the wish behind the reason, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Role
from groundwork.plans import refusing
from groundwork.plans.planning import Planned
from groundwork.plans.refusals import CourseRefusal
from groundwork.web import naming, offers, paths, standing, visiting, wishing
from groundwork.web.differing import Difference
from groundwork.web.forms import WishesForm
from groundwork.web.offers import Offer
from groundwork.web.standing import Standing
from groundwork.web.visiting import Held
from groundwork.web.wishing import wishes_form

Reason = CourseRefusal.Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A course that is not for the person, and why, in words."""

    course: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """What the last refusal did: the change of the path, and the wishes that would say more than one course.

    `is_known`: its skills are on record; `still_there`: other evidence says less, so the course stays.
    """

    refused: Refused
    difference: Difference
    offers: list[Offer]
    is_known: bool
    still_there: bool


@require_POST
def refuse(request: HttpRequest, slug: str, course: str) -> HttpResponse:
    """A course of the path is not for whoever asks: plan without it, on every path to come."""
    role, person, form = _asked(request, slug)
    before = paths.computed(role, person=person, form=form)
    found = Course.objects.filter(slug=course, slug__in=[step.course for step in before.steps]).first()
    data, reason = form.cleaned_data, request.POST.get("reason", "")
    if found is None:
        messages.info(request, _("The path does not take this course any more."))
        return redirect(_path(slug, wishing.query(data)))
    if reason not in Reason.values:
        messages.error(request, _("Choose a reason."))
        return redirect(_path(slug, wishing.query(data)))
    query = wishing.query(data, insist=[one for one in data["insist"] if one != course])
    if reason != Reason.KNOWN and not _has_path_without(role, person=person, data=data, course=course):
        text = _("Without %(title)s no path is left, so it is left out for a look only. Ways out are below.")
        messages.warning(request, text % {"title": found.title})
        return redirect(_path(slug, f"{query}&drop={course}"))
    _keep(request, person, found, reason=reason)
    visiting.keep_replanned(request, course, _figures(before))
    return redirect(_path(slug, f"{query}&refused={course}") + "#not-for-me")


@require_POST
def take_back(request: HttpRequest, slug: str, course: str) -> HttpResponse:
    """The course is for this person after all."""
    role, person, form = _asked(request, slug)
    if course not in form.refused:
        raise Http404
    if person.learner is None:
        visiting.accept(request, course)
    else:
        row = CourseRefusal.objects.select_related("learner", "course").get(
            learner=person.learner, course__slug=course
        )
        refusing.take_back(actor=standing.actor_of(request), refusal=row)
    messages.success(request, _("Taken back, and planned anew."))
    return redirect(_path(role.slug, wishing.query(form.cleaned_data)))


def context(request: HttpRequest, planned: Planned, *, person: Standing, form: WishesForm) -> dict[str, Any]:
    """What the page of a path says of refusals: all of them, and what the last one changed."""
    courses = {one.slug: one for one in Course.objects.filter(slug__in=form.refused)} if form.refused else {}
    rows = [
        Refused(course=slug, title=courses[slug].title, reason=str(Reason(reason).label))
        for slug, reason in form.refused.items()
        if slug in courses
    ]
    asked = request.GET.get("refused", "")
    last = next((row for row in rows if row.course == asked), None)
    before = visiting.replanned(request, asked) if last else None
    return {
        "reasons": Reason.choices,
        "refused": rows,
        "replanned": _replanned(last, before, planned=planned, person=person, form=form)
        if last and before
        else None,
    }


def _replanned(
    row: Refused,
    before: dict[str, Any],
    *,
    planned: Planned,
    person: Standing,
    form: WishesForm,
) -> Replanned:
    taken = [step.course for step in planned.steps]
    coming = [one for one in taken if one not in before["courses"]]
    going = [one for one in before["courses"] if one not in taken]
    names = naming.names(courses=[*coming, *going], skills=())
    figures = _figures(planned)
    return Replanned(
        refused=row,
        difference=Difference(
            **{name: figures[name] - before[name] for name in ("hours", "weeks", "price")},
            coming=[names.course(one) for one in coming],
            going=[names.course(one) for one in going],
        ),
        offers=offers.of(
            form.refused[row.course],
            course=Course.objects.select_related("provider").get(slug=row.course),
            planned=planned,
            price_before=before["price"],
            data=form.cleaned_data,
            levels=person.levels,
        ),
        is_known=form.refused[row.course] == Reason.KNOWN,
        still_there=row.course in taken,
    )


def _asked(request: HttpRequest, slug: str) -> tuple[Role, Standing, WishesForm]:
    role, person = paths.role_of(slug), standing.of(request)
    form = wishes_form(request, person)
    if not person.can_start or not form.is_valid():
        raise Http404
    return role, person, form


def _path(slug: str, query: str) -> str:
    return f"{reverse('web:path', args=[slug])}?{query}"


def _has_path_without(role: Role, *, person: Standing, data: wishing.Data, course: str) -> bool:
    # The same form that the address without the course would give, so that what is proven is recalled.
    insist = [one for one in data["insist"] if one != course]
    given = QueryDict(wishing.query(data, insist=insist, without=[*data["without"], course]))
    form = wishing.form_of(given, refused=data["refused"])
    return form.is_valid() and paths.computed(role, person=person, form=form).solution.cost is not None


def _keep(request: HttpRequest, person: Standing, course: Course, *, reason: str) -> None:
    today = timezone.localdate()
    if person.learner is None:
        known = _taught(course, person=person) if reason == Reason.KNOWN else {}
        visiting.refuse(request, course.slug, reason=reason, known=known)
        return
    actor = standing.actor_of(request)
    former = CourseRefusal.objects.filter(learner=person.learner, course=course)
    for row in former.select_related("learner", "course"):
        # It was taken into this path in spite of an earlier refusal; the new reason counts.
        refusing.take_back(actor=actor, refusal=row)
    refusing.note(actor=actor, learner=person.learner, course=course, reason=reason, on_date=today)


def _taught(course: Course, *, person: Standing) -> dict[str, Held]:
    """What a visitor who knows the course can do above what they said before."""
    rows = course.outcomes.values_list("skill__slug", "level")
    today = timezone.localdate()
    return {
        skill: Held(level=level, as_of=today) for skill, level in rows if level > person.levels.get(skill, 0)
    }


def _figures(planned: Planned) -> dict[str, Any]:
    return {
        "hours": planned.hours,
        "weeks": planned.weeks,
        "price": planned.price,
        "courses": [step.course for step in planned.steps],
    }
