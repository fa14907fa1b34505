"""A signed-in person's own plans, skills and assignments."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.core.actors import Actor
from groundwork.core.errors import DomainError
from groundwork.frameworks.models import Role
from groundwork.learners import lapsing, recording
from groundwork.learners.models import Evidence, Learner, Proficiency
from groundwork.plans import enrolling, estimating, mastering, next_steps, planning, redating, study_days
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import Assignment, Plan, PlanStep
from groundwork.plans.proofs import Proof
from groundwork.web import days_off, offering, presenting, proving, rings, standing, timeline, wording
from groundwork.web.days_off import DaysOff
from groundwork.web.forms import FinishForm, StudyDaysForm, WishesForm
from groundwork.web.wishing import wishes_form, wishes_of


@login_required
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Assignments, plans with progress, and skills with their evidence."""
    actor, person = standing.actor_of(request), standing.of(request)
    learner = person.learner
    if learner is None:
        raise Http404
    lapses = lapsing.of_learner(learner, on_date=timezone.localdate())
    plans = list(Plan.objects.visible_to(actor).filter(learner=learner).current().with_steps())
    skills = Proficiency.objects.visible_to(actor).filter(learner=learner).select_related("skill", "evidence")
    assignments = Assignment.objects.visible_to(actor).filter(learner=learner).current()
    context = {
        "learner": learner,
        "days_form": StudyDaysForm(
            initial={"courses": learner.courses_at_once, "holidays": learner.public_holidays}
        ),
        "plans": [
            {"plan": plan, "rings": rings.of(mastering.of(plan, levels=person.levels, lapses=lapses))}
            for plan in plans
        ],
        "coming": next_steps.of_all(plans, studied=next_steps.studied(learner)) if plans else [],
        "assignments": presenting.assignment_rows(
            assignments.select_related("role", "organisation"), plans=plans
        ),
        "skills": [{"row": row, "level_name": wording.level_name(row.level)} for row in skills],
        "lapses": lapses,
    }
    return render(request, "web/me.html", context)


@login_required
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Every observation on record, latest first."""
    learner = standing.learner_of(request)
    evidence = Evidence.objects.visible_to(standing.actor_of(request)).filter(learner=learner)
    lines = evidence.with_marks().select_related("skill").order_by("-recorded_at", "-pk")
    return render(request, "web/history.html", {"evidence": lines})


@login_required
@require_POST
def change_hours(request: HttpRequest) -> HttpResponse:
    """How many hours a week the person can study, how many courses at once, and on which public holidays not.

    What the form does not name stays as it is.
    """
    actor, learner = standing.actor_of(request), standing.learner_of(request)
    given = request.POST.copy()
    given.setdefault("courses", str(learner.courses_at_once))
    given.setdefault("holidays", learner.public_holidays)
    form = WishesForm(given)
    if form.is_valid() and form.cleaned_data["hours"]:
        _choose(form, actor=actor, learner=learner)
        messages.success(
            request,
            _("Saved. Your plans follow your days; more or fewer hours count once you plan again."),
        )
    else:
        messages.error(request, _("Hours per week must be a whole number from 1 to 60. Nothing was changed."))
    return redirect("web:me")


@transaction.atomic
def _choose(form: WishesForm, *, actor: Actor, learner: Learner) -> None:
    """Make the time for study of a valid form the person's own."""
    data = form.cleaned_data
    if data["hours"] and data["hours"] != learner.hours_per_week:
        recording.change_hours(actor=actor, learner=learner, hours_per_week=data["hours"])
    redating.choose(actor=actor, learner=learner, courses_at_once=data["courses"], country=data["holidays"])


