"""Look once a day, in each person's morning, for dates that come near: nobody does anything on those days."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from groundwork.accounts.models import User
from groundwork.credentials.models import Award
from groundwork.learners import lapsing
from groundwork.learners.models import Learner
from groundwork.notifications import following, noticing, people, week
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import DeliverySettings, Notification
from groundwork.plans.models import Assignment, Plan

logger = logging.getLogger(__name__)

MORNING = 5
"""The hour, by the person's clock, from which on their day is looked through."""
REMIND = (3, 14)
"""Days before a due date on which a person is reminded; the nearest first."""
LOOK_BACK = timedelta(days=30)
"""A due date that passed longer ago is no news."""
LAPSE_WITHIN = timedelta(days=30)
SAME_LAPSE = timedelta(days=90)
"""A lapse that was told of this long ago and has moved since is still the same one."""
EXPIRE_WITHIN = timedelta(days=30)
FURTHEST_EAST = timedelta(hours=14)


def look(*, now: datetime, has_time: Callable[[], bool] = lambda: True) -> int:
    """Look at everybody whose day has begun and was not looked at; returns how many. What fails is logged,
    and tried again at the next look. Ends when `has_time` says so."""
    latest = (now + FURTHEST_EAST).date()
    waiting = User.objects.filter(is_active=True, learner__isnull=False).exclude(
        delivery_settings__looked_on__gte=latest
    )
    looked = 0
    for user in waiting.select_related("delivery_settings", "learner").iterator(chunk_size=500):
        if not has_time():
            break
        local = now.astimezone(people.zone_of(user))
        if local.hour >= MORNING:
            looked += _look_at(user, today=local.date(), now=now)
    return looked


def _look_at(user: User, *, today: date, now: datetime) -> bool:
    try:
        with transaction.atomic():
            if not _claim(user.pk, today=today):
                return False
            learner = user.learner
            _due_dates(user, learner, today=today, now=now)
            _lapses(user, learner, today=today, now=now)
            _credentials(user, learner, now=now)
            _week(user, learner, today=today, now=now)
    except Exception:  # one person's data must not keep the others from their reminders
        logger.exception("the dates of user %s could not be looked through", user.pk)
        return False
    return True


def _claim(user_id: UUID, *, today: date) -> bool:
    """Whether the day is ours to look at; of two workers one gets it."""
    own, _created = DeliverySettings.objects.get_or_create(user_id=user_id)
    fresh = DeliverySettings.objects.filter(Q(looked_on=None) | Q(looked_on__lt=today), pk=own.pk)
    return bool(fresh.update(looked_on=today))


def _due_dates(user: User, learner: Learner, *, today: date, now: datetime) -> None:
    near = (
        Assignment.objects.current()
        .filter(
            learner=learner, due_on__lte=today + timedelta(days=max(REMIND)), due_on__gte=today - LOOK_BACK
        )
        .select_related("role")
    )
    for assignment in near:
        stage = _stage(assignment, today=today)
        if stage is None or _is_finished(assignment):
            continue
        noticing.tell(
            [user],
            kind=Kind.OVERDUE if stage == "past" else Kind.DUE_SOON,
            subject=f"assignment:{assignment.pk}",
            period=stage,
            data={"role": assignment.role.slug, "due_on": assignment.due_on.isoformat()},
            now=now,
        )


def _stage(assignment: Assignment, *, today: date) -> str | None:
    """Days before the due date, or "past"; None for a reminder that was late when it was assigned."""
    left = (assignment.due_on - today).days
    if left < 0:
        return "past"
    stage = next(days for days in REMIND if left <= days)
    had = (assignment.due_on - assignment.created_at.date()).days
    return str(stage) if had > stage else None


def _is_finished(assignment: Assignment) -> bool:
    plans = Plan.objects.current().towards(assignment.role).filter(learner=assignment.learner_id)
    plan = plans.prefetch_related("steps").first()
    return plan is not None and plan.progress_percent == 100


def _lapses(user: User, learner: Learner, *, today: date, now: datetime) -> None:
    coming = [
        one
        for one in lapsing.of_learner(learner, on_date=today)
        if not one.is_past and one.on <= today + LAPSE_WITHIN
    ]
    if not coming:
        return
    lately = Notification.objects.filter(user=user, kind=Kind.LAPSING, created_at__gt=now - SAME_LAPSE)
    told = set(lately.values_list("subject", flat=True))
    for lapse in coming:
        subject = f"skill:{lapse.skill.slug}"
        if subject in told:
            continue
        noticing.tell(
            [user],
            kind=Kind.LAPSING,
            subject=subject,
            period=lapse.on.isoformat(),
            data={
                "skill": lapse.skill.slug,
                "on": lapse.on.isoformat(),
                "level": lapse.level,
                "to_level": lapse.to_level,
            },
            now=now,
        )


def _credentials(user: User, learner: Learner, *, now: datetime) -> None:
    ending = Award.objects.filter(
        learner=learner, revoked_at=None, valid_until__gt=now, valid_until__lte=now + EXPIRE_WITHIN
    )
    for award in ending.with_achievements():
        noticing.tell(
            [user],
            kind=Kind.CREDENTIAL_EXPIRING,
            subject=f"award:{award.pk}",
            data=following.of_award(award),
            now=now,
        )


def _week(user: User, learner: Learner, *, today: date, now: datetime) -> None:
    monday = today - timedelta(days=today.weekday())
    told = Notification.objects.filter(user=user, kind=Kind.WEEK, period=monday.isoformat())
    if told.exists():
        return
    found = week.summary(learner, monday=monday)
    if found:
        noticing.tell([user], kind=Kind.WEEK, subject="week", period=monday.isoformat(), data=found, now=now)
