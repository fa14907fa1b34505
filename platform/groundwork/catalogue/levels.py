"""What a source says in our own vocabulary that a course teaches and requires."""

from __future__ import annotations

from collections.abc import Sequence

from groundwork.catalogue.models import Course, Outcome, Prerequisite
from groundwork.frameworks.models import Skill
from recommender.formats.course_records import CatalogueRecord


def write_stated(courses: Sequence[tuple[Course, CatalogueRecord]]) -> None:
    """Outcomes and prerequisites of new courses; skills that are not in the vocabulary are passed over."""
    named = {slug for _course, record in courses for slug, _level in (*record.teaches, *record.requires)}
    if not named:
        return
    skills = dict(Skill.objects.filter(slug__in=named).values_list("slug", "pk"))
    Outcome.objects.bulk_create(
        Outcome(course=course, skill_id=skills[slug], level=level)
        for course, record in courses
        for slug, level in record.teaches
        if slug in skills
    )
    Prerequisite.objects.bulk_create(
        Prerequisite(course=course, skill_id=skills[slug], level=level)
        for course, record in courses
        for slug, level in record.requires
        if slug in skills
    )
