"""Days off within a stretch of time, one's own and public holidays, as pages list and draw them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from groundwork.learners import public_holidays
from groundwork.plans.study_days import StudyDays


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOff:
    """Days off from `first` to `last`; a public holiday has a `name` in the reader's language."""

    first: date
    last: date
    name: str = ""


def of(days: StudyDays, *, first: date, last: date | None) -> list[DaysOff]:
    """Those with a day from `first` to `last`, in order; none where there is no last day."""
    if last is None:
        return []
    own = [
        DaysOff(first=one.first, last=one.last) for one in days.off if one.last >= first and one.first <= last
    ]
    public = [
        DaysOff(first=one.first, last=one.last, name=one.name)
        for one in public_holidays.between(days.country, first, last, language=get_language() or "en")
    ]
    return sorted([*own, *public], key=lambda one: (one.first, one.last, one.name))
