"""What past attempts may say to everybody: read across organisations, let out only in large enough groups.

This is the one place that reads attempts without `visible_to`: estimates belong to nobody. No row leaves
here, only courses that enough people have tried, and what is known of one person is their own.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max

from groundwork.catalogue.models import Outcome
from groundwork.learners.consents import Use
from groundwork.learners.models import Learner
from groundwork.plans.enrolments import Enrolment, EnrolmentQuerySet
from recommender.estimators.completion import Attempt
from recommender.estimators.effort import Done

ENOUGH_PEOPLE = 5
"""Fewest people behind any figure, and fewest beside those of any one organisation."""

FEATURES = (
    "finished_before",
    "left_before",
    "repeats",
    "going_on_beside",
    "hours_log",
    "paid",
    "level",
    "hands_on",
)
"""All that a model of completion may know: a person's earlier attempts here, and the course. Nothing of who
somebody is; no language either, which would stand in for where they come from."""

_MANY = 20
_USUAL_HOURS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """The course of an attempt as it is offered now; hours as declared."""

    slug: str
    provider: str
    hours: int
    paid: bool
    level: int
    hands_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One attempt. `holder` is the organisation, or the person alone; `ended_on` is None while it goes on."""

    learner: UUID
    holder: str
    course: Offered
    started_on: date
    ended_on: date | None
    finished: bool
    hours: int | None

    @property
    def done(self) -> Done | None:
        """Hours declared and taken, where it was finished and somebody counted."""
        if not self.finished or not self.hours:
            return None
        return Done(
            provider=self.course.provider,
            course=self.course.slug,
            learner=str(self.learner),
            declared=self.course.hours,
            actual=self.hours,
        )


def everybody() -> list[Past]:
    """All attempts at courses whose hours and price are known, in a fixed order, but for those of people
    who do not want theirs to count."""
    refused = Learner.objects.filter(**{f"consents__{Use.ATTEMPTS}__given": False}).values("pk")
    return _read(Enrolment.objects.exclude(learner__in=refused))


def of_learner(learner: Learner) -> list[Past]:
    """One person's own."""
    return _read(Enrolment.objects.filter(learner=learner))


def _read(rows: EnrolmentQuerySet) -> list[Past]:
    known = rows.filter(course__hours__isnull=False, course__price__isnull=False)
    taught = Outcome.objects.filter(course__in=known.order_by().values("course"))
    levels = dict(taught.order_by().values_list("course_id").annotate(Max("level")))
    found = known.select_related("learner", "course__provider")
    # A fixed order: sums of floats depend on it.
    ordered = found.order_by("started_on", "learner_id", "course__slug")
    return [_past(row, level=levels.get(row.course_id, 0)) for row in ordered]


def _past(row: Enrolment, *, level: int) -> Past:
    course, provider = row.course, row.course.provider
    return Past(
        learner=row.learner_id,
        holder=str(row.learner.organisation_id or f"person:{row.learner_id}"),
        course=Offered(
            slug=course.slug,
            provider=provider.name if provider else "",
            hours=course.hours or 0,
            paid=bool(course.price),
            level=level,
            hands_on=course.hands_on,
        ),
        started_on=row.started_on,
        ended_on=row.ended_on,
        finished=row.state == Enrolment.State.FINISHED,
        hours=row.hours,
    )


def released(rows: Sequence[Past]) -> list[Past]:
    """Those at courses that enough people tried, such that nobody can subtract their own people's.

    A course counts from `ENOUGH_PEOPLE` people on. Where the largest holder's people would see fewer than
    that beside their own, only the largest holder's count.
    """
    by_course: defaultdict[str, list[Past]] = defaultdict(list)
    for row in rows:
        by_course[row.course.slug].append(row)
    return [row for group in by_course.values() for row in _safe(group)]


def _safe(group: Sequence[Past]) -> Sequence[Past]:
    people: defaultdict[str, set[UUID]] = defaultdict(set)
    for row in group:
        people[row.holder].add(row.learner)
    largest = max(people, key=lambda holder: (len(people[holder]), holder))
    beside = sum(map(len, people.values())) - len(people[largest])
    if 0 < beside < ENOUGH_PEOPLE:
        group = [row for row in group if row.holder == largest]
    return group if len({row.learner for row in group}) >= ENOUGH_PEOPLE else ()


def attempts(rows: Sequence[Past], *, history: Sequence[Past]) -> list[Attempt]:
    """`rows` as the model reads them; `history` are all attempts of the people in them."""
    by_learner: defaultdict[UUID, list[Past]] = defaultdict(list)
    for one in history:
        by_learner[one.learner].append(one)
    return [
        Attempt(
            learner=str(row.learner),
            course=row.course.slug,
            features=features(row.course, on_date=row.started_on, history=by_learner[row.learner]),
            completed=row.finished if row.ended_on else None,
        )
        for row in rows
    ]


def features(course: Offered, *, on_date: date, history: Sequence[Past]) -> dict[str, float]:
    """What is known on `on_date` of an attempt at `course` that starts then: `FEATURES`, nothing later.

    An attempt that ended on that day or later had not ended yet.
    """
    ended = [one for one in history if one.ended_on and one.ended_on < on_date]
    beside = [
        one
        for one in history
        if one.started_on <= on_date
        and not (one.ended_on and one.ended_on < on_date)
        and one.course.slug != course.slug
    ]
    finished = sum(one.finished for one in ended)
    return {
        "finished_before": math.log1p(min(finished, _MANY)),
        "left_before": math.log1p(min(len(ended) - finished, _MANY)),
        "repeats": float(any(one.course.slug == course.slug for one in ended)),
        "going_on_beside": float(min(len(beside), 3)),
        "hours_log": math.log(course.hours / _USUAL_HOURS),
        "paid": float(course.paid),
        "level": float(course.level),
        "hands_on": float(course.hands_on),
    }


def digest(rows: Sequence[Past]) -> str:
    """SHA-256 of the attempts, and of what is read of them: the same data is not learned from twice."""
    lines = [
        [
            *(str(row.learner), row.holder, row.course.slug, row.course.provider, row.course.hours),
            *(row.course.paid, row.course.level, row.course.hands_on, row.started_on.isoformat()),
            *(row.ended_on.isoformat() if row.ended_on else "", row.finished, row.hours),
        ]
        for row in rows
    ]
    return hashlib.sha256(json.dumps([FEATURES, lines], ensure_ascii=False).encode()).hexdigest()
