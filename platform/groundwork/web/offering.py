"""A plan and reality: the offer to plan anew, its acceptance or dismissal, earlier versions, "not for me"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from groundwork.core.errors import DomainError
from groundwork.plans import deadlines, next_steps, offering, refusing, renewing, study_days, weeks
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import Plan, PlanStep
from groundwork.plans.offering import Cause, Offer
from groundwork.plans.refusals import CourseRefusal
from groundwork.plans.study_days import Dates
from groundwork.web import naming, standing
from groundwork.web.differing import Difference

CAUSES: Mapping[Cause, Any] = {
    Cause.BEHIND: gettext_lazy("You are more than a week behind the timetable."),
    Cause.LEFT: gettext_lazy("A course was given up or not passed."),
    Cause.WITHDRAWN: gettext_lazy("A course of the plan is no longer on offer."),
    Cause.CATALOGUE: gettext_lazy("The catalogue has changed since this plan was made."),
    Cause.SKILLS: gettext_lazy("Your skills have changed since this plan was made."),
    Cause.HOURS: gettext_lazy("Your hours per week have changed."),
    Cause.LATE: gettext_lazy("With your days off, the plan no longer ends by the day you wished for."),
}
MOST_VERSIONS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """An offer in words: why, what changes, when it would end; `digest` names it in the form."""

    causes: list[str]
    difference: Difference
    ends_on: date | None
    drops_deadline: bool
    digest: str


def context(plan: Plan, *, attempts: Mapping[int, Enrolment], has_moved_on: bool) -> dict[str, Any]:
    """What the page of one's own plan shows beside its steps; read the plan `with_steps()` first."""
    versions = Plan.objects.filter(learner=plan.learner).towards(plan.role, also=plan.also)
    offer = None if plan.superseded_at else _offer(plan, attempts=attempts, has_moved_on=has_moved_on)
    refusals = CourseRefusal.objects.filter(learner=plan.learner).select_related("course")
    return {
        "offer": _view(offer, plan=plan) if offer else None,
        "versions": versions.exclude(pk=plan.pk).exclude(superseded_at=None)[:MOST_VERSIONS],
        "refusals": list(refusals),
        "reasons": CourseRefusal.Reason.choices,
    }


def _offer(plan: Plan, *, attempts: Mapping[int, Enrolment], has_moved_on: bool) -> Offer | None:
    today, learner = timezone.localdate(), plan.learner
    days = study_days.of(learner)
    pace = weeks.pace(plan, logged=next_steps.studied(learner).minutes, on_date=today, days=days)
    left = [course for course, attempt in attempts.items() if attempt.was_left]
    return offering.of(plan, pace=pace, left=left, has_moved_on=has_moved_on, on_date=today)


def _view(offer: Offer, *, plan: Plan) -> OfferView:
    names = naming.names(courses={*offer.coming, *offer.going}, skills=())
    left = sum(step.hours for step in plan.steps.all() if not step.completed_on)
    former: Dates = {**offer.planned.dates, "hours_per_week": plan.hours_per_week}
    difference = Difference(
        hours=offer.hours,
        weeks=offer.planned.weeks - (deadlines.weeks(left, **former) or 0),
        price=offer.price,
        coming=[names.course(one) for one in offer.coming],
        going=[names.course(one) for one in offer.going],
    )
    return OfferView(
        causes=[str(CAUSES[cause]) for cause in offer.causes],
        difference=difference,
        ends_on=offer.planned.ends_on,
        drops_deadline=offer.drops_deadline,
        digest=offer.digest,
    )


@login_required
@require_POST
def renew_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the plan anew with the wishes it had; the former version is kept."""

    def change(plan: Plan) -> Plan:
        return renewing.renew(
            actor=standing.actor_of(request),
            plan=plan,
            on_date=timezone.localdate(),
            drops_deadline=request.POST.get("deadline") == "drop",
        )

    return _change(
        request,
        _plan(request, pk),
        change,
        said=_("The plan is made anew. The former version is kept below."),
    )


@login_required
@require_POST
def dismiss_offer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the plan as it is."""

    def change(plan: Plan) -> Plan:
        offer = request.POST.get("offer", "")[:64]
        renewing.dismiss(actor=standing.actor_of(request), plan=plan, offer=offer)
        return plan

    return _change(
        request,
        _plan(request, pk),
        change,
        said=_("The plan stays as it is. You can plan again at any time."),
    )


@login_required
@require_POST
def bring_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a former version the current one again."""

    def change(plan: Plan) -> Plan:
        renewing.bring_back(actor=standing.actor_of(request), plan=plan)
        return plan

    return _change(request, _plan(request, pk), change, said=_("This version is your current plan again."))


@login_required
@require_POST
def refuse_course(request: HttpRequest, pk: UUID, step: int) -> HttpResponse:
    """A course is not for this person: plan without it."""
    plan = _plan(request, pk)
    row = PlanStep.objects.filter(plan=plan, pk=step).select_related("course").first()
    if row is None:
        raise Http404
    row.plan = plan

    def change(_plan: Plan) -> Plan:
        renewed = refusing.refuse(
            actor=standing.actor_of(request),
            step=row,
            reason=request.POST.get("reason", ""),
            on_date=timezone.localdate(),
        )
        if renewed.steps.filter(course=row.course).exists():
            messages.info(
                request,
                _("Your word is on record, but other evidence says less, so the course stays for now."),
            )
        return renewed

    return _change(request, plan, change, said=_("Planned anew. You can take this back below."))


@login_required
@require_POST
def accept_course(request: HttpRequest, pk: UUID, refusal: UUID) -> HttpResponse:
    """Undo that a course is not for this person."""
    mine = CourseRefusal.objects.visible_to(standing.actor_of(request)).select_related("learner", "course")
    row = mine.filter(pk=refusal).first()
    if row is None:
        raise Http404

    def change(plan: Plan) -> Plan:
        return refusing.accept_after_all(
            actor=standing.actor_of(request), refusal=row, plan=plan, on_date=timezone.localdate()
        )

    return _change(request, _plan(request, pk), change, said=_("Taken back, and planned anew."))


def _plan(request: HttpRequest, pk: UUID) -> Plan:
    """One's own plan. Raises Http404 for any other, the administrators' people included."""
    actor = standing.actor_of(request)
    plan = Plan.objects.visible_to(actor).with_steps().filter(pk=pk).first()
    if plan is None or not plan.learner.is_user(actor):
        raise Http404
    return plan


def _change(request: HttpRequest, plan: Plan, change: Callable[[Plan], Plan], *, said: str) -> HttpResponse:
    try:
        found = change(plan)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("web:plan", plan.pk)
    messages.success(request, said)
    return redirect("web:plan", found.pk)
