"""A kept plan made anew with the wishes it had; the former one stays and can be brought back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError
from groundwork.events import outbox
from groundwork.frameworks.models import Role
from groundwork.learners.models import Learner
from groundwork.plans import kept_wishes, planning, redating, study_days
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import Plan
from groundwork.plans.refusals import CourseRefusal
from groundwork.plans.snapshot import Wishes


def renew(
    *,
    actor: Actor,
    plan: Plan,
    on_date: date,
    take: str = "",
    allow: str = "",
    drops_deadline: bool = False,
) -> Plan:
    """The plan made anew from present skills and from today, with the wishes it had.

    `take` insists on one more course, `allow` lets one in again that was left out. Read the plan
    `with_steps()` first. Raises ConflictError for a plan that another has replaced.
    """
    plan.learner.check_own(actor)
    if plan.superseded_at:
        raise ConflictError(_("A later plan has taken the place of this one."))
    wishes = wishes_of(plan, on_date=on_date)
    back_in = {take, allow}
    wishes = replace(
        wishes,
        include=wishes.include | ({take} if take else set()),
        exclude=wishes.exclude - back_in,
        max_hours=None if drops_deadline else wishes.max_hours,
        finish_by=None if drops_deadline else wishes.finish_by,
    )
    role, also = roles_of(plan)
    return planning.make_plan(
        actor=actor,
        learner=plan.learner,
        role=role,
        also=also,
        starts_on=on_date,
        wishes=wishes,
        with_new_dates=True,
    )


def wishes_of(plan: Plan, *, on_date: date) -> Wishes:
    """Those the plan was made with, and the courses that are not for this person."""
    wishes = kept_wishes.of(
        plan,
        on_date=on_date,
        hours_per_week=plan.learner.hours_per_week,
        days=study_days.of(plan.learner),
    )
    refused = CourseRefusal.objects.filter(learner=plan.learner).excluded()
    return replace(wishes, exclude=wishes.exclude | refused, include=wishes.include - refused)


@transaction.atomic
def bring_back(*, actor: Actor, plan: Plan) -> None:
    """The plan is the current one again; the one that replaced it is kept as a former one.

    Courses finished meanwhile are finished in it, and days off taken meanwhile count. Raises ConflictError
    where it is the current one already.
    """
    plan.learner.check_own(actor)
    Learner.objects.select_for_update().filter(pk=plan.learner_id).first()
    plan.refresh_from_db(fields=["superseded_at"])
    if not plan.superseded_at:
        raise ConflictError(_("This is your current plan already."))
    others = Plan.objects.filter(learner=plan.learner).towards(plan.role, also=plan.also).current()
    others.update(superseded_at=timezone.now())
    plan.superseded_at = None
    plan.save(update_fields=["superseded_at"])
    _catch_up(plan)
    outbox.record(
        actor=actor,
        action="plan.brought-back",
        subject=plan,
        organisation_id=plan.learner.organisation_id,
        details={"role": plan.role.slug},
    )
    redating.follow(actor=actor, learner=plan.learner)


def _catch_up(plan: Plan) -> None:
    ended = Enrolment.objects.filter(
        learner=plan.learner, state=Enrolment.State.FINISHED, ended_on__gte=plan.starts_on
    )
    days = dict(ended.values_list("course", "ended_on"))
    for step in plan.steps.filter(completed_on=None, course__in=days):
        step.completed_on = days[step.course_id]
        step.save(update_fields=["completed_on"])


@transaction.atomic
def dismiss(*, actor: Actor, plan: Plan, offer: str) -> None:
    """Do not make this offer again; one that rests on something else will be made."""
    plan.learner.check_own(actor)
    plan.dismissed_offer = offer
    plan.save(update_fields=["dismissed_offer"])
    outbox.record(
        actor=actor,
        action="plan.offer-dismissed",
        subject=plan,
        organisation_id=plan.learner.organisation_id,
        details={"role": plan.role.slug},
    )


def roles_of(plan: Plan) -> tuple[Role, Role | None]:
    """The role, or both, with all that planning reads."""
    keys = [key for key in (plan.role_id, plan.also_id) if key]
    found = {role.pk: role for role in Role.objects.with_requirements().filter(pk__in=keys)}
    return found[plan.role_id], found[plan.also_id] if plan.also_id else None
