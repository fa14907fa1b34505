"""What a person could have a credential for, today."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from groundwork.core.errors import ConflictError
from groundwork.credentials.models import Achievement, Award
from groundwork.frameworks.models import Skill
from groundwork.learners import clocks as clocks_of
from groundwork.learners.models import Learner, Proficiency
from groundwork.plans.models import Plan
from recommender.domain import HalfLife
from recommender.estimators import decay


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A completed plan or a verified skill: since when, and until when a credential of it would be valid.

    Either `plan`, or `skill` and `level`, is there.
    """

    achieved_on: date
    valid_until: datetime
    plan: Plan | None = None
    skill: Skill | None = None
    level: int | None = None

    @property
    def kind(self) -> Achievement.Kind:
        """Which kind of achievement it would be."""
        return Achievement.Kind.PATH if self.plan else Achievement.Kind.SKILL

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"plan:{self.plan.pk}" if self.plan else f"skill:{self.skill.slug if self.skill else ''}"


def of(learner: Learner, *, now: datetime) -> list[Claim]:
    """The claims whose credential would still be valid, plans first; fixed number of queries."""
    months = _months(learner)
    plans = [plan for plan in learner.plans.with_steps() if _is_complete(plan) and not plan.given_way]
    classes = _classes({slug for plan in plans for slug in _wanted(plan)})
    rows = learner.proficiencies.select_related("skill").filter(floor__gt=0, is_contested=False)
    found = [
        *(_of_plan(plan, classes=classes, months=months) for plan in plans),
        *(_of_row(row, months=months) for row in rows.exclude(verified_on=None)),
    ]
    found.sort(key=lambda one: (one.plan is None, -one.achieved_on.toordinal()))
    return [one for one in found if one.valid_until > now]


def of_plan(plan: Plan, *, now: datetime) -> Claim:
    """The claim on a plan read `with_steps()`. Raises ConflictError where there is none."""
    if not _is_complete(plan):
        raise ConflictError(_("Not every step of this plan is finished."))
    if plan.given_way:
        raise ConflictError(
            _("This plan gives way on what the role requires, so it earns no credential for the role.")
        )
    months = _months(plan.learner)
    return _still_valid(_of_plan(plan, classes=_classes(_wanted(plan)), months=months), now=now)


def of_skill(learner: Learner, skill: Skill, *, now: datetime) -> Claim:
    """The claim on a verified level. Raises ConflictError where there is none."""
    row = learner.proficiencies.filter(skill=skill, floor__gt=0).exclude(verified_on=None).first()
    if row is None:
        raise ConflictError(_("No level of this skill is verified."))
    if row.is_contested:
        raise ConflictError(_("Later evidence contests the verified level. Show it again first."))
    return _still_valid(_of_row(row, months=_months(learner)), now=now)


def _still_valid(claim: Claim, *, now: datetime) -> Claim:
    if claim.valid_until <= now:
        raise ConflictError(_("This is too long ago for a credential. Show the skill again first."))
    return claim


def _months(learner: Learner) -> Mapping[HalfLife, int]:
    """The half-lives that run for a person: after one of them a credential has to be earned anew."""
    return clocks_of.of(learner.organisation_id).currency


def _is_complete(plan: Plan) -> bool:
    steps = plan.steps.all()
    return plan.status in Plan.WITH_STEPS and bool(steps) and all(one.completed_on for one in steps)


def _wanted(plan: Plan) -> Collection[str]:
    """What the plan reaches: the skills that its goal requires."""
    wanted: Mapping[str, int] = plan.problem["role"]["requires"]
    return wanted.keys()


def _classes(slugs: Collection[str]) -> dict[str, HalfLife]:
    rows = Skill.objects.filter(slug__in=slugs).values_list("slug", "half_life")
    return {slug: HalfLife(half_life) for slug, half_life in rows}


def _of_plan(plan: Plan, *, classes: Mapping[str, HalfLife], months: Mapping[HalfLife, int]) -> Claim:
    """As long as the shortest-lived of what the goal requires."""
    achieved_on = max(one.completed_on for one in plan.steps.all() if one.completed_on)
    asked = (months[classes[slug]] for slug in _wanted(plan) if slug in classes)
    return Claim(plan=plan, achieved_on=achieved_on, valid_until=_end(achieved_on, months=asked))


def _of_row(row: Proficiency, *, months: Mapping[HalfLife, int]) -> Claim:
    achieved_on = row.verified_on or row.as_of
    until = _end(achieved_on, months=[months[HalfLife(row.skill.half_life)]])
    return Claim(skill=row.skill, level=row.floor, achieved_on=achieved_on, valid_until=until)


def _end(start: date, *, months: Iterable[int]) -> datetime:
    """Midnight (UTC) after the shortest of `months`; a goal without known skills counts as a tool."""
    days = decay.half_life_days(min(months, default=HalfLife.TOOL.months))
    return datetime.combine(start + timedelta(days=days), time.min, tzinfo=UTC)


def is_met(claim: Claim, award: Award) -> bool:
    """Whether an award stands for the claim already."""
    if award.revoked_at:
        return False
    if claim.plan:
        return award.plan_id == claim.plan.pk
    what = (award.achievement.skill, award.achievement.level, award.achieved_on)
    return what == (claim.skill, claim.level, claim.achieved_on)
