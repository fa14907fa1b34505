"""Turns plans, gaps and reasons into what templates show: names, not ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from groundwork.catalogue.models import Course, Outcome
from groundwork.frameworks.models import Role, RoleRequirement, Skill
from groundwork.plans import deadlines, snapshot
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import Assignment, Plan, PlanStep
from groundwork.plans.planning import Planned, PlannedStep
from groundwork.plans.proofs import Proof
from groundwork.plans.ranking import RankedRole
from groundwork.web import estimates, naming, wording


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step as a page shows it. `closes` are (skill, from, to); `opens` titles of later steps.

    `expected` says how expected hours differ from declared ones, `hours_basis` what they rest on; `left` is
    the last attempt where it was given up or not passed, `going` where it is going on; `proofs` what is
    shown for a finished one; `beside` numbers of steps at the same time.
    """

    number: int
    id: int | None
    course: Course
    hours: int
    price: int
    starts_on: date
    ends_on: date
    weeks: tuple[int, int]
    completed_on: date | None
    closes: list[tuple[Skill, int | None, int]]
    gains: list[tuple[Skill, int | None, int]]
    opens: list[str]
    on_every_route: bool
    alternatives: list[Course]
    source: str
    expected: str
    hours_basis: list[str]
    left: Enrolment | None
    going: Enrolment | None
    proofs: Sequence[Proof]
    beside: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathView:
    """A whole path; price in CNY, shares in whole per cent; `unreachable` are (skill, level, needed)."""

    status: str
    hours: int
    price: int
    weeks: int
    hours_per_week: int
    ends_on: date | None
    steps: list[StepView]
    unreachable: list[tuple[Skill, int, int]]
    gap_percent: int | None
    cost: int | None
    bound: int | None
    digest: str
    hands_on_percent: int
    estimated_percent: int
    has_estimated_prices: bool

    @property
    def surcharge(self) -> int:
        """What preferences add to the effort, in the same units; 0 without a plan."""
        return 0 if self.cost is None else self.cost - 100 * self.hours - self.price


def ranked_row(ranked: RankedRole, *, top: int) -> dict[str, Any]:
    """One line of the list of roles."""
    essential = [gap for gap in ranked.gaps if gap.essential]
    return {
        "role": ranked.role,
        "distance": ranked.distance,
        "at_least": ranked.at_least,
        "coverage": ranked.coverage,
        "shared": ranked.shared,
        "gap_count": len(essential),
        "gaps": essential[:top],
        "has_route": ranked.distance is None or ranked.distance.has_route,
    }


def requirement_parts(role: Role, *, levels: Mapping[str, int]) -> list[dict[str, Any]]:
    """The requirements in their parts: AI, domain, general; the longest gaps of each first."""
    rows = [_requirement(row, have=levels.get(row.skill.slug, 0)) for row in role.requirements.all()]
    return [
        {"part": label, "rows": part}
        for value, label in RoleRequirement.Part.choices
        if (part := [row for row in rows if row["requirement"].part == value])
    ]


def _requirement(row: RoleRequirement, *, have: int) -> dict[str, Any]:
    return {
        "requirement": row,
        "skill": row.skill,
        "have": have,
        "need": row.level,
        "have_name": wording.level_name(have),
        "need_name": wording.level_name(row.level),
        "met": have >= row.level,
        "pips": pips(have=have, need=row.level),
    }


def pips(*, have: int, need: int) -> list[str]:
    """Five marks: reached, still needed, or neither."""
    return ["have" if n <= have else "need" if n <= need else "" for n in range(1, 6)]


def planned_view(planned: Planned) -> PathView:
    """A computed path that nobody has saved."""
    titles = _courses(planned.steps, [step.course for step in planned.steps])
    skills = _skills(planned.steps)
    steps = [
        _step(
            number,
            step,
            course=titles[step.course],
            titles=titles,
            skills=skills,
            weeks=(step.first_week, step.last_week),
            version=snapshot.version_of(planned.problem),
        )
        for number, step in enumerate(planned.steps, start=1)
    ]
    solution, problem = planned.solution, planned.problem
    return _path(
        steps,
        status=solution.status.value,
        cost=solution.cost,
        bound=solution.bound,
        unreachable=_unreachable(
            solution.unreachable, held=problem.profile.levels, role=problem.role.requires
        ),
        starts_on=planned.starts_on,
        hours_per_week=planned.hours_per_week,
        digest=problem.catalogue.digest,
    )


