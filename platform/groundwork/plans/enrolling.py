"""Working through a plan: a step that is finished is evidence, and ends an attempt, as giving up does."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError
from groundwork.learners import recording
from groundwork.learners.models import Evidence
from groundwork.plans import attempting, progressing, proving
from groundwork.plans.enrolments import Enrolment, EnrolmentQuerySet
from groundwork.plans.models import PlanStep
from groundwork.plans.proving import Shown

State = Enrolment.State
NOTHING = Shown()


@transaction.atomic
def start(*, actor: Actor, step: PlanStep, on_date: date) -> None:
    """The learner begins the course; one that was begun and left on the same day goes on."""
    step.plan.learner.check_own(actor)
    _lock(step)
    if step.completed_on:
        raise ConflictError(_("This step is finished already."))
    if _mine(step).going_on().exists():
        raise ConflictError(_("You are at this course already."))
    attempting.begin(
        actor=actor, learner=step.plan.learner, course=step.course, started_on=on_date, step=step
    )


@transaction.atomic
def resume(*, actor: Actor, step: PlanStep, on_date: date) -> None:
    """Undo the last that was said of an attempt: that it began, or that it was left.

    Raises ConflictError where there is nothing to take back, and where hours are logged for an attempt that
    would never have been.
    """
    step.plan.learner.check_own(actor)
    _lock(step)
    attempt = _mine(step).order_by("-started_on", "-created_at").first()
    if step.completed_on or attempt is None:
        raise ConflictError(_("There is nothing to take back."))
    if attempt.state == State.STARTED:
        if attempt.sessions.exists():
            raise ConflictError(_("Hours are logged for this course. Take them back first, or give it up."))
        attempting.drop(attempt, actor=actor)
        return
    failed = attempt.state == State.FAILED
    attempting.resume(attempt, actor=actor)
    if failed and not _mine(step).filter(state=State.FAILED).exists():
        recording.take_back(
            actor=actor, learner=step.plan.learner, course=step.course, kind=Evidence.Kind.FAILED_COURSE
        )


@transaction.atomic
def complete(
    *,
    actor: Actor,
    step: PlanStep,
    on_date: date,
    hours: int | None = None,
    shown: Shown = NOTHING,
) -> None:
    """Mark a step as finished, in `hours` where they are known: what the course teaches becomes evidence.

    What is `shown` for it is kept beside that evidence.
    """
    step.plan.learner.check_own(actor)
    attempting.check_hours(hours)
    _lock(step)
    if step.completed_on:
        raise ConflictError(_("This step is finished already."))
    _mark(step, on_date, actor=actor)
    progressing.finish(actor=actor, learner=step.plan.learner, course=step.course, on_date=on_date)
    _finish(actor, step, on_date=on_date, hours=hours)
    attempting.record_evidence(
        actor=actor, learner=step.plan.learner, course=step.course, evidenced_on=on_date
    )
    if shown.is_any:
        proving.add(actor=actor, learner=step.plan.learner, course=step.course, shown=shown)


@transaction.atomic
def reopen(*, actor: Actor, step: PlanStep, on_date: date) -> None:
    """Undo a completion: levels return to what they were, the attempt goes on, and the trail shows both."""
    step.plan.learner.check_own(actor)
    _lock(step)
    if not step.completed_on:
        raise ConflictError(_("This step is not finished."))
    # Whichever plan it was finished by.
    by_steps = Q(step__completed_on=step.completed_on) | Q(step=step)
    attempts = list(_mine(step).filter(by_steps, state=State.FINISHED))
    _mark(step, None, actor=actor)
    progressing.reopen(actor=actor, learner=step.plan.learner, course=step.course)
    recording.take_back(actor=actor, learner=step.plan.learner, course=step.course)
    for attempt in attempts:
        _resume(actor, attempt)


@transaction.atomic
def withdraw(*, actor: Actor, step: PlanStep, on_date: date) -> None:
    """The learner gives the course up; it stays in the plan and can be taken up again."""
    _leave(actor, step, state=State.WITHDRAWN, on_date=on_date)


@transaction.atomic
def fail(*, actor: Actor, step: PlanStep, on_date: date) -> None:
    """The learner did not pass; the course stays in the plan and can be taken again."""
    _leave(actor, step, state=State.FAILED, on_date=on_date)
    attempting.record_evidence(
        actor=actor,
        learner=step.plan.learner,
        course=step.course,
        evidenced_on=on_date,
        kind=Evidence.Kind.FAILED_COURSE,
    )


def _leave(actor: Actor, step: PlanStep, *, state: str, on_date: date) -> None:
    step.plan.learner.check_own(actor)
    _lock(step)
    if step.completed_on:
        raise ConflictError(_("This step is finished already."))
    attempt = _attempt(actor, step, on_date=on_date)
    if attempt.state == state and attempt.ended_on == on_date:
        raise ConflictError(_("This is on record already."))
    attempting.end(attempt, actor=actor, state=state, on_date=on_date)


def _finish(actor: Actor, step: PlanStep, *, on_date: date, hours: int | None) -> None:
    mine = _mine(step)
    earlier = mine.filter(state=State.FINISHED).first()
    if earlier and not mine.going_on().exists():
        # Finished by another plan or reported by an HR system: the same attempt, not a second one.
        if hours and earlier.hours is None:
            attempting.end(earlier, actor=actor, state=State.FINISHED, on_date=earlier.ended_on, hours=hours)
        return
    attempt = _attempt(actor, step, on_date=on_date)
    attempting.end(attempt, actor=actor, state=State.FINISHED, on_date=on_date, hours=hours)


def _attempt(actor: Actor, step: PlanStep, *, on_date: date) -> Enrolment:
    """The attempt that is going on, or a new one since the planned day, or since the last one ended."""
    mine = _mine(step)
    attempt = mine.going_on().first()
    if attempt is None:
        ends = [one for one in mine.values_list("ended_on", flat=True) if one]
        started_on = min(max([step.starts_on, *ends]), on_date)
        # Two attempts that start on one day are one whose end is corrected.
        attempt = mine.filter(started_on=started_on).first() or Enrolment(
            learner=step.plan.learner, course=step.course, started_on=started_on, recorded_by=actor.label
        )
    attempt.step = step
    return attempt


def _resume(actor: Actor, attempt: Enrolment) -> None:
    others = Enrolment.objects.filter(learner_id=attempt.learner_id, course_id=attempt.course_id)
    if others.going_on().exists():
        attempting.drop(attempt, actor=actor)
    else:
        attempting.resume(attempt, actor=actor)


def _mine(step: PlanStep) -> EnrolmentQuerySet:
    """All attempts of the learner at the course of the step."""
    return Enrolment.objects.filter(learner=step.plan.learner, course=step.course)


def _mark(step: PlanStep, day: date | None, *, actor: Actor) -> None:
    """This step first: it may belong to a plan that is no longer the current one."""
    step.completed_on = day
    step.save(update_fields=["completed_on"])
    progressing.record(step, actor=actor, learner=step.plan.learner)


def _lock(step: PlanStep) -> None:
    """A second click waits here and then sees what the first one did."""
    step.completed_on = PlanStep.objects.select_for_update().get(pk=step.pk).completed_on
