"""Working through a plan: a finished step is evidence."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, ForbiddenError
from groundwork.events import outbox
from groundwork.learners import recording
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from groundwork.plans.models import PlanStep


@transaction.atomic
def complete(*, actor: Actor, step: PlanStep, on_date: date) -> None:
    """Mark a step as finished: what the course teaches becomes evidence of that day."""
    _own(actor, step)
    _lock(step)
    if step.completed_on:
        raise ConflictError(_("This step is finished already."))
    step.completed_on = on_date
    step.save(update_fields=["completed_on"])
    observations = [
        Observation(
            skill=outcome.skill.slug,
            level=outcome.level,
            kind=Evidence.Kind.COURSE,
            evidenced_on=on_date,
            words=step.course.title_en,
            course=step.course,
        )
        for outcome in step.course.outcomes.select_related("skill")
    ]
    recording.record_evidence(actor=actor, learner=step.plan.learner, observations=observations)
    outbox.record(
        actor=actor,
        action="step.completed",
        subject=step,
        organisation_id=step.plan.learner.organisation_id,
    )


@transaction.atomic
def reopen(*, actor: Actor, step: PlanStep, on_date: date) -> None:
    """Undo a completion: levels return to what they were, and the trail shows both."""
    _own(actor, step)
    _lock(step)
    if not step.completed_on:
        raise ConflictError(_("This step is not finished."))
    step.completed_on = None
    step.save(update_fields=["completed_on"])
    recording.take_back(actor=actor, learner=step.plan.learner, course=step.course, on_date=on_date)
    outbox.record(
        actor=actor,
        action="step.reopened",
        subject=step,
        organisation_id=step.plan.learner.organisation_id,
    )


def _lock(step: PlanStep) -> None:
    """A second click waits here and then sees what the first one did."""
    step.completed_on = PlanStep.objects.select_for_update().get(pk=step.pk).completed_on


def _own(actor: Actor, step: PlanStep) -> None:
    if actor.user_id is None or step.plan.learner.user_id != actor.user_id:
        raise ForbiddenError(_("Only the learner can do this."))
