"""The study week of a person, in figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from groundwork.learners.models import Learner
from groundwork.plans.models import Plan, PlanStep

WEEK = timedelta(days=7)
IDLE = 4 * WEEK
"""Whoever made no plan and finished nothing for so long is left in peace."""


def summary(learner: Learner, *, monday: date) -> dict[str, Any] | None:
    """What was finished in the week before `monday` and what comes next; None for whoever is idle or done.

    A course that stands in two plans counts once. Only plans that are older than the week are told of.
    """
    plans = Plan.objects.filter(learner=learner, status__in=Plan.WITH_STEPS, created_at__date__lt=monday)
    steps = list(
        PlanStep.objects.filter(plan__in=plans.current())
        .select_related("course", "plan")
        .order_by("starts_on", "position")
    )
    done = {step.course_id: step for step in steps if _is_within(step.completed_on, since=monday - WEEK)}
    finished = {step.course_id for step in steps if step.completed_on}
    open_steps = {step.course_id: step for step in reversed(steps) if step.course_id not in finished}
    latest = max((step.completed_on or step.plan.created_at.date() for step in steps), default=date.min)
    if latest < monday - IDLE or not (done or open_steps):
        return None
    first = min(open_steps.values(), key=lambda step: (step.starts_on, step.position), default=None)
    return {
        "monday": monday.isoformat(),
        "done": len(done),
        "hours": sum(step.hours for step in done.values()),
        "late": sum(step.ends_on < monday for step in open_steps.values()),
        "next": first.course.slug if first else None,
    }


def _is_within(day: date | None, *, since: date) -> bool:
    return day is not None and since <= day < since + WEEK
