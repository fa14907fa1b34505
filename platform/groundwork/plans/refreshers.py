"""What keeps a lapsing skill alive: the shortest course that teaches it, for the plan that needs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groundwork.catalogue.models import Course, Outcome
from groundwork.learners.lapsing import Lapse
from groundwork.plans.models import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresher:
    """A lapse, the shortest course against it (None: nobody teaches it), and the plan whose goal needs it.

    `is_planned` where the course, or another that teaches the skill, is among the plan's open steps.
    """

    lapse: Lapse
    course: Course | None
    plan: Plan | None
    is_planned: bool


def of(lapses: Iterable[Lapse], *, plans: Sequence[Plan], languages: Iterable[str]) -> list[Refresher]:
    """What the plans need first, then by day; in two queries for any number of lapses.

    Read the plans `with_steps()` first. A skill that fell and falls again is told once.
    """
    found: dict[str, Lapse] = {}
    for lapse in lapses:
        found.setdefault(lapse.skill.slug, lapse)
    courses = _shortest(found.values(), languages=set(languages))
    rows = [_refresher(lapse, courses=courses, plans=plans) for lapse in found.values()]
    return sorted(rows, key=lambda row: row.plan is None)


def _refresher(lapse: Lapse, *, courses: dict[str, Course], plans: Sequence[Plan]) -> Refresher:
    skill = lapse.skill.slug
    wanted = [plan for plan in plans if lapse.to_level < plan.problem["role"]["requires"].get(skill, 0)]
    planned = any(
        gain["skill"] == skill
        for plan in wanted
        for step in plan.steps.all()
        if not step.completed_on
        for gain in step.reasons.get("gains", [])
    )
    course = courses.get(skill)
    insisted = course is not None and any(
        step.course_id == course.pk for plan in wanted for step in plan.steps.all() if not step.completed_on
    )
    return Refresher(
        lapse=lapse,
        course=course,
        plan=wanted[0] if wanted else None,
        is_planned=planned or insisted,
    )


def _shortest(lapses: Iterable[Lapse], *, languages: set[str]) -> dict[str, Course]:
    """Skill -> the course on offer with the fewest hours that teaches it to the level that is lost."""
    level = {lapse.skill.slug: lapse.level for lapse in lapses}
    rows = Outcome.objects.filter(skill__slug__in=level, course__in=Course.objects.plannable())
    if languages:
        rows = rows.filter(course__language__in=languages)
    found: dict[str, Course] = {}
    for row in rows.select_related("skill", "course__provider").order_by("course__hours", "course__slug"):
        if row.level >= level[row.skill.slug]:
            found.setdefault(row.skill.slug, row.course)
    return found
