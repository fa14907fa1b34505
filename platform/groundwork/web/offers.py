"""The wishes behind a reason why a course is not for somebody, each one click away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from groundwork.catalogue.models import Course
from groundwork.plans.planning import Planned
from groundwork.plans.refusals import CourseRefusal
from groundwork.web import relaxing, wishing
from groundwork.web.forms import LANGUAGES
from groundwork.web.wishing import Data

Reason = CourseRefusal.Reason
MOST = 3
TENTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A wish in words, and the query of the path with it."""

    text: str
    query: str


Wished = Iterator[tuple[str, dict[str, Any]]]
"""Words for a wish, and what it changes in the form."""


def of(
    reason: str,
    *,
    course: Course,
    planned: Planned,
    price_before: int,
    data: Data,
    levels: Mapping[str, int],
) -> list[Offer]:
    """What `reason` against `course` may mean for the rest of the path `planned`.

    `price_before` (CNY) is that of the path with the course, `levels` are the person's. None where the
    reason says nothing of other courses.
    """
    match reason:
        case Reason.PRICE:
            found = _cheaper(course, planned=planned, before=price_before)
        case Reason.LANGUAGE:
            found = _other_languages(course, data=data)
        case Reason.PROVIDER | Reason.FORMAT:
            found = _nothing_of_the_kind(reason, course, planned=planned, data=data)
        case Reason.HARD:
            found = _lower(course, planned=planned, data=data, levels=levels)
        case _:
            found = iter(())
    return [Offer(text=text, query=wishing.query(data, **wish)) for text, wish in found][:MOST]


def _cheaper(course: Course, *, planned: Planned, before: int) -> Wished:
    most = before - (course.price or 0)
    if 0 < most < planned.price:
        yield _("Spend at most %(price)d yuan in all") % {"price": most}, {"max_price": most}
    if planned.price:
        yield _("Take free courses only"), {"max_price": 0}


def _other_languages(course: Course, *, data: Data) -> Wished:
    names = dict(LANGUAGES)
    left = [one for one in data["languages"] or names if one != course.language]
    if left and left != data["languages"]:
        named = " + ".join(str(names[one]) for one in left)
        yield _("Only courses taught in: %(languages)s") % {"languages": named}, {"languages": left}


def _nothing_of_the_kind(reason: str, course: Course, *, planned: Planned, data: Data) -> Wished:
    if reason == Reason.PROVIDER and course.provider:
        token = f"provider:{course.provider.pk}"
        text = _("Nothing by %(provider)s") % {"provider": course.provider.name}
        yield text, {"avoid": [*data["avoid"], token]}
    if reason == Reason.FORMAT:
        text = _("Nothing of this format: %(format)s") % {"format": course.get_format_display()}
        yield text, {"avoid": [*data["avoid"], f"format:{course.format}"]}
        more = min(100, (planned.hands_on_percent // TENTH + 1) * TENTH)
        if not course.hands_on and more > (data["practice"] or 0):
            yield _("At least %(percent)d %% hands-on") % {"percent": more}, {"practice": more}


def _lower(course: Course, *, planned: Planned, data: Data, levels: Mapping[str, int]) -> Wished:
    """Each goal that the course leads to, one level lower for now."""
    asked = planned.problem.role.requires
    for outcome in course.outcomes.select_related("skill"):
        skill, have = outcome.skill, levels.get(outcome.skill.slug, 0)
        needed = asked.get(skill.slug, 0)
        if needed > have:
            text = relaxing.content_with(skill.name, before=needed, after=needed - 1, have=have)
            yield text, {"lower": {**data["lower"], skill.slug: needed - 1}}
