"""A path to take away, computed or kept: JSON that replays, a table, a calendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Role
from groundwork.plans import snapshot
from groundwork.plans.models import Plan
from groundwork.plans.planning import Planned
from groundwork.web import pdf, presenting

if TYPE_CHECKING:
    from icalendar import Calendar, Event

DAY = timedelta(days=1)
CALENDAR = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenStep:
    """One step as it is written to a file; price in whole CNY."""

    course: Course
    hours: int
    price: int
    starts_on: date
    ends_on: date
    reasons: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the files say of a path, whether it was kept or not.

    `goal` names what is planned for; `owner` is whose it is, None for a path that nobody has kept.
    """

    goal: str
    goal_name: str
    owner: UUID | None
    problem: dict[str, Any]
    digest: str
    status: str
    cost: int | None
    bound: int | None
    unreachable: list[str]
    steps: list[TakenStep]


def taken(path: Planned | Plan) -> Taken:
    """A computed path, or a kept one read `with_steps()`."""
    return _kept(path) if isinstance(path, Plan) else _computed(path)


def _kept(plan: Plan) -> Taken:
    steps = [
        TakenStep(
            course=step.course,
            hours=step.hours,
            price=step.price,
            starts_on=step.starts_on,
            ends_on=step.ends_on,
            reasons=step.reasons,
        )
        for step in plan.steps.all()
    ]
    return Taken(
        goal=plan.problem["role"]["id"],
        goal_name=plan.goal_name,
        owner=plan.learner_id,
        problem=plan.problem,
        digest=plan.catalogue_id,
        status=plan.status,
        cost=plan.cost,
        bound=plan.bound,
        unreachable=plan.unreachable,
        steps=steps,
    )


def _computed(planned: Planned) -> Taken:
    problem, solution = planned.problem, planned.solution
    rows = Course.objects.filter(slug__in=[step.course for step in planned.steps]).select_related("provider")
    courses = {course.slug: course for course in rows}
    steps = [
        TakenStep(
            course=courses[step.course],
            hours=step.hours,
            price=step.price,
            starts_on=step.starts_on,
            ends_on=step.ends_on,
            reasons=step.reasons,
        )
        for step in planned.steps
    ]
    return Taken(
        goal=problem.role.id,
        goal_name="",
        owner=None,
        problem=snapshot.problem_document(problem),
        digest=problem.catalogue.digest,
        status=solution.status.value,
        cost=solution.cost,
        bound=solution.bound,
        unreachable=list(solution.unreachable),
        steps=steps,
    )


def as_document(path: Planned | Plan) -> dict[str, Any]:
    """Problem and solution; with the catalogue of the digest it replays offline."""
    one = taken(path)
    return {
        "problem": one.problem,
        "catalogue_digest": one.digest,
        "solution": {
            "format": "groundwork-solution/1",
            "status": one.status,
            "cost": one.cost,
            "bound": one.bound,
            "gap": _gap(one),
            "unreachable": one.unreachable,
            "steps": [
                {
                    "course": step.course.slug,
                    "hours": step.hours,
                    "price": step.price,
                    "starts_on": step.starts_on.isoformat(),
                    "ends_on": step.ends_on.isoformat(),
                    "reasons": step.reasons,
                }
                for step in one.steps
            ],
        },
    }


def _gap(one: Taken) -> float | None:
    """(cost - bound) / cost as a fraction, as the engine has it; None without a plan."""
    if one.cost is None or one.bound is None:
        return None
    return (one.cost - one.bound) / one.cost if one.cost else 0.0


