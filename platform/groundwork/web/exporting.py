"""A path to take away: JSON that replays, a table, a calendar."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from groundwork.catalogue.models import Course
from groundwork.plans import snapshot
from groundwork.plans.planning import Planned


def as_document(planned: Planned) -> dict[str, Any]:
    """Problem and solution; with the catalogue of the digest it replays offline."""
    solution = planned.solution
    return {
        "problem": snapshot.problem_document(planned.problem),
        "catalogue_digest": planned.problem.catalogue.digest,
        "solution": {
            "format": "groundwork-solution/1",
            "status": solution.status.value,
            "cost": solution.cost,
            "bound": solution.bound,
            "gap": solution.gap,
            "unreachable": list(solution.unreachable),
            "steps": [
                {
                    "course": step.course,
                    "hours": step.hours,
                    "price": step.price,
                    "starts_on": step.starts_on.isoformat(),
                    "ends_on": step.ends_on.isoformat(),
                    "reasons": step.reasons,
                }
                for step in planned.steps
            ],
        },
    }


def as_csv(planned: Planned) -> str:
    """One line per step, with a byte order mark so that spreadsheets read Chinese."""
    titles = _courses(planned)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("Number"), _("Course"), _("Address"), _("Starts"), _("Ends"), _("Hours"), _("Price in yuan")]
    )
    for number, step in enumerate(planned.steps, start=1):
        course = titles[step.course]
        cells = [course.title, course.url]
        writer.writerow([number, *map(_defused, cells), step.starts_on, step.ends_on, step.hours, step.price])
    return "\ufeff" + out.getvalue()


def as_calendar(planned: Planned, *, on: datetime) -> str:
    """iCalendar (RFC 5545) with one all-day event per step."""
    titles = _courses(planned)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Groundwork//Path//EN"]
    for step in planned.steps:
        course = titles[step.course]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{step.course}-{planned.problem.role.id}-{step.starts_on:%Y%m%d}@groundwork",
            f"DTSTAMP:{on:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{step.starts_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{step.ends_on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(course.title)}",
            f"DESCRIPTION:{_escaped(_('%(hours)d hours') % {'hours': step.hours})}",
            *([f"URL:{course.url}"] if course.url else []),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _courses(planned: Planned) -> dict[str, Course]:
    rows = Course.objects.filter(slug__in=[step.course for step in planned.steps])
    return {course.slug: course for course in rows}


def _defused(cell: str) -> str:
    """A leading sign would make a spreadsheet run the cell as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Lines of at most 75 octets; continuations start with a blank (RFC 5545, 3.1)."""
    parts: list[str] = []
    part = ""
    for character in line:
        if len((part + character).encode()) > 74:
            parts.append(part)
            part = " "
        part += character
    return [*parts, part]
