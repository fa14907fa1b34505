"""The ways out of wishes that leave no plan, in words, each one click away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.learners.models import HOURS_PER_WEEK
from groundwork.plans import deadlines, relaxing
from groundwork.plans.planning import Planned
from groundwork.plans.relaxing import WayOut, WaysOut
from groundwork.web import wishing
from groundwork.web.forms import LANGUAGES
from groundwork.web.naming import Names
from groundwork.web.standing import Standing
from groundwork.web.wishing import Data

MOST = 6
"""Ways out shown; more are no help in choosing one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """What to change, in words; the query of the path that then exists; its hours, weeks and price (CNY)."""

    texts: tuple[str, ...]
    query: str
    hours: int
    weeks: int
    price: int


def sought(planned: Planned, *, thoroughly: bool) -> WaysOut | None:
    """The ways out of a path that is proven impossible, at a glance or `thoroughly`; None for any other."""
    if planned.solution.status.value != "infeasible":
        return None
    seconds = relaxing.SECONDS if thoroughly else relaxing.GLANCE
    return relaxing.ways_out(planned.problem, seconds=seconds)


def courses(found: WaysOut | None) -> set[str]:
    """The courses that ways out name."""
    return {name for kind, names in _subjects(found) if kind in ("course", "insisted") for name in names}


def skills(found: WaysOut | None) -> set[str]:
    """The skills that ways out name."""
    return {name for kind, names in _subjects(found) if kind == "requirement" for name in names}


def _subjects(found: WaysOut | None) -> Iterator[tuple[str, list[str]]]:
    for way in found.found if found else ():
        for change in way.changes:
            yield change.kind.value, change.subject.split("|")


def exits(found: WaysOut, *, data: Data, person: Standing, names: Names) -> list[Exit]:
    """The first ways out of `person`, for the wishes in `data`."""
    shown = []
    for way in found.found:
        texts, wished = [], dict(data)
        for change in way.changes:
            text, changes = _told(change, data=wished, person=person, names=names)
            texts.append(text)
            wished |= changes
        shown.append(_exit(way, texts, data=wished, person=person))
        shown += _by_more_hours_a_week(way, data=data, person=person)
    return shown[:MOST]


def _exit(way: WayOut, texts: list[str], *, data: Data, person: Standing) -> Exit:
    return Exit(
        texts=tuple(texts),
        query=wishing.query(data),
        hours=way.hours,
        weeks=deadlines.weeks(way.hours, **wishing.dates_of(data, person)) or 0,
        price=way.price,
    )


def _by_more_hours_a_week(way: WayOut, *, data: Data, person: Standing) -> Iterator[Exit]:
    """Where only the last day is too early: the same path in time, with more hours a week."""
    if len(way.changes) != 1 or way.changes[0].kind.value != "hours":
        return
    dates = wishing.dates_of(data, person)
    needed = deadlines.hours_per_week_for(
        way.changes[0].after or 0,
        until=data["deadline"],
        starts_on=dates["starts_on"],
        days=dates["days"],
    )
    if needed is not None and needed <= HOURS_PER_WEEK[1]:
        values = {"hours": needed, "before": data["hours"]}
        text = _("Study %(hours)d hours a week instead of %(before)d") % values
        yield _exit(way, [text], data={**data, "hours": needed}, person=person)


def _told(change: Any, *, data: Data, person: Standing, names: Names) -> tuple[str, dict[str, Any]]:
    """A change of the engine in words, and what it is in the form."""
    subject, before, after = change.subject, change.before, change.after
    match change.kind.value:
        case "hours":
            return _later(change, data=data, person=person)
        case "price":
            return _("Allow %(more)d yuan more") % {"more": after - before}, {"max_price": after}
        case "hands-on":
            text = _("Be content with %(after)d %% hands-on instead of %(before)d %%")
            return text % {"after": after, "before": before}, {"practice": after}
        case "requirement":
            have = person.levels.get(subject, 0)
            text = content_with(names.skill(subject), before=before, after=after, have=have)
            return text, {"lower": {**data["lower"], subject: after}}
        case "insisted":
            text = _("Do not insist on %(title)s") % {"title": names.course(subject)}
            return text, {"insist": [one for one in data["insist"] if one != subject]}
        case "course":
            text = _("Take %(title)s back in") % {"title": names.course(subject)}
            return text, _back_in(subject, data=data)
        case _:
            return _more_languages(subject, data=data)


def content_with(skill: str, *, before: int, after: int, have: int) -> str:
    """Giving way on the requirement of a skill (by name), for somebody who has it at level `have`."""
    text = _("Be content with %(skill)s at level %(after)d instead of %(before)d")
    if after <= have:
        text = _("Do without more %(skill)s for now") if have else _("Do without %(skill)s for now")
    return text % {"skill": skill, "after": after, "before": before}


def _back_in(course: str, *, data: Data) -> dict[str, Any]:
    """Only insisting overrules what leaves a course out other than by its own name."""
    without = [one for one in data["without"] if one != course]
    if course in data["refused"] or data["avoid"]:
        return {"without": without, "insist": [*data["insist"], course]}
    return {"without": without}


def _later(change: Any, *, data: Data, person: Standing) -> tuple[str, dict[str, Any]]:
    day = deadlines.last_day(change.after, **wishing.dates_of(data, person))
    if day is None:
        return _("Do without a last day"), {"deadline": None}
    weeks = max(1, -(-(day - data["deadline"]).days // deadlines.DAYS))
    text = ngettext(
        "Allow %(weeks)d more week, until %(day)s", "Allow %(weeks)d more weeks, until %(day)s", weeks
    )
    return text % {"weeks": weeks, "day": day.isoformat()}, {"deadline": day}


def _more_languages(language: str, *, data: Data) -> tuple[str, dict[str, Any]]:
    name = dict(LANGUAGES).get(language)
    if name is None:
        # The form offers no single one of the other languages: none chosen means any.
        return _("Allow courses in any language"), {"languages": []}
    return _("Allow courses in %(language)s, too") % {"language": name}, {
        "languages": [*data["languages"], language]
    }
