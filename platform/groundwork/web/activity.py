"""A year of days with the hours logged on each, drawn and as a table."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from groundwork.plans.sessions import StudySession, TimeOff
from groundwork.web import standing
from groundwork.web.study import name_of
from groundwork.web.templatetags.study import hours

CELL = 12
SIDE = 10
SHADES = (60, 120, 240)
"""Minutes from which a day is drawn darker, darker still, and darkest."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
HALVES = ((1, 6), (7, 12))


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A square of the drawing; `shade` 0 (nothing) to 4, or "off"."""

    x: int
    y: int
    shade: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """Half a year: a column for each week, Monday at the top; all lengths in units of the drawing."""

    first: date
    last: date
    width: int
    height: int
    days: list[Day]


@login_required
@require_GET
def activity(request: HttpRequest) -> HttpResponse:
    """The calendar of a year, the present one where none is named."""
    actor, learner, today = standing.actor_of(request), standing.learner_of(request), timezone.localdate()
    year = _year(request.GET.get("year", ""), today=today)
    first, last = date(year, 1, 1), date(year, 12, 31)
    sessions = StudySession.objects.visible_to(actor).filter(learner=learner).between(first, last)
    minutes = sessions.minutes_by_day()
    taken = TimeOff.objects.visible_to(actor).filter(learner=learner, first__lte=last, last__gte=first)
    off = _days(list(taken))
    context = {
        "year": year,
        "former": year - 1 if year > FIRST_YEAR else None,
        "next": year + 1 if year < today.year else None,
        "total": sum(minutes.values()),
        "studied": len(minutes),
        "halves": [_half(year, months, minutes=minutes, off=off) for months in HALVES],
        "months": _months(year, minutes),
        "days": [
            {"on": day, "minutes": spent, "week": name_of(day)} for day, spent in sorted(minutes.items())
        ],
    }
    return render(request, "web/study/activity.html", context)


def _year(text: str, *, today: date) -> int:
    if not text:
        return today.year
    if not (text.isascii() and text.isdecimal() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR):
        raise Http404
    return int(text)


def _days(taken: list[TimeOff]) -> set[date]:
    return {
        days.first + timedelta(days=number)
        for days in taken
        for number in range((days.last - days.first).days + 1)
    }


def _half(year: int, months: tuple[int, int], *, minutes: dict[date, int], off: set[date]) -> Half:
    first = date(year, months[0], 1)
    last = date(year, months[1], monthrange(year, months[1])[1])
    begin = first.weekday()
    count = (last - first).days + 1
    return Half(
        first=first,
        last=last,
        width=CELL * ((begin + count - 1) // 7 + 1),
        height=CELL * 7,
        days=[
            _day(first + timedelta(days=number), place=begin + number, minutes=minutes, off=off)
            for number in range(count)
        ],
    )


def _day(day: date, *, place: int, minutes: dict[date, int], off: set[date]) -> Day:
    spent = minutes.get(day, 0)
    shade = str(1 + sum(spent >= least for least in SHADES)) if spent else "off" if day in off else "0"
    said = _("%(n)s hours") % {"n": hours(spent)} if spent or day not in off else _("day off")
    return Day(x=CELL * (place // 7), y=CELL * (place % 7), shade=shade, title=f"{day.isoformat()}: {said}")


def _months(year: int, minutes: dict[date, int]) -> list[dict[str, Any]]:
    rows = []
    for month in range(1, 13):
        spent = [value for day, value in minutes.items() if day.month == month]
        if spent:
            rows.append({"month": date(year, month, 1), "minutes": sum(spent), "days": len(spent)})
    return rows
