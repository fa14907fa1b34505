"""Logging hours, and days off: each change with its audit entry, each to be taken back.

Dates of the person's plans follow days off in the same transaction.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, InvalidError
from groundwork.events import outbox
from groundwork.learners import recording
from groundwork.learners.models import Learner
from groundwork.plans import attempting, redating
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.sessions import MINUTES, StudySession, TimeOff

MOST_DAYS_OFF = 366
"""Longest stretch of days off that is taken at its word."""


@transaction.atomic
def log(
    *,
    actor: Actor,
    learner: Learner,
    course: Course,
    on: date,
    minutes: int,
    on_date: date,
    note: str = "",
) -> StudySession:
    """Note that `learner` spent `minutes` on `course` on the day `on`; `on_date` is today.

    It belongs to the attempt that is going on, or to that of the day; without either the course begins with
    it. Raises ForbiddenError for anybody else, InvalidError for a day to come or more than a day has.
    """
    learner.check_own(actor)
    if on > on_date:
        raise InvalidError(_("Hours can be logged for today and for days before."))
    recording.lock(learner)
    day = StudySession.objects.filter(learner=learner, on=on).minutes()
    if not MINUTES[0] <= minutes <= MINUTES[1] - day:
        raise InvalidError(_("A day has 24 hours; with what is logged for it already that would be more."))
    session = StudySession.objects.create(
        learner=learner,
        course=course,
        enrolment=_attempt_of(learner, course, on=on, actor=actor),
        on=on,
        minutes=minutes,
        note=note.strip(),
    )
    _record(actor, session, action="study.logged")
    return session


@transaction.atomic
def take_back(*, actor: Actor, session: StudySession) -> None:
    """The session never was; an attempt that began with it goes on."""
    session.learner.check_own(actor)
    _record(actor, session, action="study.taken-back")
    session.delete()


@transaction.atomic
def take_off(*, actor: Actor, learner: Learner, first: date, last: date) -> TimeOff:
    """Nothing is studied from `first` to `last`. Raises InvalidError for days the wrong way round."""
    learner.check_own(actor)
    recording.lock(learner)
    if not 0 <= (last - first).days < MOST_DAYS_OFF:
        raise InvalidError(_("Days off end on the day they begin or later, and within a year."))
    days, made = TimeOff.objects.get_or_create(learner=learner, first=first, last=last)
    if not made:
        raise ConflictError(_("These days are off already."))
    _record(actor, days, action="time-off.taken")
    redating.follow(actor=actor, learner=learner)
    return days


@transaction.atomic
def work_after_all(*, actor: Actor, days: TimeOff) -> None:
    """The days are no longer off."""
    days.learner.check_own(actor)
    _record(actor, days, action="time-off.taken-back")
    days.delete()
    redating.follow(actor=actor, learner=days.learner)


def _attempt_of(learner: Learner, course: Course, *, on: date, actor: Actor) -> Enrolment:
    mine = Enrolment.objects.filter(learner=learner, course=course)
    of_the_day = Q(started_on__lte=on, ended_on__gte=on) | Q(state=Enrolment.State.FINISHED)
    found = mine.going_on().first() or mine.filter(of_the_day).first()
    return found or attempting.begin(actor=actor, learner=learner, course=course, started_on=on)


def _record(actor: Actor, row: StudySession | TimeOff, *, action: str) -> None:
    outbox.record(
        actor=actor, action=action, subject=row, organisation_id=row.learner.organisation_id, details={}
    )
