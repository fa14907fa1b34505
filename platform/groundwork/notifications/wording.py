"""Notifications as sentences with a link, in the active language; for the page and for e-mail alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.core.actors import Actor
from groundwork.core.languages import in_chinese
from groundwork.notifications.kinds import Kind
from groundwork.notifications.models import Notification
from groundwork.notifications.naming import Names, names_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notification as its reader sees it; `address` is a path on this site."""

    pk: int
    kind: Kind
    title: str
    text: str
    address: str
    created_at: datetime
    is_read: bool

    @property
    def kind_name(self) -> str:
        """What it is one of."""
        return str(self.kind.label)


Said = tuple[str, str]
"""Title and text."""


def notices(notifications: Iterable[Notification], *, actor: Actor) -> list[Notice]:
    """Each in words, in a fixed number of queries."""
    rows = list(notifications)
    names = names_in(rows, actor=actor)
    return [_notice(row, names=names) for row in rows]


def _notice(row: Notification, *, names: Names) -> Notice:
    kind = Kind(row.kind)
    title, text = _SENTENCES[kind](row, names)
    return Notice(
        pk=row.pk,
        kind=kind,
        title=title,
        text=text,
        address=address_of(row),
        created_at=row.created_at,
        is_read=row.read_at is not None,
    )


def address_of(row: Notification) -> str:
    """Where the reader goes on."""
    match row.kind:
        case Kind.ASSIGNED:
            return reverse("web:path", args=[row.data["role"]])
        case Kind.LAPSING | Kind.SETTLED:
            return reverse("web:my_skill", args=[row.data["skill"]])
        case Kind.CREDENTIAL_ISSUED:
            return reverse("web:credential", args=[row.subject.partition(":")[2]])
        case Kind.CREDENTIAL_EXPIRING:
            return reverse("web:my_credentials")
        case Kind.JOB_ENDED | Kind.JOINED:
            return reverse("web:organisation")
        case _:
            return reverse("web:me")


def _assigned(row: Notification, names: Names) -> Said:
    return (
        _("You are asked to grow into the role %(role)s") % {"role": names.role(row.data["role"])},
        _("The due date is %(day)s.") % {"day": row.data["due_on"]},
    )


def _due_soon(row: Notification, names: Names) -> Said:
    return (
        _("%(role)s is due on %(day)s") % {"role": names.role(row.data["role"]), "day": row.data["due_on"]},
        _("Your plan shows what is left to do."),
    )


def _overdue(row: Notification, names: Names) -> Said:
    return (
        _("The due date of %(role)s has passed") % {"role": names.role(row.data["role"])},
        _("It was %(day)s. Recompute your plan, and talk to whoever assigned it.")
        % {"day": row.data["due_on"]},
    )


def _lapsing(row: Notification, names: Names) -> Said:
    return (
        _("%(skill)s lapses on %(day)s") % {"skill": names.skill(row.data["skill"]), "day": row.data["on"]},
        _("From then on plans read level %(to_level)d, not %(level)d, unless you use or show it before.")
        % {"level": row.data["level"], "to_level": row.data["to_level"]},
    )


def _settled(row: Notification, names: Names) -> Said:
    title = _("Your dispute about %(skill)s is settled") % {"skill": names.skill(row.data["skill"])}
    if row.data["stands"]:
        return title, _("The line stands and counts again.")
    return title, _("The line is struck out and does not count any more.")


def _credential_issued(row: Notification, names: Names) -> Said:
    return (
        _("Credential issued: %(name)s") % {"name": _achievement(row, names)},
        _("It is valid until %(day)s. Whoever has its address can verify it.") % {"day": row.data["until"]},
    )


def _credential_expiring(row: Notification, names: Names) -> Said:
    return (
        _("Credential about to expire: %(name)s") % {"name": _achievement(row, names)},
        _("It is valid until %(day)s. Show the skill again to earn a new one.") % {"day": row.data["until"]},
    )


def _achievement(row: Notification, names: Names) -> str:
    if row.data["skill"]:
        values = {"skill": names.skill(row.data["skill"]), "level": row.data["level"]}
        return _("%(skill)s, level %(level)d") % values
    return " + ".join(names.role(slug) for slug in (row.data["role"], row.data["also"]) if slug)


def _week(row: Notification, names: Names) -> Said:
    done, late = row.data["done"], row.data["late"]
    parts = [
        ngettext(
            "Last week you finished %(done)d course of %(hours)d hours.",
            "Last week you finished %(done)d courses of %(hours)d hours.",
            done,
        )
        % {"done": done, "hours": row.data["hours"]}
        if done
        else _("Last week you finished no course.")
    ]
    if row.data["next"]:
        parts.append(_("Next comes “%(course)s”.") % {"course": names.course(row.data["next"])})
    if late:
        late_text = ngettext(
            "%(late)d course is behind its dates: recompute the plan to move them.",
            "%(late)d courses are behind their dates: recompute the plan to move them.",
            late,
        )
        parts.append(late_text % {"late": late})
    return _("Your study week from %(day)s") % {"day": row.data["monday"]}, _sentences(parts)


def _sentences(parts: list[str]) -> str:
    # Chinese sentences end with a full-width stop and are not spaced.
    return ("" if in_chinese() else " ").join(parts)


def _job_ended(row: Notification, _names: Names) -> Said:
    made, failed = row.data["made"], row.data["failed"]
    text = ngettext("%(made)d plan was made.", "%(made)d plans were made.", made) % {"made": made}
    if failed:
        refused = ngettext("%(failed)d could not be made.", "%(failed)d could not be made.", failed)
        text = _sentences([text, refused % {"failed": failed}])
    return _("The plans you asked for are computed"), text


def _joined(row: Notification, names: Names) -> Said:
    person = names.members.get(row.data["user"])
    if person is None:
        return _("A former member had joined your organisation"), _("They have left since.")
    return (
        _("%(person)s joined your organisation") % {"person": person},
        _("You can assign roles to them now."),
    )


_SENTENCES: dict[Kind, Callable[[Notification, Names], Said]] = {
    Kind.ASSIGNED: _assigned,
    Kind.DUE_SOON: _due_soon,
    Kind.OVERDUE: _overdue,
    Kind.LAPSING: _lapsing,
    Kind.SETTLED: _settled,
    Kind.CREDENTIAL_ISSUED: _credential_issued,
    Kind.CREDENTIAL_EXPIRING: _credential_expiring,
    Kind.WEEK: _week,
    Kind.JOB_ENDED: _job_ended,
    Kind.JOINED: _joined,
}