def as_csv(path: Planned | Plan) -> str:
    """One line per step, with a byte order mark so that spreadsheets read Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("Number"), _("Course"), _("Address"), _("Starts"), _("Ends"), _("Hours"), _("Price in yuan")]
    )
    for number, step in enumerate(taken(path).steps, start=1):
        cells = [step.course.title, step.course.url]
        writer.writerow([number, *map(_defused, cells), step.starts_on, step.ends_on, step.hours, step.price])
    return "\ufeff" + out.getvalue()


def _defused(cell: str) -> str:
    """A leading sign would make a spreadsheet run the cell as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def as_pdf(path: Planned | Plan, *, on: datetime) -> bytes:
    """The path on paper, made on the day of `on`; a kept plan says what it gives way on."""
    one = taken(path)
    if isinstance(path, Plan):
        title, open_ends = path.goal_name, presenting.given_way(path)
    else:
        title, open_ends = Role.objects.get(slug=one.goal).name, []
    notes = []
    if open_ends:
        notes.append(
            _("This plan gives way on a part of what the role requires:") + " " + " · ".join(open_ends)
        )
    return pdf.write(one, title=title, notes=notes, made_on=timezone.localdate(on))


def as_calendar(path: Planned | Plan, *, on: datetime) -> bytes:
    """iCalendar (RFC 5545) with one all-day event per step, as of `on`."""
    content: bytes = calendar([(taken(path), on)]).to_ical()
    return content


def calendar(paths: Iterable[tuple[Taken, datetime]]) -> Calendar:
    """Several paths in one calendar, each with the moment it was made (UTC).

    An event keeps its UID when the same person plans for the same goal anew, so that calendar programs move
    it where it would otherwise stand twice.
    """
    found: Calendar = _icalendar().Calendar()
    found.add("prodid", "-//Groundwork//Path//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    for path, made_at in paths:
        for step in path.steps:
            found.add_component(_event(step, path=path, made_at=made_at))
    return found


def as_feed(paths: Iterable[tuple[Taken, datetime]], *, every: timedelta) -> bytes:
    """A calendar to subscribe to, that asks to be read again `every` so often (RFC 7986, 5.7)."""
    found = calendar(paths)
    found.calendar_name = _("Learning plans")
    found.refresh_interval = every
    # The same for programs that are older than the standard.
    found.add("x-wr-calname", _("Learning plans"))
    found.add("x-published-ttl", _icalendar().vDuration(every).to_ical().decode())
    content: bytes = found.to_ical()
    return content


def _event(step: TakenStep, *, path: Taken, made_at: datetime) -> Event:
    event: Event = _icalendar().Event()
    event.add("uid", str(_uid(step, path=path)))
    event.add("dtstamp", made_at)
    event.add("last-modified", made_at)
    event.add("dtstart", step.starts_on)
    # The end of an all-day event is the first day after it (RFC 5545, 3.6.1).
    event.add("dtend", step.ends_on + DAY)
    event.add("summary", step.course.title)
    event.add("description", _("%(hours)d hours") % {"hours": step.hours})
    # Learning for some hours a week leaves nobody busy all day.
    event.add("transp", "TRANSPARENT")
    if path.goal_name:
        event.add("categories", [path.goal_name])
    if step.course.url:
        event.add("url", step.course.url)
    return event


def _icalendar() -> Any:
    """Loaded at its first use: it takes a tenth of a second, and few requests need it."""
    return import_module("icalendar")


def _uid(step: TakenStep, *, path: Taken) -> UUID:
    """Names no person: RFC 7986, 5.3, asks for that."""
    return uuid5(path.owner or NAMESPACE_URL, f"groundwork:{path.goal}:{step.course.slug}")


def answer(path: Planned | Plan, *, kind: str, name: str, on: datetime) -> HttpResponse:
    """The path as a file to save, of one of `KINDS`. Raises Http404 for any other."""
    if kind not in KINDS:
        raise Http404
    response = KINDS[kind](path, on)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


KINDS: dict[str, Callable[[Planned | Plan, datetime], HttpResponse]] = {
    "json": lambda path, _on: JsonResponse(
        as_document(path), json_dumps_params={"ensure_ascii": False, "indent": 1}
    ),
    "csv": lambda path, _on: HttpResponse(as_csv(path), content_type="text/csv; charset=utf-8"),
    "pdf": lambda path, on: HttpResponse(as_pdf(path, on=on), content_type="application/pdf"),
    "ics": lambda path, on: HttpResponse(as_calendar(path, on=on), content_type=CALENDAR),
}