def given_way(plan: Plan) -> list[str]:
    """What a plan leaves open although its role requires it, in words; no query where that is nothing."""
    names = naming.names(courses=(), skills=plan.given_way)
    reached = plan.problem["role"]["requires"]
    return [
        _("%(skill)s: level %(level)d of the %(asked)d required")
        % {"skill": names.skill(skill), "level": reached.get(skill, 0), "asked": asked}
        for skill, asked in sorted(plan.given_way.items())
    ]


def plan_view(
    plan: Plan,
    *,
    attempts: Mapping[int, Enrolment] | None = None,
    proofs: Mapping[int, Sequence[Proof]] | None = None,
) -> PathView:
    """A saved plan; read `with_steps()` first.

    `attempts` are the person's last ones, `proofs` what is shown for finished ones, by key of the course.
    """
    rows = list(plan.steps.all())
    titles = _courses(rows, [row.course.slug for row in rows])
    skills = _skills(rows)
    steps = [
        _step(
            row.position,
            row,
            course=row.course,
            titles=titles,
            skills=skills,
            weeks=(
                deadlines.weeks_to(row.starts_on, starts_on=plan.starts_on),
                deadlines.weeks_to(row.ends_on, starts_on=plan.starts_on),
            ),
            version=plan.problem.get("estimates"),
            attempt=(attempts or {}).get(row.course_id),
            proofs=(proofs or {}).get(row.course_id, ()),
        )
        for row in rows
    ]
    return _path(
        steps,
        status=plan.status,
        cost=plan.cost,
        bound=plan.bound,
        unreachable=_unreachable(
            plan.unreachable, held=plan.problem["profile"], role=plan.problem["role"]["requires"]
        ),
        starts_on=plan.starts_on,
        hours_per_week=plan.hours_per_week,
        digest=plan.catalogue_id,
    )


def _path(
    steps: list[StepView],
    *,
    status: str,
    cost: int | None,
    bound: int | None,
    unreachable: list[tuple[Skill, int, int]],
    starts_on: date,
    hours_per_week: int,
    digest: str,
) -> PathView:
    hours = sum(step.hours for step in steps)
    ends_on = max((step.ends_on for step in steps), default=None)
    hands_on = sum(step.hours for step in steps if step.course.hands_on)
    estimated = sum(step.hours for step in steps if step.course.hours_basis == Course.Basis.ESTIMATE)
    return PathView(
        status=status,
        hours=hours,
        price=sum(step.price for step in steps),
        weeks=deadlines.weeks_to(ends_on, starts_on=starts_on) if ends_on else 0,
        hours_per_week=hours_per_week,
        ends_on=ends_on,
        steps=_beside_each_other(steps),
        unreachable=unreachable,
        gap_percent=_gap_percent(cost, bound),
        cost=cost,
        bound=bound,
        digest=digest,
        hands_on_percent=_percent(hands_on, hours),
        estimated_percent=_percent(estimated, hours),
        has_estimated_prices=any(step.course.price_basis == Course.Basis.ESTIMATE for step in steps),
    )


def _beside_each_other(steps: list[StepView]) -> list[StepView]:
    """Each step with the numbers of those that run at the same time for more than the day they share."""
    return [
        replace(
            one,
            beside=[
                other.number
                for other in steps
                if other is not one and max(one.starts_on, other.starts_on) < min(one.ends_on, other.ends_on)
            ],
        )
        for one in steps
    ]


