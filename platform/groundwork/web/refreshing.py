"""Refreshers for lapsing skills: an assessment, or a course put into the plan that needs the skill."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.assessments import sitting as sittings
from groundwork.catalogue.models import Course
from groundwork.core.errors import DomainError
from groundwork.learners import lapsing
from groundwork.plans import refreshers, renewing
from groundwork.plans.models import Plan
from groundwork.web import standing


@login_required
@require_GET
def refresh(request: HttpRequest) -> HttpResponse:
    """What lapses, or has lapsed, with what can be done about each; what plans need first."""
    actor, person, today = standing.actor_of(request), standing.of(request), timezone.localdate()
    if person.learner is None:
        raise Http404
    plans = list(Plan.objects.visible_to(actor).filter(learner=person.learner).current().with_steps())
    lapses = lapsing.of_learner(person.learner, on_date=today)
    assessed = {}
    for offer in sittings.offers(actor=actor, learner=person.learner) if lapses else ():
        again = offer.retake_from()
        assessed[offer.skill.pk] = again if again and again > today else None
    rows = [
        {
            "one": one,
            "has_assessment": one.lapse.skill.pk in assessed,
            "again": assessed.get(one.lapse.skill.pk),
        }
        for one in refreshers.of(lapses, plans=plans, languages=person.languages)
    ]
    return render(request, "web/study/refresh.html", {"rows": rows})


@login_required
@require_POST
def take_course(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    """Make a plan anew with one more course in it."""
    actor = standing.actor_of(request)
    plan = Plan.objects.visible_to(actor).with_steps().filter(pk=pk).first()
    course = Course.objects.plannable().filter(slug=slug).first()
    if plan is None or course is None or not plan.learner.is_user(actor):
        raise Http404
    try:
        renewed = renewing.renew(actor=actor, plan=plan, on_date=timezone.localdate(), take=course.slug)
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("web:plan", plan.pk)
    messages.success(
        request, _("The plan now has %(title)s. The former plan is kept.") % {"title": course.title}
    )
    return redirect("web:plan", renewed.pk)
