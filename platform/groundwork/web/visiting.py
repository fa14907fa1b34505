"""What a visitor told us: in the session only, gone 24 hours after the CV was read, or at a click."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

from groundwork.learners.linking import FoundSkill

DRAFT = "draft"
FOUND = "found"
LEVELS = "levels"
EXAMPLE = "example"
REMOVED = "removed"
REFUSED = "refused"
REPLANNED = "replanned"
UNTIL = "kept_until"
KEPT = timedelta(hours=24)
HOURS_PER_WEEK = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One confirmed skill: its level and the day of the last evidence."""

    level: int
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """How one skill stands in a form that is not sent yet."""

    ticked: bool
    level: int


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


def refuse(request: HttpRequest, course: str, *, reason: str, known: dict[str, Held]) -> None:
    """Remember that a course (slug) is not for this visitor; `known` are levels said with it."""
    held = levels(request)
    before = {skill: held.get(skill) for skill in known}
    refusals = request.session.get(REFUSED, {}) if _is_fresh(request) else {}
    packed = {skill: _packed({skill: one})[skill] if one else None for skill, one in before.items()}
    request.session[REFUSED] = {**refusals, course: {"reason": reason, "before": packed}}
    keep_levels(request, {**held, **known})


def refused(request: HttpRequest) -> dict[str, str]:
    """The courses that are not for this visitor: slug -> reason."""
    rows = request.session.get(REFUSED, {}) if _is_fresh(request) else {}
    return {course: one["reason"] for course, one in rows.items()}


def accept(request: HttpRequest, course: str) -> None:
    """Take back that a course is not for this visitor; the levels said with it are as they were."""
    rows = dict(request.session.get(REFUSED, {}))
    row = rows.pop(course, None)
    if row is None:
        return
    request.session[REFUSED] = rows
    held = levels(request)
    for skill, before in row["before"].items():
        held.pop(skill, None)
        if before:
            held |= _unpacked({skill: before})
    keep_levels(request, held)


def keep_replanned(request: HttpRequest, course: str, before: dict[str, Any]) -> None:
    """Remember how the path was before `course` (slug) was refused, for the page that tells the change."""
    request.session[REPLANNED] = {"course": course, "before": before}


def replanned(request: HttpRequest, course: str) -> dict[str, Any] | None:
    """How the path was before `course` was refused; None where that was not the last refusal."""
    row = request.session.get(REPLANNED, {})
    before: dict[str, Any] | None = row.get("before") if row.get("course") == course else None
    return before


def open_draft(request: HttpRequest) -> None:
    """Have a place for a half-filled form, before a page shows one."""
    if DRAFT not in request.session:
        request.session[DRAFT] = secrets.token_urlsafe(16)


def keep_draft(request: HttpRequest, ratings: dict[str, Rating]) -> bool:
    """Remember a form as it stands; False where no page has shown one yet.

    In the cache and not in the session: this is sent while somebody types, and the session is written as a
    whole, so a late answer would overwrite what was confirmed meanwhile.
    """
    if DRAFT not in request.session:
        return False
    packed = {skill: (one.ticked, one.level) for skill, one in ratings.items()}
    cache.set(_draft_key(request), packed, _seconds_left(request))
    return True


def draft(request: HttpRequest) -> dict[str, Rating]:
    """The half-filled form; empty where there is none."""
    packed = cache.get(_draft_key(request), {}) if DRAFT in request.session else {}
    return {skill: Rating(ticked=ticked, level=level) for skill, (ticked, level) in packed.items()}


def forget_draft(request: HttpRequest) -> None:
    """Delete the half-filled form: it is confirmed, or no longer wanted."""
    if DRAFT in request.session:
        cache.delete(_draft_key(request))


def _seconds_left(request: HttpRequest) -> int:
    """No longer than the rest of the visit, for what is on record already a day."""
    if not _is_fresh(request):
        return int(KEPT.total_seconds())
    until = datetime.fromisoformat(request.session[UNTIL])
    return max(1, int((until - timezone.now()).total_seconds()))


def _draft_key(request: HttpRequest) -> str:
    return f"draft:{request.session[DRAFT]}"


def forget(request: HttpRequest) -> None:
    """Delete everything a visitor told us, now."""
    forget_draft(request)
    for key in (DRAFT, FOUND, LEVELS, EXAMPLE, REMOVED, REFUSED, REPLANNED, UNTIL):
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
