"""On which days a person studies, and how many courses at once: what turns a plan's hours into its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.db.models import prefetch_related_objects

from groundwork.learners import public_holidays, recording
from groundwork.learners.models import Learner
from recommender.planning.calendar import Holiday, StudyTime

YEARS = 10
"""Years from its start on in which public holidays count; no plan should take longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDays:
    """Courses at once, days off of one's own, and the country whose public holidays are off (or "")."""

    courses_at_once: int = 1
    off: tuple[Holiday, ...] = ()
    country: str = ""

    def time(self, *, starts_on: date, hours_per_week: int) -> StudyTime:
        """The study time from a day on. Raises InvalidError for hours or courses out of range."""
        recording.check_hours(hours_per_week)
        recording.check_courses_at_once(self.courses_at_once)
        last = date(min(starts_on.year + YEARS, date.max.year), 12, 31)
        public = public_holidays.between(self.country, starts_on, last)
        return StudyTime(
            start=starts_on,
            hours_per_week=hours_per_week,
            holidays=(*self.off, *(Holiday(first=one.first, last=one.last) for one in public)),
            parallel=self.courses_at_once,
        )


class Dates(TypedDict):
    """What turns hours into days."""

    starts_on: date
    hours_per_week: int
    days: StudyDays


EVERY_DAY = StudyDays()
"""One course after the other, and no day off."""


def of(learner: Learner, *, courses_at_once: int | None = None, country: str | None = None) -> StudyDays:
    """Those of a person; the other arguments stand for a wish that is not kept.

    In one query, whose answer stays with `learner` until it is read anew.
    """
    prefetch_related_objects([learner], "time_off")
    return StudyDays(
        courses_at_once=learner.courses_at_once if courses_at_once is None else courses_at_once,
        off=tuple(Holiday(first=one.first, last=one.last) for one in learner.time_off.all()),
        country=learner.public_holidays if country is None else country,
    )
