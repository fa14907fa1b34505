"""The text of prerequisites -> needs in rows, the courses they name, and circles among these."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from django.utils import timezone

from groundwork.catalogue.models import Course, PrerequisiteNeed
from recommender.formats import circles
from recommender.formats import prerequisites as texts
from recommender.formats.found import Code, Finding, Weight
from recommender.formats.prerequisites import Prerequisites

NeedRow = tuple[int, int, int, str, str, bool]
"""group, alternative, position, kind, text, together"""

Place = tuple[str, int]
"""File and line of a course."""

COLUMNS = ("group", "alternative", "position", "kind", "text", "together")
_BETWEEN = re.compile(r"[^A-Z0-9.]+")
_NAMED = 8
"""Courses of one circle that a report names."""


def parse(text: str) -> Prerequisites:
    """What the text asks for."""
    return texts.parse(text)


def rows(parsed: Prerequisites) -> list[NeedRow]:
    """The needs as they are stored, in order."""
    return [
        (group, alternative, position, need.kind.value, need.text, need.together)
        for group, ways in enumerate(parsed.groups)
        for alternative, way in enumerate(ways)
        for position, need in enumerate(way)
    ]


def stored(courses: Collection[Course]) -> defaultdict[int, list[NeedRow]]:
    """The needs that are there, by course, in one query."""
    found: defaultdict[int, list[NeedRow]] = defaultdict(list)
    needs = PrerequisiteNeed.objects.filter(course_id__in=[course.pk for course in courses])
    for course, *row in needs.order_by("course_id", *COLUMNS[:3]).values_list("course_id", *COLUMNS):
        found[course].append(tuple(row))
    return found


def rewrite(courses: Sequence[tuple[Course, Prerequisites]]) -> None:
    """Put what is asked for in the place of what was."""
    PrerequisiteNeed.objects.filter(course_id__in=[course.pk for course, _parsed in courses]).delete()
    PrerequisiteNeed.objects.bulk_create(
        PrerequisiteNeed(course=course, **dict(zip(COLUMNS, row, strict=True)))
        for course, parsed in courses
        for row in rows(parsed)
    )


def find_targets(origin: str) -> None:
    """Link the needs of an origin's courses to the courses of the same origin that they name.

    A text may name a course that comes later in the file, so this follows the last batch.
    """
    named = {
        key: pk
        for pk, source_id in Course.objects.filter(origin=origin).values_list("pk", "source_id")
        if (key := _key(source_id))
    }
    changed = []
    needs = PrerequisiteNeed.objects.filter(course__origin=origin, kind=PrerequisiteNeed.Kind.COURSE)
    for need in needs.only("pk", "text", "target_id", "course_id").order_by("pk").iterator(chunk_size=2000):
        target = named.get(_key(need.text))
        if target != need.target_id:
            need.target_id = target
            changed.append(need)
    PrerequisiteNeed.objects.bulk_update(changed, ["target"], batch_size=500)
    # The engine reads them, and looks at the courses to see whether anything is new.
    for start in range(0, len(changed), 500):
        courses = {need.course_id for need in changed[start : start + 500]}
        Course.objects.filter(pk__in=courses).update(updated_at=timezone.now())


def _key(name: str) -> str:
    """MATH-2010 and "Math 2010" are the same course."""
    return _BETWEEN.sub("", name.upper())


def circles_of(origin: str, places: Mapping[str, Place]) -> Iterator[Finding]:
    """The circles among the courses of an origin, each at the first of its courses in the file.

    What may be taken at the same time closes no circle.
    """
    slugs = dict(Course.objects.filter(origin=origin).values_list("pk", "slug"))
    ids = dict(Course.objects.filter(origin=origin).values_list("slug", "source_id"))
    groups = _groups(origin, slugs)
    edges = {
        course: {name for ways in asked for way in ways for name in way if name in ids}
        for course, asked in groups.items()
    }
    closed = circles.never_open(groups)
    for circle in circles.circles(edges):
        here = sorted((places[slug], slug) for slug in circle if slug in places)
        if not here:
            continue
        (file, line), _slug = here[0]
        names = [ids[slug] for slug in circle]
        value = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        code = Code.CLOSED if closed & set(circle) else Code.CIRCLE
        yield Finding(file=file, line=line, code=code, weight=Weight.NOTE, args={"value": value})


def _groups(origin: str, slugs: Mapping[int, str]) -> dict[str, list[list[list[str]]]]:
    """Per course its groups of ways; a need that is no course of the origin goes by the empty name."""
    columns = ("course_id", "group", "alternative", "kind", "together", "target_id")
    needs = PrerequisiteNeed.objects.filter(course__origin=origin).order_by(*columns[:3], "position")
    made: dict[str, list[list[list[str]]]] = {slug: [] for slug in slugs.values()}
    for (course, _group), rows_of_group in groupby(needs.values_list(*columns), key=lambda row: row[:2]):
        ways = [
            list(_names(way, slugs)) for _alternative, way in groupby(rows_of_group, key=lambda row: row[2])
        ]
        made[slugs[course]].append(ways)
    return made


def _names(way: Iterable[tuple[object, ...]], slugs: Mapping[int, str]) -> Iterator[str]:
    for _course, _group, _alternative, _kind, together, target in way:
        yield slugs.get(target, "") if isinstance(target, int) and not together else ""
