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
from groundwork.plans import kept_wishes, planning
from groundwork.plans.models import Plan


def renew(*, actor: Actor, plan: Plan, on_date: date, take: str = "") -> Plan:
    """The plan made anew from present skills, with the wishes it had; `take` insists on one more course.

    Raises ConflictError for a plan that another has replaced.
    """
    plan.learner.check_own(actor)
    if plan.superseded_at:
        raise ConflictError(_("A later plan has taken the place of this one."))
    wishes = kept_wishes.of(plan, on_date=on_date, hours_per_week=plan.learner.hours_per_week)
    if take:
        wishes = replace(wishes, include=wishes.include | {take}, exclude=wishes.exclude - {take})
    role, also = roles_of(plan)
    return planning.make_plan(
        actor=actor, learner=plan.learner, role=role, also=also, starts_on=on_date, wishes=wishes
    )


@transaction.atomic
def bring_back(*, actor: Actor, plan: Plan) -> None:
    """The plan is the current one again; the one that replaced it is kept as a former one.

    Raises ConflictError where it is the current one already.
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
    outbox.record(
        actor=actor,
        action="plan.brought-back",
        subject=plan,
        organisation_id=plan.learner.organisation_id,
        details={"role": plan.role.slug},
    )


def roles_of(plan: Plan) -> tuple[Role, Role | None]:
    """The role, or both, with all that planning reads."""
    found = {
        role.pk: role for role in Role.objects.with_requirements().filter(pk__in=[plan.role_id, plan.also_id])
    }
    return found[plan.role_id], found[plan.also_id] if plan.also_id else None
