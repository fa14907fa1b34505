"""A week of study: what a plan's timetable holds for it, what was logged, and whether the plan keeps time.

Each step keeps its portions of the timetable week by week, so nothing is laid out on reading. However many
courses run beside each other, each day of study holds the same share of the weekly hours. Time is counted in
sevenths of an hour, as the engine's calendar does, so that it stays whole until it is shown as minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from groundwork.plans.models import Plan, PlanStep
from groundwork.plans.study_days import StudyDays
from recommender.planning.calendar import DAYS

MINUTES = 60
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the timetable holds of one step in a week, in minutes."""

    step: PlanStep
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Minutes due by yesterday and minutes done: of finished courses all, of others what is logged.

    A plan keeps time while both differ by no more than a day's share.
    """

    due: int
    done: int
    of_a_day: int

    @property
    def behind(self) -> int:
        """Minutes behind the timetable; 0 where it is kept or beaten."""
        return max(0, self.due - self.done) if self.due - self.done > self.of_a_day else 0

    @property
    def ahead(self) -> int:
        """Minutes ahead of the timetable; 0 where it is kept or not reached."""
        return max(0, self.done - self.due) if self.done - self.due > self.of_a_day else 0


def parts(plan: Plan, *, monday: date) -> list[Part]:
    """What the week from `monday` holds of each step, in order; read the plan `with_steps()` first."""
    week = monday.isoformat()
    return [
        Part(step=step, minutes=_minutes(sevenths))
        for step in plan.steps.all()
        for begins, sevenths in step.portions
        if begins == week
    ]


def pace(plan: Plan, *, logged: Mapping[int, int], on_date: date, days: StudyDays) -> Pace:
    """Whether the plan keeps time on the morning of `on_date`.

    `logged` are the minutes of attempts that are going on, by the key of the course; `days` the person's.
    """
    time = days.time(starts_on=plan.starts_on, hours_per_week=plan.hours_per_week)
    due = min(DAYS * plan.hours, plan.hours_per_week * time.study_days(plan.starts_on, on_date - DAY))
    done = sum(_done(step, logged=logged) for step in plan.steps.all())
    return Pace(due=_minutes(due), done=done, of_a_day=_minutes(plan.hours_per_week))


def left(step: PlanStep, *, logged: Mapping[int, int]) -> int:
    """Minutes that are left of a step, by what is logged; 0 where more is logged than it was to take."""
    return MINUTES * step.hours - _done(step, logged=logged)


def _done(step: PlanStep, *, logged: Mapping[int, int]) -> int:
    whole = MINUTES * step.hours
    return whole if step.completed_on else min(whole, logged.get(step.course_id, 0))


def _minutes(sevenths: int) -> int:
    return round(MINUTES * sevenths / DAYS)
