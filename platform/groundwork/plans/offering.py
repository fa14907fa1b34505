"""An offer to plan anew where plan and reality differ, with what would change; it changes nothing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from groundwork.catalogue.models import Course
from groundwork.plans import planning, renewing, snapshot, study_days
from groundwork.plans.models import Plan, PlanStep
from groundwork.plans.planning import Planned
from groundwork.plans.weeks import MINUTES, Pace

SECONDS = 1.0
"""How long a page waits for an offer; what is proven is kept and recalled."""


class Cause(StrEnum):
    """Why a plan is offered anew."""

    BEHIND = "behind"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    CATALOGUE = "catalogue"
    SKILLS = "skills"
    HOURS = "hours"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is left of the plan against the plan made anew, with the courses (slugs) that come and go.

    `digest` names the offer; `drops_deadline` where no plan keeps the last day any more.
    """

    causes: tuple[Cause, ...]
    planned: Planned
    hours: int
    price: int
    coming: tuple[str, ...]
    going: tuple[str, ...]
    drops_deadline: bool
    digest: str


def of(plan: Plan, *, pace: Pace, left: Iterable[int], has_moved_on: bool, on_date: date) -> Offer | None:
    """The offer for a current plan read `with_steps()`; None where the plan still fits, or it was dismissed.

    `left` are the keys of courses whose last attempt was given up or not passed.
    """
    still = [step for step in plan.steps.all() if not step.completed_on]
    causes = _causes(plan, still, pace=pace, left=set(left), has_moved_on=has_moved_on)
    if not causes or not still:
        return None
    planned, drops_deadline = _planned(plan, on_date=on_date)
    if planned.solution.cost is None:
        return None
    taken, former = [step.course for step in planned.steps], [step.course.slug for step in still]
    coming = tuple(one for one in taken if one not in former)
    going = tuple(one for one in former if one not in taken)
    hours = planned.hours - sum(step.hours for step in still)
    price = planned.price - sum(step.price for step in still)
    if (
        causes == (Cause.CATALOGUE,)
        and snapshot.OBJECTIVE.hour * hours + snapshot.OBJECTIVE.price * price >= 0
    ):
        # Other courses are no reason to leave those one has, unless they take less.
        return None
    moves_dates = bool({Cause.BEHIND, Cause.HOURS, Cause.LATE} & set(causes))
    digest = _digest(plan, causes, taken, pace=pace)
    if digest == plan.dismissed_offer or not (coming or going or moves_dates):
        return None
    return Offer(
        causes=causes,
        planned=planned,
        hours=hours,
        price=price,
        coming=coming,
        going=going,
        drops_deadline=drops_deadline,
        digest=digest,
    )


def _causes(
    plan: Plan, still: list[PlanStep], *, pace: Pace, left: set[int], has_moved_on: bool
) -> tuple[Cause, ...]:
    courses = {step.course_id for step in still}
    on_offer = Course.objects.plannable().filter(pk__in=courses).count()
    found = {
        Cause.BEHIND: pace.behind > MINUTES * plan.hours_per_week,
        Cause.LEFT: bool(courses & left),
        Cause.WITHDRAWN: on_offer < len(courses),
        Cause.CATALOGUE: plan.catalogue_id != snapshot.offered(plan.learner).digest,
        Cause.SKILLS: has_moved_on,
        Cause.HOURS: plan.hours_per_week != plan.learner.hours_per_week,
        Cause.LATE: plan.ends_late,
    }
    return tuple(cause for cause, holds in found.items() if holds)


def _planned(plan: Plan, *, on_date: date) -> tuple[Planned, bool]:
    """The plan made anew; without its last day where that can no longer be kept."""
    role, also = renewing.roles_of(plan)
    wishes = renewing.wishes_of(plan, on_date=on_date)
    hours_per_week, days = plan.learner.hours_per_week, study_days.of(plan.learner)

    def computed(limit: int | None) -> Planned:
        problem = planning.pose(
            plan.learner, role=role, also=also, wishes=replace(wishes, max_hours=limit), on_date=on_date
        )
        return planning.compute(
            problem, hours_per_week=hours_per_week, starts_on=on_date, days=days, seconds=SECONDS
        )

    found = computed(wishes.max_hours)
    if found.solution.cost is None and wishes.max_hours is not None:
        return computed(None), True
    return found, False


def _digest(plan: Plan, causes: tuple[Cause, ...], taken: list[str], *, pace: Pace) -> str:
    """Of the causes, the weeks behind and the courses: the same offer is the same on another day."""
    behind = pace.behind // (MINUTES * plan.hours_per_week)
    text = "|".join([*causes, str(behind), str(plan.learner.hours_per_week), *taken])
    return hashlib.sha256(text.encode()).hexdigest()
