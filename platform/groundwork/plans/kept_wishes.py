"""The wishes a kept plan was made with, read back from its problem, for a plan that takes its place."""

from __future__ import annotations

from datetime import date

from groundwork.plans import deadlines
from groundwork.plans.models import Plan
from groundwork.plans.snapshot import Wishes
from groundwork.plans.study_days import StudyDays


def of(plan: Plan, *, on_date: date, hours_per_week: int, days: StudyDays) -> Wishes:
    """The same limits and preferences for a plan from `on_date` on; read the plan `with_steps()` first.

    `hours_per_week` and `days` are the person's of today. A last day stays the same day. Courses insisted on
    that are finished meanwhile are not asked for again.
    """
    limits = plan.problem.get("constraints", {})
    finished = {step.course.slug for step in plan.steps.all() if step.completed_on}
    prefer = plan.problem.get("objective", {}).get("prefer", {})
    weights = {one["name"]: one["weight"] for one in prefer.get("merits", [])}
    requires = plan.problem["role"]["requires"]
    last = _last_day(plan)
    return Wishes(
        languages=tuple(limits.get("languages", ())),
        max_price=limits.get("max_price"),
        max_hours=deadlines.hours_until(last, starts_on=on_date, hours_per_week=hours_per_week, days=days)
        if last
        else None,
        finish_by=last,
        exclude=frozenset(limits.get("exclude", ())),
        include=frozenset(limits.get("include", ())) - finished,
        min_hands_on=limits.get("min_hands_on", 0),
        lowered=tuple(sorted((skill, requires.get(skill, 0)) for skill in plan.given_way)),
        with_optional=_has_optional(plan),
        strategic=weights.get("strategic", 0),
        demanded=weights.get("demanded", 0),
        ties_only=bool(weights) and not prefer.get("price"),
    )


def _last_day(plan: Plan) -> date | None:
    """The wished one. Plans that were kept before it was stored had no days off, so their hours tell it."""
    most = plan.problem.get("constraints", {}).get("max_hours")
    if plan.finish_by or most is None:
        return plan.finish_by
    return deadlines.last_day(most, starts_on=plan.starts_on, hours_per_week=plan.hours_per_week)


def _has_optional(plan: Plan) -> bool:
    roles = [plan.role, plan.also] if plan.also else [plan.role]
    optional = {row.skill.slug for role in roles for row in role.requirements.all() if not row.essential}
    essential = {row.skill.slug for role in roles for row in role.requirements.all() if row.essential}
    return bool((optional - essential) & plan.problem["role"]["requires"].keys())
