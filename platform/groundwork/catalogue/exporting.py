"""The catalogue -> MOOChub v3, for other catalogues and for a copy of our own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from groundwork.catalogue.models import Course
from recommender.domain import Label
from recommender.formats import moochub
from recommender.formats.course_records import CatalogueRecord

BATCH = 500


def resources(courses: Iterable[Course], *, base_url: str) -> list[dict[str, Any]]:
    """One resource object per course; read the courses `with_skills()`. `base_url` is where we are found."""
    return [_resource(course, base_url=base_url) for course in courses]


def document(*, base_url: str) -> Iterator[str]:
    """All courses on offer as one document, piece by piece, one course on each line."""
    here = f"{base_url}/api/v1/moochub/courses/"
    links = {"self": here, "first": here, "last": here}
    yield '{"links": ' + json.dumps(links) + ',\n"data": ['
    between = "\n"
    for course in Course.objects.offered().with_skills().order_by("slug").iterator(chunk_size=BATCH):
        made = _resource(course, base_url=base_url)
        yield between + json.dumps(made, ensure_ascii=False, separators=(",", ":"))
        between = ",\n"
    yield "\n]}\n"


def _resource(course: Course, *, base_url: str) -> dict[str, Any]:
    skills = [row.skill for row in course.outcomes.all()] + [row.skill for row in course.prerequisites.all()]
    names = {skill.slug: Label(en=skill.name_en, zh=skill.name_zh) for skill in skills}
    website = f"{base_url}/api/v1/courses/{course.slug}/"
    return moochub.resource(_record(course), skills=names, website=website)


def _record(course: Course) -> CatalogueRecord:
    return CatalogueRecord(
        slug=course.slug,
        origin=course.origin,
        source_id=course.source_id,
        title=course.title_en,
        title_zh=course.title_zh,
        language=course.language,
        format=course.format,
        provider=course.provider.name if course.provider else "",
        url=course.url,
        level=course.level,
        hours=course.hours,
        hours_estimated=course.hours_basis == Course.Basis.ESTIMATE,
        price_class=course.price_class,
        price=course.price,
        price_estimated=course.price_basis == Course.Basis.ESTIMATE,
        hands_on=course.hands_on,
        topic=course.area,
        description=course.description,
        keywords=tuple(course.keywords),
        prerequisites_text=course.prerequisites_text,
        licence=course.licence,
        teaches=tuple((row.skill.slug, row.level) for row in course.outcomes.all()),
        requires=tuple((row.skill.slug, row.level) for row in course.prerequisites.all()),
    )
