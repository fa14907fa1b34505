"""A course that is finished is finished in every current plan that has it."""

from __future__ import annotations

from datetime import date

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.learners.models import Learner
from groundwork.plans.models import PlanStep, PlanStepQuerySet


def finish(*, actor: Actor, learner: Learner, course: Course, on_date: date) -> None:
    """Mark the open steps of the current plans that are this course."""
    for step in _steps(learner, course).filter(completed_on=None):
        _set(step, on_date, actor=actor, learner=learner)


def reopen(*, actor: Actor, learner: Learner, course: Course) -> None:
    """Take that back."""
    for step in _steps(learner, course).exclude(completed_on=None):
        _set(step, None, actor=actor, learner=learner)


def record(step: PlanStep, *, actor: Actor, learner: Learner) -> None:
    """The audit entry of a step that was just finished, or opened again."""
    action = "step.completed" if step.completed_on else "step.reopened"
    outbox.record(actor=actor, action=action, subject=step, organisation_id=learner.organisation_id)


def _steps(learner: Learner, course: Course) -> PlanStepQuerySet:
    return PlanStep.objects.filter(plan__learner=learner, plan__superseded_at=None, course=course)


def _set(step: PlanStep, day: date | None, *, actor: Actor, learner: Learner) -> None:
    step.completed_on = day
    step.save(update_fields=["completed_on"])
    record(step, actor=actor, learner=learner)
