"""Published catalogues (tables with a mapping) -> courses: in batches, restartable, dry or for good.

One code path, as for frameworks: a dry run does all of it in a transaction that is rolled back; each batch is
a transaction of its own with its audit entry, and what is there already and unchanged is not written. Courses
come in without skills, so that no plan uses them before somebody has said what they teach; only a source that
speaks in our vocabulary says it itself, of courses that are new. What a person corrected besides, withdrawal,
outcomes and prerequisites, is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from groundwork.catalogue import levels, prerequisites
from groundwork.catalogue.models import Course, Provider
from groundwork.catalogue.prerequisites import Place
from groundwork.core import searching
from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.frameworks.publications import batches, rolled_back
from groundwork.frameworks.reports import Report
from recommender.formats.course_records import CatalogueRecord
from recommender.formats.found import Code, Finding, Read
from recommender.formats.prerequisites import Prerequisites

BATCH = 1000
Progress = Callable[[str, int], None]
"""Called after each batch with the file and its rows so far."""

FIELDS = (
    "title_en",
    "title_zh",
    "provider_id",
    "url",
    "language",
    "level",
    "format",
    "hours",
    "hours_basis",
    "price_class",
    "price",
    "price_basis",
    "description",
    "keywords",
    "licence",
    "prerequisites_text",
    "prerequisites_flags",
    "area",
    "source",
    "source_id",
    "provenance",
)
"""What an import sets; everything else of a course is not its business."""


def import_catalogue(
    rows: Iterable[Read[CatalogueRecord] | Finding],
    *,
    source: str,
    actor: Actor,
    dry_run: bool = False,
    on_progress: Progress | None = None,
) -> Report:
    """Create or update the courses of `rows`, which come from `source` (its name for people).

    Raises MalformedInputError on a file that is none.
    """
    report = Report(dry_run=dry_run)
    places: dict[str, Place] = {}
    origins: set[str] = set()
    with rolled_back(when=dry_run):
        for batch in batches(rows, size=BATCH):
            file = batch[0].file
            _write(batch, file=file, source=source, actor=actor, report=report)
            for read in batch:
                if isinstance(read, Read):
                    places[read.value.slug] = (read.file, read.line)
                    origins.add(read.value.origin)
            if on_progress:
                on_progress(file, report.counts[file]["rows"])
        for origin in sorted(origins):
            prerequisites.find_targets(origin)
            for finding in prerequisites.circles_of(origin, places):
                report.refused(finding)
    return report


@transaction.atomic
def _write(
    batch: Sequence[Read[CatalogueRecord] | Finding], *, file: str, source: str, actor: Actor, report: Report
) -> None:
    """Write one batch with its audit entry, or nothing of it."""
    reads: list[Read[CatalogueRecord]] = []
    for one in batch:
        if isinstance(one, Finding):
            report.found(one)
        else:
            report.row(one.file, one.line)
            reads.append(one)
    made, changed = _sorted(reads, source=source, report=report)
    records = {read.value.slug: read.value for read in reads}
    Course.objects.bulk_create([course for course, _parsed in made])
    updated = [course for course, _parsed in changed]
    Course.objects.bulk_update(updated, [*_columns(), "updated_at", *searching.COLUMNS], batch_size=250)
    prerequisites.rewrite([*made, *changed])
    levels.write_stated([(course, records[course.slug]) for course, _parsed in made])
    if made or changed:
        # The origin names a set of courses that has no row of its own; the newest stands for it.
        outbox.record(
            actor=actor,
            action="courses.imported",
            subject=(made or changed)[-1][0],
            details={
                "file": file,
                "origin": reads[0].value.origin,
                "created": len(made),
                "updated": len(changed),
            },
        )


Written = list[tuple[Course, Prerequisites]]
"""Courses with what their prerequisites ask for."""


def _sorted(
    reads: Sequence[Read[CatalogueRecord]], *, source: str, report: Report
) -> tuple[Written, Written]:
    """The courses to be created and those to be updated; counts these and all others."""
    providers = _providers({read.value.provider for read in reads} - {""})
    there = Course.objects.select_for_update().filter(slug__in=[read.value.slug for read in reads])
    known = {row.slug: row for row in there}
    needs = prerequisites.stored(known.values())
    made: Written = []
    changed: Written = []
    for read in reads:
        record = read.value
        row = known.get(record.slug)
        parsed = prerequisites.parse(record.prerequisites_text)
        values = _values(record, parsed, source=source, provider_id=providers.get(record.provider))
        if row is None:
            fixed = {"origin": record.origin, "hands_on": record.hands_on, "updated_at": _now()}
            made.append((Course(slug=record.slug, **fixed, **values), parsed))
            outcome = "created"
        elif row.origin != record.origin:
            args = {"value": record.source_id[:80]}
            report.refused(Finding(file=read.file, line=read.line, code=Code.CLASH, args=args))
            continue
        elif _set(row, values) or needs[row.pk] != prerequisites.rows(parsed):
            changed.append((row, parsed))
            outcome = "updated"
        else:
            outcome = "unchanged"
        report.counts[read.file][outcome] += 1
    return made, changed


def _providers(names: set[str]) -> dict[str, int]:
    there = dict(Provider.objects.filter(name__in=names).values_list("name", "pk"))
    Provider.objects.bulk_create(
        [Provider(name=name) for name in sorted(names - there.keys())], ignore_conflicts=True
    )
    return dict(Provider.objects.filter(name__in=names).values_list("name", "pk"))


def _values(
    record: CatalogueRecord, parsed: Prerequisites, *, source: str, provider_id: int | None
) -> dict[str, Any]:
    hours_basis = Course.Basis.ESTIMATE if record.hours_estimated else Course.Basis.KNOWN
    price_basis = Course.Basis.ESTIMATE if record.price_estimated else Course.Basis.KNOWN
    return {
        "title_en": record.title,
        # A title is a name: it stands in the language of the course for every reader.
        "title_zh": record.title_zh or record.title,
        "provider_id": provider_id,
        "url": record.url,
        "language": record.language,
        "level": record.level,
        "format": record.format,
        "hours": record.hours,
        "hours_basis": "" if record.hours is None else hours_basis.value,
        "price_class": record.price_class,
        "price": record.price,
        "price_basis": "" if record.price is None else price_basis.value,
        "description": record.description,
        "keywords": list(record.keywords),
        "licence": record.licence[:120],
        "prerequisites_text": record.prerequisites_text,
        "prerequisites_flags": sorted(flag.value for flag in parsed.flags),
        "area": record.topic,
        "source": source[:120],
        "source_id": record.source_id,
        "provenance": f"{source}; {record.licence}"[:300] if record.licence else source[:300],
    }


def _set(row: Course, values: dict[str, Any]) -> bool:
    """Put `values` into `row`; whether that changed anything."""
    before = [getattr(row, name) for name in FIELDS]
    for name in FIELDS:
        setattr(row, name, values[name])
    row.updated_at = _now()
    if before == [getattr(row, name) for name in FIELDS]:
        return False
    searching.refresh(row)
    return True


def _columns() -> list[str]:
    return [name.removesuffix("_id") if name == "provider_id" else name for name in FIELDS]


def _now() -> datetime:
    return timezone.now()
