"""Course records -> rows. Idempotent; a course that left the catalogue is withdrawn, never deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from groundwork.catalogue.models import Course, Outcome, Prerequisite, Provider
from groundwork.core.actors import SYSTEM
from groundwork.events import outbox
from groundwork.frameworks.models import Framework, Skill
from recommender.datasets import CourseRecord


@transaction.atomic
def import_courses(records: Iterable[CourseRecord], *, framework: Framework, on_date: date) -> None:
    """Create or update all courses of `records`; others of ours are withdrawn as of `on_date`."""
    records = list(records)
    Provider.objects.bulk_create(
        [Provider(name=name) for name in sorted({record.provider for record in records} - {""})],
        ignore_conflicts=True,
    )
    providers = dict(Provider.objects.values_list("name", "pk"))
    courses = [_course(record, provider_id=providers.get(record.provider)) for record in records]
    fields = [f.name for f in Course._meta.concrete_fields if not f.primary_key and f.name != "slug"]
    Course.objects.bulk_create(courses, update_conflicts=True, unique_fields=["slug"], update_fields=fields)
    ours = Course.objects.offered().filter(origin=Course.SEED)
    gone = ours.exclude(slug__in=[record.course.id for record in records])
    gone.update(withdrawn_on=on_date, updated_at=timezone.now())
    _import_levels(records)
    outbox.record(
        actor=SYSTEM, action="catalogue.imported", subject=framework, details={"courses": len(records)}
    )


def _course(record: CourseRecord, *, provider_id: int | None) -> Course:
    return Course(
        slug=record.course.id,
        origin=Course.SEED,
        title_en=record.title.en,
        title_zh=record.title.zh,
        provider_id=provider_id,
        url=record.url,
        language=record.language,
        level=record.level,
        format=record.format,
        hours=record.course.hours,
        hours_basis=record.hours_basis,
        price_class=record.price_class,
        price=record.course.price,
        price_basis=record.price_basis,
        hands_on=record.hands_on,
        prerequisites_text=record.prerequisites_text,
        area=record.area,
        source=record.source,
        source_id=record.source_id,
        provenance=record.provenance,
        updated_at=timezone.now(),
    )


def _import_levels(records: list[CourseRecord]) -> None:
    slugs = [record.course.id for record in records]
    courses = dict(Course.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    skills = dict(Skill.objects.values_list("slug", "pk"))
    # By key, without a join: on tables nobody has analysed yet PostgreSQL plans the join as nested loops.
    Outcome.objects.filter(course_id__in=courses.values()).delete()
    Prerequisite.objects.filter(course_id__in=courses.values()).delete()
    Outcome.objects.bulk_create(
        Outcome(course_id=courses[record.course.id], skill_id=skills[skill], level=level)
        for record in records
        for skill, level in record.course.teaches.items()
    )
    Prerequisite.objects.bulk_create(
        Prerequisite(course_id=courses[record.course.id], skill_id=skills[skill], level=level)
        for record in records
        for skill, level in record.course.requires.items()
    )
