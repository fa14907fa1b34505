"""What to do next in each plan: the course that is going on, or else the first that is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from groundwork.learners.models import Learner
from groundwork.plans import weeks
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import Plan, PlanStep
from groundwork.plans.sessions import StudySession


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """A person's attempts that are going on and the minutes logged for them, by the key of the course."""

    going_on: Mapping[int, Enrolment]
    minutes: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The step to take, whether it is going on, the minutes it has left, and titles of courses it opens."""

    plan: Plan
    step: PlanStep
    is_going_on: bool
    minutes_left: int
    opens: list[str]

    @property
    def hours_left(self) -> int:
        """Whole hours, rounded up."""
        return -(-self.minutes_left // 60)


def studied(learner: Learner) -> Studied:
    """In two queries."""
    going_on = {row.course_id: row for row in Enrolment.objects.filter(learner=learner).going_on()}
    sessions = StudySession.objects.filter(enrolment__in=[row.pk for row in going_on.values()])
    return Studied(going_on=going_on, minutes=sessions.minutes_by_course())


def of(plan: Plan, *, studied: Studied) -> NextStep | None:
    """The next step of a plan read `with_steps()`; None where all are finished, or there are none."""
    steps = list(plan.steps.all())
    still = [step for step in steps if not step.completed_on]
    if not still:
        return None
    step = next((one for one in still if one.course_id in studied.going_on), still[0])
    titles = {one.course.slug: one.course.title for one in still}
    named = [one["course"] for one in step.reasons.get("opens", [])]
    return NextStep(
        plan=plan,
        step=step,
        is_going_on=step.course_id in studied.going_on,
        minutes_left=weeks.left(step, logged=studied.minutes),
        opens=[titles[slug] for slug in named if slug in titles],
    )


def of_all(plans: Iterable[Plan], *, studied: Studied) -> list[NextStep]:
    """One of each plan that has one: first what is going on, then in the order of the plans."""
    found = [one for plan in plans if (one := of(plan, studied=studied))]
    return sorted(found, key=lambda one: not one.is_going_on)