@login_required
@require_POST
def keep_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Compute the path with the wishes of the address and keep it."""
    role = Role.objects.with_requirements().filter(slug=slug).first()
    if role is None:
        raise Http404
    person = standing.of(request)
    form = wishes_form(request, person)
    if not form.is_valid():
        messages.error(request, _("These wishes cannot be read. Nothing was kept."))
        return redirect("web:path", slug)
    actor, learner = standing.actor_of(request), standing.learner_of(request)
    try:
        _choose(form, actor=actor, learner=learner)
        plan = planning.make_plan(
            actor=actor,
            learner=learner,
            role=role,
            starts_on=timezone.localdate(),
            wishes=wishes_of(form, person),
        )
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("web:path", slug)
    messages.success(request, _("The plan is kept. Mark steps as finished as you go."))
    return redirect("web:plan", plan.pk)


@login_required
@require_GET
def plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One saved plan with its progress."""
    actor = standing.actor_of(request)
    found = Plan.objects.visible_to(actor).with_steps().filter(pk=pk).first()
    if found is None:
        raise Http404
    own = found.learner.user_id == request.user.pk
    attempts = Enrolment.objects.visible_to(actor).filter(learner=found.learner)
    finished = [step.course_id for step in found.steps.all() if step.completed_on]
    proofs = Proof.objects.visible_to(actor).filter(learner=found.learner).by_course(finished if own else ())
    latest = attempts.latest_by_course()
    view = presenting.plan_view(found, attempts=latest, proofs=proofs)
    today, known = timezone.localdate(), list(found.learner.proficiencies.with_clocks()) if own else []
    levels = {row.skill.slug: level for row in known if (level := row.on(today).reading)}
    lapses = lapsing.of_rows(known, on_date=today)
    moved_on = own and presenting.has_moved_on(found, levels=levels)
    context = {
        "plan": found,
        "rings": rings.of(mastering.of(found, levels=levels, lapses=lapses)) if own else [],
        "path": view,
        # Days off are nobody else's business: others see the dates alone.
        "timeline": timeline.of(view, deadline=found.finish_by, off=_off(found) if own else ()),
        "own": own,
        "given_way": presenting.given_way(found),
        "estimates": own and settings.ESTIMATES and {"wanted": estimating.are_wanted(found.learner)},
        "has_moved_on": moved_on,
        **(offering.context(found, attempts=latest, has_moved_on=moved_on) if own else {}),
    }
    return render(request, "web/plan.html", context)


def _off(plan: Plan) -> list[DaysOff]:
    return days_off.of(study_days.of(plan.learner), first=plan.starts_on, last=plan.ends_on)


@login_required
@require_POST
def start_step(request: HttpRequest, pk: UUID, step: int) -> HttpResponse:
    """Begin the course of a step."""
    answer = _change_step(request, pk, step, change=enrolling.start)
    return redirect(standing.next_of(request)) if "next" in request.POST else answer


@login_required
@require_POST
def undo_step(request: HttpRequest, pk: UUID, step: int) -> HttpResponse:
    """Take back that a course was begun, given up or not passed."""
    return _change_step(request, pk, step, change=enrolling.resume)


@login_required
@require_POST
def complete_step(request: HttpRequest, pk: UUID, step: int) -> HttpResponse:
    """Mark a step as finished, with the hours it took and what there is to show, where they are given."""
    form = FinishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Hours must be a whole number above zero. Nothing was changed."))
        return redirect(f"{request.path.split('/steps/')[0]}/")
    shown = proving.shown_by(request)
    if shown is None:
        return redirect(f"{request.path.split('/steps/')[0]}/")
    return _change_step(
        request, pk, step, change=partial(enrolling.complete, hours=form.cleaned_data["hours"], shown=shown)
    )


@login_required
@require_POST
def reopen_step(request: HttpRequest, pk: UUID, step: int) -> HttpResponse:
    """Undo a finished step."""
    return _change_step(request, pk, step, change=enrolling.reopen)


@login_required
@require_POST
def stop_step(request: HttpRequest, pk: UUID, step: int) -> HttpResponse:
    """Say that a course was given up or not passed; it stays in the plan."""
    failed = request.POST.get("how") == Enrolment.State.FAILED
    return _change_step(request, pk, step, change=enrolling.fail if failed else enrolling.withdraw)


def _change_step(
    request: HttpRequest, pk: UUID, step_id: int, *, change: Callable[..., None]
) -> HttpResponse:
    actor = standing.actor_of(request)
    steps = PlanStep.objects.visible_to(actor).select_related("plan__learner", "course")
    step = steps.filter(pk=step_id, plan_id=pk).first()
    if step is None:
        raise Http404
    try:
        change(actor=actor, step=step, on_date=timezone.localdate())
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect(f"{request.path.split('/steps/')[0]}/#step-{step.position}")


@login_required
@require_POST
def choose_estimates(request: HttpRequest) -> HttpResponse:
    """Whether expected hours count in one's plans, or declared ones."""
    wanted = request.POST.get("wanted") == "yes"
    estimating.choose(actor=standing.actor_of(request), learner=standing.learner_of(request), wanted=wanted)
    messages.success(request, _("Saved. It counts from the next plan on."))
    return redirect(standing.next_of(request))