def _step(
    number: int,
    step: PlannedStep | PlanStep,
    *,
    course: Course,
    titles: Mapping[str, Course],
    skills: Mapping[str, Skill],
    weeks: tuple[int, int],
    version: str | None,
    attempt: Enrolment | None = None,
    proofs: Sequence[Proof] = (),
) -> StepView:
    reasons = step.reasons
    # Plans that were kept before there were estimates name none.
    estimate = reasons.get("estimate")
    gains = [(skills[one["skill"]], one["before"], one["after"]) for one in reasons["gains"]]
    goals = {one["skill"] for one in reasons["gains"] if one["needed"] is not None}
    return StepView(
        number=number,
        id=step.pk if isinstance(step, PlanStep) else None,
        course=course,
        hours=step.hours,
        price=step.price,
        starts_on=step.starts_on,
        ends_on=step.ends_on,
        weeks=weeks,
        completed_on=step.completed_on if isinstance(step, PlanStep) else None,
        closes=[gain for gain in gains if gain[0].slug in goals],
        gains=[gain for gain in gains if gain[0].slug not in goals],
        opens=[titles[one["course"]].title for one in reasons["opens"] if one["course"] in titles],
        on_every_route=reasons["on_every_route"],
        alternatives=[titles[slug] for slug in reasons["alternatives"] if slug in titles],
        source=wording.course_source(course.source, provenance=course.provenance),
        expected=estimates.difference(estimate, course=course),
        hours_basis=estimates.basis(estimate, version=version),
        left=attempt if attempt and attempt.was_left else None,
        going=attempt if attempt and attempt.state == Enrolment.State.STARTED else None,
        proofs=proofs,
    )


def _unreachable(
    slugs: Iterable[str], *, held: Mapping[str, int], role: Mapping[str, int]
) -> list[tuple[Skill, int, int]]:
    skills = Skill.objects.filter(slug__in=list(slugs))
    return [(skill, held.get(skill.slug, 0), role.get(skill.slug, 0)) for skill in skills]


def _gap_percent(cost: int | None, bound: int | None) -> int | None:
    """By how much the cost may lie above the best possible, in whole per cent, rounded up; None: unknown."""
    if not cost:
        return 0
    return -(-100 * (cost - bound) // bound) if bound else None


def _percent(part: int, whole: int) -> int:
    """In whole per cent, rounded down as in planning: a share wished for is reached or it is not."""
    return 100 * part // whole if whole else 0


def _courses(steps: Iterable[PlannedStep | PlanStep], slugs: list[str]) -> dict[str, Course]:
    """The courses of the steps and those their reasons name."""
    named = {slug for step in steps for slug in step.reasons["alternatives"]}
    rows = Course.objects.filter(slug__in=named.union(slugs)).select_related("provider")
    return {course.slug: course for course in rows}


def _skills(steps: Iterable[PlannedStep | PlanStep]) -> dict[str, Skill]:
    named = {one["skill"] for step in steps for one in step.reasons["gains"]}
    return {skill.slug: skill for skill in Skill.objects.filter(slug__in=named)}


def has_moved_on(plan: Plan, *, levels: Mapping[str, int]) -> bool:
    """Whether the person's levels differ from what the plan started from and its finished steps taught."""
    expected: dict[str, int] = dict(plan.problem["profile"])
    done = [step.course_id for step in plan.steps.all() if step.completed_on]
    for skill, level in Outcome.objects.filter(course__in=done).values_list("skill__slug", "level"):
        expected[skill] = max(expected.get(skill, 0), level)
    return expected != dict(levels)


def assignment_rows(assignments: Iterable[Assignment], *, plans: Iterable[Plan]) -> list[dict[str, Any]]:
    """Each assignment with the person's current plan for its role, and whether it is late."""
    by_goal = {(plan.learner_id, plan.role_id): plan for plan in plans if plan.also_id is None}
    rows = []
    for assignment in assignments:
        plan = by_goal.get((assignment.learner_id, assignment.role_id))
        late = assignment.is_late(plan=plan, on_date=timezone.localdate())
        rows.append({"assignment": assignment, "plan": plan, "late": late})
    return rows
