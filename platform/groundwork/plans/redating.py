"""Dates of kept plans follow the days on which a person studies, in the transaction that changes those.

They are stored and not derived on reading, so that every page, list, feed and answer tells the same ones
without the engine. Which courses are taken, and what is finished, stays as it is; so do the hours a week,
which decide what fits before a last day and therefore wait for a plan made anew.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.learners import recording
from groundwork.learners.models import Learner
from groundwork.plans import planning, snapshot, study_days, timetables
from groundwork.plans.models import Plan, PlanStep
from groundwork.plans.study_days import StudyDays
from groundwork.plans.timetables import Dated

ASIDE = 10_000
"""Added to positions while steps change places: no two of a plan may stand at the same."""


@transaction.atomic
def choose(*, actor: Actor, learner: Learner, courses_at_once: int, country: str) -> list[Plan]:
    """Set courses at once and whose public holidays are days off ("": nobody's); the plans that moved.

    Raises ForbiddenError for anybody else, and InvalidError for values out of range.
    """
    if (courses_at_once, country) == (learner.courses_at_once, learner.public_holidays):
        learner.check_own(actor)
        return []
    recording.change_study_days(
        actor=actor, learner=learner, courses_at_once=courses_at_once, country=country
    )
    return follow(actor=actor, learner=learner)


@transaction.atomic
def follow(*, actor: Actor, learner: Learner) -> list[Plan]:
    """Bring the current plans of `learner` onto the days of study as they are now; those that moved."""
    days = study_days.of(recording.lock(learner))
    plans = Plan.objects.filter(learner=learner).current().select_related("catalogue", "role")
    return [plan for plan in plans.prefetch_related("steps__course") if _moved(plan, days, actor=actor)]


def _moved(plan: Plan, days: StudyDays, *, actor: Actor) -> bool:
    """Whether any date or portion of a plan changed; finished steps keep theirs."""
    steps = {step.course.slug: step for step in plan.steps.all()}
    if not steps:
        return False
    time = days.time(starts_on=plan.starts_on, hours_per_week=plan.hours_per_week)
    problem = snapshot.stored_problem(plan)
    found = timetables.of(problem, steps, time=time)
    former = plan.ends_on
    changed = [steps[one.course] for one in found if _put(steps[one.course], one)]
    if [one.course for one in found] != list(steps):
        _put_in_order(plan, steps, found, reasons=planning.reasons_for(problem, found))
        changed = list(steps.values())
    if not changed:
        return False
    PlanStep.objects.bulk_update(changed, ["position", "starts_on", "ends_on", "portions", "reasons"])
    plan.ends_on = max(step.ends_on for step in steps.values())
    plan.redated_at = timezone.now()
    plan.save(update_fields=["ends_on", "redated_at"])
    _record(plan, former=former, actor=actor)
    return True


def _put(step: PlanStep, dated: Dated) -> bool:
    """Give a step its dates, unless it is finished; whether that changed anything."""
    portions = [list(one) for one in dated.portions]
    if step.completed_on or (step.starts_on, step.ends_on, step.portions) == (
        *(dated.starts_on, dated.ends_on),
        portions,
    ):
        return False
    step.starts_on, step.ends_on, step.portions = dated.starts_on, dated.ends_on, portions
    return True


def _put_in_order(
    plan: Plan, steps: dict[str, PlanStep], found: list[Dated], *, reasons: list[dict[str, Any]]
) -> None:
    """Give the steps their places in the new order, and the reasons that depend on what stands before."""
    plan.steps.update(position=F("position") + ASIDE)
    for position, (one, why) in enumerate(zip(found, reasons, strict=True), start=1):
        step = steps[one.course]
        step.position, step.reasons = position, why | {"estimate": step.reasons.get("estimate")}


def _record(plan: Plan, *, former: date | None, actor: Actor) -> None:
    outbox.record(
        actor=actor,
        action="plan.redated",
        subject=plan,
        organisation_id=plan.learner.organisation_id,
        details={
            "role": plan.role.slug,
            "from": former.isoformat() if former else None,
            "to": plan.ends_on.isoformat() if plan.ends_on else None,
        },
    )
