"""Writes attempts at courses, each with its audit entry; and what a finished one is evidence of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor, Right
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events import outbox
from groundwork.learners import recording
from groundwork.learners.models import Evidence, Learner
from groundwork.learners.recording import Observation
from groundwork.plans import progressing
from groundwork.plans.enrolments import HOURS, Enrolment
from groundwork.plans.models import PlanStep
from groundwork.plans.sessions import StudySession

State = Enrolment.State

SHOWS: Mapping[str | None, str] = {
    State.FINISHED: Evidence.Kind.COURSE,
    State.FAILED: Evidence.Kind.FAILED_COURSE,
}
"""What the end of an attempt is evidence of; giving up shows nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody says of an attempt. `ended_on` is None while it goes on; `hours` where nobody counted."""

    course: Course
    started_on: date
    state: str
    ended_on: date | None = None
    hours: int | None = None

    def check(self, *, on_date: date) -> None:
        """Raise InvalidError for days in the future or the wrong way round, and impossible hours."""
        if max(self.started_on, self.ended_on or self.started_on) > on_date:
            raise InvalidError(_("An attempt cannot lie in the future."))
        if (self.state == State.STARTED) != (self.ended_on is None):
            raise InvalidError(_("An attempt has an end if and only if it is not going on any more."))
        if self.ended_on and self.ended_on < self.started_on:
            raise InvalidError(_("An attempt cannot end before it starts."))
        check_hours(self.hours)


def check_hours(hours: int | None) -> None:
    """Raise InvalidError for hours nobody can have spent on one attempt."""
    lowest, highest = HOURS
    if hours is not None and not lowest <= hours <= highest:
        raise InvalidError(
            _("The hours of an attempt must be a whole number from %(lowest)d to %(highest)d.")
            % {"lowest": lowest, "highest": highest}
        )


@transaction.atomic
def report(*, actor: Actor, learner: Learner, reports: Sequence[Report], on_date: date) -> list[Enrolment]:
    """Bring the attempts on record to what is reported, all or none; the same report twice changes nothing.

    An attempt is named by its course and first day. A finished one is evidence of what the course teaches;
    one not passed is evidence against it; one that turns out otherwise takes it back. Raises InvalidError,
    ForbiddenError, and ConflictError where another attempt at the course is going on.
    """
    _may_write(actor, learner)
    for one in reports:
        one.check(on_date=on_date)
    Learner.objects.select_for_update().filter(pk=learner.pk).first()
    return [_bring(learner, one, actor=actor) for one in reports]


def _bring(learner: Learner, wanted: Report, *, actor: Actor) -> Enrolment:
    mine = Enrolment.objects.filter(learner=learner, course=wanted.course)
    attempt = mine.filter(started_on=wanted.started_on).first()
    before = attempt.state if attempt else None
    if attempt and (attempt.state, attempt.ended_on, attempt.hours) == (
        wanted.state,
        wanted.ended_on,
        wanted.hours,
    ):
        return attempt
    attempt = attempt or Enrolment(
        learner=learner, course=wanted.course, started_on=wanted.started_on, recorded_by=actor.label
    )
    if wanted.state == State.STARTED and mine.going_on().exclude(pk=attempt.pk).exists():
        raise ConflictError(_("Another attempt at this course is going on."), course=wanted.course.slug)
    attempt.state, attempt.ended_on, attempt.hours = wanted.state, wanted.ended_on, wanted.hours
    _save(attempt, actor=actor)
    _show(wanted, before=before, learner=learner, actor=actor)
    return attempt


def _show(wanted: Report, *, before: str | None, learner: Learner, actor: Actor) -> None:
    """The evidence that follows from a changed state, and the end of that of the state `before`."""
    if before == wanted.state:
        return
    if wanted.state == State.FINISHED and wanted.ended_on:
        progressing.finish(actor=actor, learner=learner, course=wanted.course, on_date=wanted.ended_on)
    if wanted.ended_on and wanted.state in SHOWS:
        record_evidence(
            actor=actor,
            learner=learner,
            course=wanted.course,
            evidenced_on=wanted.ended_on,
            kind=SHOWS[wanted.state],
        )
    others = Enrolment.objects.filter(learner=learner, course=wanted.course, state=before)
    if before in SHOWS and not others.exists():
        if before == State.FINISHED:
            progressing.reopen(actor=actor, learner=learner, course=wanted.course)
        recording.take_back(actor=actor, learner=learner, course=wanted.course, kind=SHOWS[before])


def begin(
    *, actor: Actor, learner: Learner, course: Course, started_on: date, step: PlanStep | None = None
) -> Enrolment:
    """An attempt that goes on since `started_on`; nobody starts a course twice on a day."""
    mine = Enrolment.objects.filter(learner=learner, course=course)
    attempt = mine.filter(started_on=started_on).first() or Enrolment(
        learner=learner, course=course, started_on=started_on, recorded_by=actor.label
    )
    attempt.step = step or attempt.step
    resume(attempt, actor=actor)
    return attempt


def end(
    attempt: Enrolment, *, actor: Actor, state: str, on_date: date | None, hours: int | None = None
) -> None:
    """The attempt ends on `on_date`, or on its first day where that is later."""
    attempt.state = state
    attempt.ended_on = max(on_date or attempt.started_on, attempt.started_on)
    attempt.hours = hours or attempt.hours or _logged(attempt)
    _save(attempt, actor=actor)


def _logged(attempt: Enrolment) -> int | None:
    """The hours of its study sessions, rounded, at least one; None where nobody logged any."""
    minutes = StudySession.objects.filter(enrolment=attempt).minutes()
    return max(1, round(minutes / 60)) if minutes else None


def resume(attempt: Enrolment, *, actor: Actor) -> None:
    """The attempt has not ended after all."""
    attempt.state, attempt.ended_on, attempt.hours = State.STARTED, None, None
    _save(attempt, actor=actor)


def drop(attempt: Enrolment, *, actor: Actor) -> None:
    """The attempt never was: it is part of another one that is going on."""
    _record(attempt, actor=actor, action="enrolment.dropped")
    attempt.delete()


def record_evidence(
    *,
    actor: Actor,
    learner: Learner,
    course: Course,
    evidenced_on: date,
    kind: str = Evidence.Kind.COURSE,
) -> None:
    """What a finished course teaches is evidence of that day; not passed, at most the level below is."""
    missed = 1 if kind == Evidence.Kind.FAILED_COURSE else 0
    observations = [
        Observation(
            skill=outcome.skill.slug,
            level=outcome.level - missed,
            kind=kind,
            evidenced_on=evidenced_on,
            words=course.title_en,
            course=course,
        )
        for outcome in course.outcomes.select_related("skill")
    ]
    if observations:
        recording.record_evidence(actor=actor, learner=learner, observations=observations)


def _save(attempt: Enrolment, *, actor: Actor) -> None:
    attempt.save()
    _record(attempt, actor=actor, action="enrolment.recorded")


def _record(attempt: Enrolment, *, actor: Actor, action: str) -> None:
    outbox.record(
        actor=actor,
        action=action,
        subject=attempt,
        organisation_id=attempt.learner.organisation_id,
        details={"course": attempt.course.slug, "state": attempt.state, "learner": str(attempt.learner_id)},
    )


def _may_write(actor: Actor, learner: Learner) -> None:
    own = actor.user_id is not None and actor.user_id == learner.user_id
    employer = learner.organisation_id is not None and learner.organisation_id == actor.organisation_id
    if not own and not (employer and actor.may(Right.WRITE_PEOPLE)):
        raise ForbiddenError(_("You may not change what is known about this person."))
