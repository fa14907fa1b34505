"""A learner's weeks: what each holds, hours logged against it, and days off."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.catalogue.models import Course
from groundwork.core.errors import DomainError
from groundwork.plans import next_steps, study_days, studying, timetables, weeks
from groundwork.plans.models import Plan, PlanStep
from groundwork.plans.next_steps import Studied
from groundwork.plans.sessions import StudySession, TimeOff
from groundwork.plans.study_days import StudyDays
from groundwork.web import days_off, standing
from groundwork.web.study_forms import SessionForm, TimeOffForm

WEEK = re.compile(r"(20\d\d)-W(\d\d)", re.ASCII)
SEVEN_DAYS = timedelta(days=7)
SIX_DAYS = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """A course of a week: minutes planned and logged, the sessions, and the form for one more."""

    course: Course
    planned: int
    sessions: list[StudySession]
    form: SessionForm

    @property
    def logged(self) -> int:
        """Minutes of the sessions."""
        return sum(one.minutes for one in self.sessions)


@login_required
@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """One week: the timetable of the plans against the hours logged."""
    return _page(request, _monday(request.GET.get("week", "")))


def _monday(text: str) -> date:
    """The first day of an ISO week like 2026-W48; this week where none is named. Raises Http404."""
    if not text:
        return timetables.monday_of(timezone.localdate())
    found = WEEK.fullmatch(text)
    if found is None:
        raise Http404
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise Http404 from error


def name_of(day: date) -> str:
    """The ISO week of a day, as an address holds it."""
    year, number, _day = day.isocalendar()
    return f"{year}-W{number:02}"


def _page(
    request: HttpRequest,
    monday: date,
    *,
    form: SessionForm | None = None,
    off_form: TimeOffForm | None = None,
) -> HttpResponse:
    actor, learner, today = standing.actor_of(request), standing.learner_of(request), timezone.localdate()
    sunday = monday + SIX_DAYS
    plans = list(Plan.objects.visible_to(actor).filter(learner=learner).current().with_steps())
    days = study_days.of(learner)
    off = list(learner.time_off.all())
    sessions = StudySession.objects.visible_to(actor).filter(learner=learner).between(monday, sunday)
    studied = next_steps.studied(learner)
    rows = _rows(plans, list(sessions.select_related("course")), studied, monday=monday, form=form)
    is_now = monday <= today <= sunday
    context = {
        "monday": monday,
        "sunday": sunday,
        "week": name_of(monday),
        "former": name_of(monday - SEVEN_DAYS),
        "next": name_of(monday + SEVEN_DAYS),
        "is_now": is_now,
        "rows": rows,
        "planned": sum(row.planned for row in rows),
        "logged": sum(row.logged for row in rows),
        "paces": _paces(plans, studied, days, today=today) if is_now else [],
        "plans": plans,
        "off": [one for one in off if one.first <= sunday and one.last >= monday],
        "public": [one for one in days_off.of(days, first=monday, last=sunday) if one.name],
        "coming_off": [one for one in off if one.first > sunday],
        "off_form": off_form or TimeOffForm(initial={"first": monday, "last": sunday}),
    }
    refused = bool((form and form.errors) or (off_form and off_form.errors))
    return render(request, "web/study/week.html", context, status=422 if refused else 200)


def _rows(
    plans: Iterable[Plan],
    sessions: list[StudySession],
    studied: Studied,
    *,
    monday: date,
    form: SessionForm | None,
) -> list[CourseRow]:
    """What the timetables hold, what is going on or next, and whatever else was studied, each once."""
    planned: dict[int, int] = {}
    held: list[PlanStep] = []
    for plan in plans:
        for part in weeks.parts(plan, monday=monday):
            # A course that two plans have is studied once.
            planned[part.step.course_id] = max(part.minutes, planned.get(part.step.course_id, 0))
            held.append(part.step)
    going = [step for plan in plans for step in plan.steps.all() if step.course_id in studied.going_on]
    coming = [one.step for one in next_steps.of_all(plans, studied=studied)]
    # What is under way, what stands in the timetable, what comes next; then what is finished, or no plan has.
    still = [step.course for step in (*going, *held, *coming) if not step.completed_on]
    others = [*(step.course for step in held), *(one.course for one in sessions)]
    courses = {course.pk: course for course in (*still, *others)}
    day = min(max(timezone.localdate(), monday), monday + SIX_DAYS)
    return [
        CourseRow(
            course=course,
            planned=planned.get(key, 0),
            sessions=[one for one in sessions if one.course_id == key],
            form=form if form and form.course.pk == key else SessionForm(course=course, initial={"on": day}),
        )
        for key, course in courses.items()
    ]


def _paces(plans: Iterable[Plan], studied: Studied, days: StudyDays, *, today: date) -> list[dict[str, Any]]:
    return [
        {"plan": plan, "pace": weeks.pace(plan, logged=studied.minutes, on_date=today, days=days)}
        for plan in plans
        if plan.hours
    ]


@login_required
@require_POST
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """Hours spent on a course."""
    course = Course.objects.filter(slug=slug).first()
    if course is None:
        raise Http404
    form = SessionForm(request.POST, course=course)
    if not form.is_valid():
        return _page(request, _monday(request.POST.get("week", "")), form=form)
    day = form.cleaned_data["on"]
    try:
        studying.log(
            actor=standing.actor_of(request),
            learner=standing.learner_of(request),
            course=course,
            on=day,
            minutes=form.minutes,
            note=form.cleaned_data["note"],
            on_date=timezone.localdate(),
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _page(request, _monday(request.POST.get("week", "")), form=form)
    messages.success(request, _("Logged. You can take it back in the week it belongs to."))
    return redirect(_address(day, anchor=course.slug))


def _address(day: date, *, anchor: str = "") -> str:
    place = f"#course-{anchor}" if anchor else ""
    return f"{reverse('web:week')}?week={name_of(day)}{place}"


@login_required
@require_POST
def unlog(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take logged hours back."""
    mine = StudySession.objects.visible_to(standing.actor_of(request)).select_related("learner", "course")
    session = mine.filter(pk=pk).first()
    if session is None:
        raise Http404
    studying.take_back(actor=standing.actor_of(request), session=session)
    messages.success(request, _("The hours are taken back."))
    return redirect(_address(session.on, anchor=session.course.slug))


@login_required
@require_POST
def take_off(request: HttpRequest) -> HttpResponse:
    """Days on which nothing is studied."""
    form = TimeOffForm(request.POST)
    monday = _monday(request.POST.get("week", ""))
    if not form.is_valid():
        return _page(request, monday, off_form=form)
    try:
        studying.take_off(
            actor=standing.actor_of(request), learner=standing.learner_of(request), **form.cleaned_data
        )
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _page(request, monday, off_form=form)
    messages.success(request, _("Noted. What follows in your plans moves by these days."))
    return redirect(_address(monday))


@login_required
@require_POST
def work_after_all(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take days off back."""
    mine = TimeOff.objects.visible_to(standing.actor_of(request)).select_related("learner")
    days = mine.filter(pk=pk).first()
    if days is None:
        raise Http404
    studying.work_after_all(actor=standing.actor_of(request), days=days)
    messages.success(request, _("These days are no longer off; what follows in your plans moves back."))
    return redirect(_address(_monday(request.POST.get("week", ""))))
