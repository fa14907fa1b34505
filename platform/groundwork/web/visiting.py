"""What a visitor told us: in the session only, gone 24 hours after the CV was read, or at a click."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from groundwork.learners.linking import FoundSkill

FOUND = "found"
LEVELS = "levels"
EXAMPLE = "example"
REMOVED = "removed"
UNTIL = "kept_until"
KEPT = timedelta(hours=24)
HOURS_PER_WEEK = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One confirmed skill: its level and the day of the last evidence."""

    level: int
    as_of: date


def keep_found(request: HttpRequest, found: Iterable[FoundSkill], *, example: str = "") -> None:
    """Remember what was found in a CV until it is confirmed."""
    request.session[FOUND] = [asdict(one) for one in found]
    request.session[EXAMPLE] = example
    _limit(request)


def found(request: HttpRequest) -> list[FoundSkill]:
    """What was found in the last CV, waiting for confirmation."""
    rows: list[dict[str, Any]] = request.session.get(FOUND, []) if _is_fresh(request) else []
    return [FoundSkill(**row) for row in rows]


def keep_levels(request: HttpRequest, held: dict[str, Held]) -> None:
    """Remember the confirmed skills of a visitor."""
    request.session[LEVELS] = _packed(held)
    _limit(request)


def levels(request: HttpRequest) -> dict[str, Held]:
    """The confirmed skills of a visitor."""
    return _unpacked(request.session.get(LEVELS, {})) if _is_fresh(request) else {}


def keep_removed(request: HttpRequest, held: dict[str, Held]) -> None:
    """Remember the skills a signed-in person has just taken out, so that it can be undone."""
    request.session[REMOVED] = _packed(held)
    _limit(request)


def removed(request: HttpRequest) -> dict[str, Held]:
    """The skills taken out last."""
    return _unpacked(request.session.get(REMOVED, {})) if _is_fresh(request) else {}


def forget(request: HttpRequest) -> None:
    """Delete everything a visitor told us, now."""
    for key in (FOUND, LEVELS, EXAMPLE, REMOVED, UNTIL):
        request.session.pop(key, None)


def _limit(request: HttpRequest) -> None:
    """A day from the first word on; later changes do not lengthen it, nor does signing in."""
    if _is_fresh(request):
        return
    until = timezone.now() + KEPT
    request.session[UNTIL] = until.isoformat()
    if not request.user.is_authenticated:
        request.session.set_expiry(until)


def _is_fresh(request: HttpRequest) -> bool:
    until: str = request.session.get(UNTIL, "")
    return bool(until) and datetime.fromisoformat(until) > timezone.now()


def _packed(held: dict[str, Held]) -> dict[str, tuple[int, str]]:
    return {skill: (one.level, one.as_of.isoformat()) for skill, one in held.items()}


def _unpacked(rows: dict[str, tuple[int, str]]) -> dict[str, Held]:
    return {skill: Held(level=level, as_of=date.fromisoformat(day)) for skill, (level, day) in rows.items()}
