"""From levels and a role to a verified, dated, explained plan; and the one place that saves plans."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor, Right
from groundwork.core.errors import DomainError, ForbiddenError
from groundwork.events import outbox
from groundwork.frameworks.models import Role
from groundwork.learners import recording
from groundwork.learners.models import Learner
from groundwork.plans import deadlines, snapshot, solutions, study_days, timetables
from groundwork.plans.models import Plan, PlanStep
from groundwork.plans.snapshot import Wishes
from groundwork.plans.study_days import EVERY_DAY, Dates, StudyDays
from groundwork.plans.timetables import Dated, Portions
from recommender import domain, explain, verify
from recommender.planning import what_if
from recommender.planning.calendar import StudyTime

logger = logging.getLogger(__name__)

SECONDS = 10.0
"""How long one person is planned for inside a request; real catalogues need a fraction of it."""


class PlanRefusedError(DomainError):
    """The checker refused what the planner made: a program error, never shown as a plan."""

    code = "plan-refused"
    status = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One course of a computed plan: hours, price in whole CNY, dates, portions, and the reasons as data."""

    course: str
    hours: int
    price: int
    starts_on: date
    ends_on: date
    first_week: int
    last_week: int
    portions: Portions
    reasons: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A computed and verified plan that nobody has saved yet; its steps in the order in which they begin."""

    problem: domain.Problem
    solution: domain.Solution
    steps: tuple[PlannedStep, ...]
    hours_per_week: int
    starts_on: date
    days: StudyDays = EVERY_DAY

    @property
    def dates(self) -> Dates:
        """What turned its hours into days, as `compute` and `deadlines` take it."""
        return {"starts_on": self.starts_on, "hours_per_week": self.hours_per_week, "days": self.days}

    @property
    def hours(self) -> int:
        """Total hours."""
        return sum(step.hours for step in self.steps)

    @property
    def price(self) -> int:
        """Total price in whole CNY."""
        return sum(step.price for step in self.steps)

    @property
    def hands_on_percent(self) -> int:
        """The share of practice in the hours, in whole per cent, rounded down."""
        taken = [step.course for step in self.steps]
        return what_if.figures(self.problem, taken).hands_on

    @property
    def ends_on(self) -> date | None:
        """The last day of study; None for an empty plan."""
        return max((step.ends_on for step in self.steps), default=None)

    @property
    def weeks(self) -> int:
        """Weeks from the first day to the last, days off among them; 0 for an empty plan."""
        return deadlines.weeks_to(self.ends_on, starts_on=self.starts_on) if self.ends_on else 0


def compute(
    problem: domain.Problem,
    *,
    hours_per_week: int,
    starts_on: date,
    days: StudyDays = EVERY_DAY,
    seconds: float = SECONDS,
) -> Planned:
    """Solve (or recall), verify, lay out on the study `days` and explain; no plan is saved.

    Raises InvalidError for hours per week out of range and PlanRefusedError when the independent
    checker refuses the planner's answer.
    """
    time = days.time(starts_on=starts_on, hours_per_week=hours_per_week)
    solution = solutions.solve(problem, seconds=seconds)
    courses = [step.course for step in solution.steps]
    if solution.cost is not None:
        _verify(problem, solution, courses)
    steps = _dated(problem, courses, time=time)
    if (begun := [step.course for step in steps]) != courses:
        # Courses beside each other may begin in another order: it is the one that is followed.
        _verify(problem, solution, begun)
    return Planned(
        problem=problem,
        solution=solution,
        steps=steps,
        hours_per_week=hours_per_week,
        starts_on=starts_on,
        days=days,
    )


def _verify(problem: domain.Problem, solution: domain.Solution, courses: list[str]) -> None:
    verdict = verify.verify(problem, courses, cost=solution.cost)
    if verdict.valid:
        return
    logger.error(
        "plan refused: role %s, catalogue %s: %s",
        problem.role.id,
        problem.catalogue.digest,
        "; ".join(verdict.errors),
    )
    raise PlanRefusedError(
        _("The plan did not pass our own check, so it is not shown. The problem has been logged.")
    )


def _dated(problem: domain.Problem, courses: list[str], *, time: StudyTime) -> tuple[PlannedStep, ...]:
    dates = timetables.of(problem, courses, time=time)
    return tuple(
        PlannedStep(
            course=dated.course,
            hours=problem.catalogue.by_id[dated.course].hours,
            price=problem.catalogue.by_id[dated.course].price,
            starts_on=dated.starts_on,
            ends_on=dated.ends_on,
            first_week=dated.first_week,
            last_week=dated.last_week,
            portions=dated.portions,
            reasons=reasons,
        )
        for dated, reasons in zip(dates, reasons_for(problem, dates), strict=True)
    )


def reasons_for(problem: domain.Problem, dates: list[Dated]) -> list[dict[str, Any]]:
    """Why each course stands in the plan, as data: what it gives depends on those before it."""
    found = explain.explain(problem, [dated.course for dated in dates])
    return [asdict(one) | {"estimate": snapshot.estimate_of(problem, one.course)} for one in found]


def make_plan(
    *,
    actor: Actor,
    learner: Learner,
    role: Role,
    starts_on: date,
    also: Role | None = None,
    wishes: Wishes | None = None,
    seconds: float = SECONDS,
    with_new_dates: bool = False,
) -> Plan:
    """Compute and save the plan of `learner` for `role`; the former plan for it is superseded.

    With `also` it is a plan for both roles, in whatever order, kept beside those for either.

    A new plan starts from where the person stands now, so what is finished is no longer part of it. When the
    problem is the same and was proven, the former plan is returned untouched, dates included, unless it
    is the dates that are wanted.
    """
    _may_plan(actor, learner)
    wishes = wishes or Wishes(languages=tuple(learner.languages))
    if also:
        role, also = sorted((role, also), key=lambda one: one.code)
    problem = pose(learner, role=role, also=also, wishes=wishes, on_date=starts_on)
    former = Plan.objects.filter(learner=learner).towards(role, also=also).current().first()
    same = former and _is_same(former, problem, learner=learner) and former.finish_by == wishes.finish_by
    if former and same and not with_new_dates:
        return former
    planned = compute(
        problem,
        hours_per_week=learner.hours_per_week,
        starts_on=starts_on,
        days=study_days.of(learner),
        seconds=seconds,
    )
    return save(planned, actor=actor, learner=learner, role=role, also=also, wishes=wishes)


def pose(learner: Learner, *, role: Role, also: Role | None, wishes: Wishes, on_date: date) -> domain.Problem:
    """The problem of bringing `learner` from the levels of a day to `role`, or to it and `also`, by code."""
    levels = learner.planning_levels(on_date=on_date)
    if also:
        return snapshot.take_both(levels=levels, roles=(role, also), wishes=wishes, learner=learner)
    return snapshot.take(levels=levels, role=role, wishes=wishes, learner=learner)


def _on_the_days_of(learner: Learner, *, planned: Planned) -> Planned:
    """The same plan, laid out anew where the days of study were changed while it was computed."""
    days = study_days.of(learner)
    if days == planned.days:
        return planned
    time = days.time(starts_on=planned.starts_on, hours_per_week=planned.hours_per_week)
    courses = [step.course for step in planned.steps]
    return replace(planned, steps=_dated(planned.problem, courses, time=time), days=days)


def _may_plan(actor: Actor, learner: Learner) -> None:
    employer = learner.organisation_id is not None and learner.organisation_id == actor.organisation_id
    if not learner.is_user(actor) and not (employer and actor.may(Right.WRITE_PLANS)):
        raise ForbiddenError(_("You may not make plans for this person."))


def _is_same(former: Plan, problem: domain.Problem, *, learner: Learner) -> bool:
    return (
        former.status == Plan.Status.OPTIMAL
        and former.catalogue_id == problem.catalogue.digest
        and snapshot.same(former.problem, snapshot.problem_document(problem))
        and former.hours_per_week == learner.hours_per_week
    )


@transaction.atomic
def save(
    planned: Planned,
    *,
    actor: Actor,
    learner: Learner,
    role: Role,
    also: Role | None = None,
    wishes: Wishes | None = None,
) -> Plan:
    """Store a computed plan as the current one of `learner` for `role`, or for it and `also` together.

    Of the `wishes` it was made with the problem does not tell what the person gave way on, and the last day.
    """
    wishes = wishes or Wishes()
    # Of two plans made at once the later one supersedes the other.
    planned = _on_the_days_of(recording.lock(learner), planned=planned)
    earlier = Plan.objects.filter(learner=learner).towards(role, also=also).current()
    earlier.update(superseded_at=timezone.now())
    solution = planned.solution
    plan = Plan.objects.create(
        learner=learner,
        role=role,
        also=also,
        catalogue=snapshot.store(planned.problem.catalogue),
        problem=snapshot.problem_document(planned.problem),
        given_way=snapshot.given_way([role, *([also] if also else [])], wishes),
        finish_by=wishes.finish_by,
        status=solution.status.value,
        cost=solution.cost,
        bound=solution.bound,
        hours=planned.hours,
        price=planned.price,
        hours_per_week=planned.hours_per_week,
        starts_on=planned.starts_on,
        ends_on=planned.ends_on,
        unreachable=list(solution.unreachable),
    )
    _store_steps(plan, planned)
    outbox.record(
        actor=actor,
        action="plan.made",
        subject=plan,
        organisation_id=learner.organisation_id,
        details={"role": planned.problem.role.id, "status": plan.status, "learner": str(learner.pk)},
    )
    return plan


def _store_steps(plan: Plan, planned: Planned) -> None:
    courses = dict(
        Course.objects.filter(slug__in=[step.course for step in planned.steps]).values_list("slug", "pk")
    )
    PlanStep.objects.bulk_create(
        PlanStep(
            plan=plan,
            position=position,
            course_id=courses[step.course],
            hours=step.hours,
            price=step.price,
            starts_on=step.starts_on,
            ends_on=step.ends_on,
            portions=step.portions,
            reasons=step.reasons,
        )
        for position, step in enumerate(planned.steps, start=1)
    )
