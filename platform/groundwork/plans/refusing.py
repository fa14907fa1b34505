"""“Not for me”: a course leaves the plan or its skills are declared, and the plan is made anew; with undo."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, InvalidError
from groundwork.events import outbox
from groundwork.learners import recording
from groundwork.learners.models import Evidence, Learner
from groundwork.learners.recording import Observation
from groundwork.plans import renewing
from groundwork.plans.models import Plan, PlanStep
from groundwork.plans.refusals import CourseRefusal

Reason = CourseRefusal.Reason


@transaction.atomic
def refuse(*, actor: Actor, step: PlanStep, reason: str, on_date: date) -> Plan:
    """Make the plan of the step anew without its course; who knows the course declares what it teaches.

    Raises InvalidError for an unknown reason, ConflictError for a finished step and where no path is left;
    nothing is changed then.
    """
    step.plan.learner.check_own(actor)
    if step.completed_on:
        raise ConflictError(_("This step is finished already."))
    note(actor=actor, learner=step.plan.learner, course=step.course, reason=reason, on_date=on_date)
    renewed = renewing.renew(actor=actor, plan=step.plan, on_date=on_date)
    if renewed.status not in Plan.WITH_STEPS:
        raise ConflictError(
            _("Without this course no path is left within your wishes, so the plan stays as it is.")
        )
    return renewed


@transaction.atomic
def note(*, actor: Actor, learner: Learner, course: Course, reason: str, on_date: date) -> CourseRefusal:
    """Keep that a course is not for this person, for every plan to come; no plan is made.

    Who knows the course declares what it teaches. Raises InvalidError for an unknown reason, ConflictError
    for a course that is refused already.
    """
    learner.check_own(actor)
    if reason not in Reason.values:
        raise InvalidError(_("Choose a reason."))
    refusal, made = CourseRefusal.objects.get_or_create(
        learner=learner, course=course, defaults={"reason": reason}
    )
    if not made:
        raise ConflictError(_("You refused this course already. Take that back first."))
    if reason == Reason.KNOWN:
        _declare(actor, learner, course, on_date=on_date)
    _record(actor, refusal, action="course.refused")
    return refusal


@transaction.atomic
def take_back(*, actor: Actor, refusal: CourseRefusal) -> None:
    """Undo a refusal and what was declared with it; no plan is made."""
    learner = refusal.learner
    learner.check_own(actor)
    if refusal.reason == Reason.KNOWN:
        recording.take_back(
            actor=actor, learner=learner, course=refusal.course, kind=Evidence.Kind.SELF_REPORT
        )
    _record(actor, refusal, action="course.accepted-after-all")
    refusal.delete()


@transaction.atomic
def accept_after_all(*, actor: Actor, refusal: CourseRefusal, plan: Plan, on_date: date) -> Plan:
    """Undo a refusal and make `plan` anew."""
    slug = refusal.course.slug
    take_back(actor=actor, refusal=refusal)
    return renewing.renew(actor=actor, plan=plan, on_date=on_date, allow=slug)


def _declare(actor: Actor, learner: Learner, course: Course, *, on_date: date) -> None:
    observations = [
        Observation(
            skill=outcome.skill.slug,
            level=outcome.level,
            kind=Evidence.Kind.SELF_REPORT,
            evidenced_on=on_date,
            words=course.title_en,
            course=course,
        )
        for outcome in course.outcomes.select_related("skill")
    ]
    if observations:
        recording.record_evidence(actor=actor, learner=learner, observations=observations)


def _record(actor: Actor, refusal: CourseRefusal, *, action: str) -> None:
    outbox.record(
        actor=actor,
        action=action,
        subject=refusal,
        organisation_id=refusal.learner.organisation_id,
        details={"course": refusal.course.slug},
    )
