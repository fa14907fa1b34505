"""Published frameworks (ESCO, O*NET) -> concepts and relations: in batches, restartable, dry or for good.

One code path: a dry run does all of it in a transaction that is rolled back. Each batch is a transaction of
its own with its audit entry, so an import that was interrupted is gone on with by starting it again; what is
there already and unchanged is not written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction

from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.frameworks.models import Concept, ConceptRelation, Framework
from groundwork.frameworks.reports import Report
from recommender.formats.concepts import ConceptRecord, Merged, Publication, Record, RelationRecord
from recommender.formats.found import Code, Finding, Read

T = TypeVar("T")

BATCH = 2000
Progress = Callable[[str, int], None]
"""Called after each batch with the file and its rows so far."""


def import_publication(
    publication: Publication, *, actor: Actor, dry_run: bool = False, on_progress: Progress | None = None
) -> Report:
    """Create or update everything of `publication`. Raises MalformedInputError on a file that is none."""
    report = Report(dry_run=dry_run, unread=publication.unread)
    with rolled_back(when=dry_run):
        framework = _framework(publication, actor=actor)
        writer = _Writer(framework, actor=actor, report=report)
        for table in publication.tables:
            for batch in batches(table.rows(), size=BATCH):
                writer.write(batch, file=table.file)
                if on_progress:
                    on_progress(table.file, report.counts[table.file]["rows"])
    return report


@contextmanager
def rolled_back(*, when: bool) -> Iterator[None]:
    """Undo everything in the block at its end, or nothing."""
    if not when:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def batches(rows: Iterable[T], *, size: int) -> Iterator[list[T]]:
    """Lists of `size`, the last one shorter."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


@transaction.atomic
def _framework(publication: Publication, *, actor: Actor) -> Framework:
    facts = {
        "version": publication.version,
        "publisher": publication.publisher,
        "licence": publication.licence,
        "attribution": publication.attribution,
        "uri": publication.uri,
    }
    framework, created = Framework.objects.get_or_create(
        slug=publication.slug,
        defaults={"name_en": publication.name, "name_zh": publication.name, **facts},
    )
    changed = [name for name, value in facts.items() if getattr(framework, name) != value]
    if changed:
        for name in changed:
            setattr(framework, name, facts[name])
        framework.save(update_fields=[*changed, "imported_at"])
    if created or changed:
        details = {"version": publication.version, "licence": publication.licence}
        outbox.record(actor=actor, action="framework.described", subject=framework, details=details)
    return framework


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """What makes a relation one."""

    origin: int
    kind: str
    target: int


class _Writer:
    """Writes batches; knows the URIs that are there and those that came already."""

    def __init__(self, framework: Framework, *, actor: Actor, report: Report) -> None:
        self._framework = framework
        self._actor = actor
        self._report = report
        self._ids: dict[str, int] = dict(framework.concepts.values_list("uri", "pk"))
        self._came: set[str | _Key] = set()

    def write(self, batch: Sequence[Read[Record] | Finding], *, file: str) -> None:
        """Write one batch with its audit entry, or nothing of it."""
        concepts: list[Read[ConceptRecord]] = []
        relations: list[Read[RelationRecord]] = []
        for one in batch:
            if isinstance(one, Finding):
                self._report.found(one)
                continue
            self._report.row(one.file, one.line)
            match one.value:
                case ConceptRecord() as concept:
                    concepts.append(Read(one.file, one.line, concept))
                case RelationRecord() as relation:
                    relations.append(Read(one.file, one.line, relation))
                case Merged():
                    self._report.counts[one.file]["merged"] += 1
        before = self._report.total("created"), self._report.total("updated")
        with transaction.atomic():
            self._write_concepts(concepts)
            self._write_relations(relations)
            created = self._report.total("created") - before[0]
            updated = self._report.total("updated") - before[1]
            if created or updated:
                outbox.record(
                    actor=self._actor,
                    action="concepts.imported",
                    subject=self._framework,
                    details={"file": file, "created": created, "updated": updated},
                )

    def _write_concepts(self, reads: Sequence[Read[ConceptRecord]]) -> None:
        fresh = [read for read in reads if self._is_first(read, read.value.uri, name=read.value.uri)]
        known = {
            row.uri: row for row in self._framework.concepts.filter(uri__in=[r.value.uri for r in fresh])
        }
        made, changed = [], []
        for read in fresh:
            row = known.get(read.value.uri)
            if row is None:
                made.append(_worded(Concept(framework=self._framework, uri=read.value.uri), read.value))
                outcome = "created"
            else:
                before = _state(row)
                outcome = "updated" if _state(_worded(row, read.value)) != before else "unchanged"
                changed += [row] if outcome == "updated" else []
            self._report.counts[read.file][outcome] += 1
        self._ids.update((row.uri, row.pk) for row in Concept.objects.bulk_create(made))
        Concept.objects.bulk_update(changed, ["kind", "code", "label", "texts", "attributes"], batch_size=500)

    def _write_relations(self, reads: Sequence[Read[RelationRecord]]) -> None:
        keyed = [(read, key) for read in reads if (key := self._key(read)) is not None]
        fresh = [
            (read, key)
            for read, key in keyed
            if self._is_first(read, key, name=f"{read.value.origin} {read.value.kind} {read.value.target}")
        ]
        origins = {key.origin for _read, key in fresh}
        known = {
            _Key(origin=row.origin_id, kind=row.kind, target=row.target_id): row
            for row in ConceptRelation.objects.filter(origin_id__in=origins)
        }
        made, changed = [], []
        for read, key in fresh:
            row, value, attributes = known.get(key), read.value.value, dict(read.value.attributes)
            if row is None:
                made.append(_relation(key, value=value, attributes=attributes))
                outcome = "created"
            elif (row.value, row.attributes) == (value, attributes):
                outcome = "unchanged"
            else:
                row.value, row.attributes = value, attributes
                changed.append(row)
                outcome = "updated"
            self._report.counts[read.file][outcome] += 1
        ConceptRelation.objects.bulk_create(made)
        ConceptRelation.objects.bulk_update(changed, ["value", "attributes"], batch_size=500)

    def _key(self, read: Read[RelationRecord]) -> _Key | None:
        ends = {"origin": read.value.origin, "target": read.value.target}
        for column, uri in ends.items():
            if uri not in self._ids:
                self._refuse(read, Code.UNKNOWN, column=column, value=uri)
                return None
        return _Key(
            origin=self._ids[read.value.origin],
            kind=read.value.kind.value,
            target=self._ids[read.value.target],
        )

    def _is_first(self, read: Read[Any], key: str | _Key, *, name: str) -> bool:
        if key in self._came:
            self._refuse(read, Code.DUPLICATE, value=name)
            return False
        self._came.add(key)
        return True

    def _refuse(self, read: Read[Any], code: Code, **args: str) -> None:
        self._report.refused(Finding(file=read.file, line=read.line, code=code, args=args))


def _worded(row: Concept, record: ConceptRecord) -> Concept:
    """The row with what `record` says; wordings in other languages stay."""
    row.kind = record.kind.value
    row.code = record.code
    row.attributes = dict(record.attributes)
    text = {
        "label": record.label,
        "alternatives": list(record.alternatives),
        "hidden": list(record.hidden),
        "description": record.description,
        "definition": record.definition,
        "scope_note": record.scope_note,
    }
    row.texts = {**row.texts, record.language: text}
    row.label = record.label if record.language == "en" or not row.label else row.label
    return row


def _state(row: Concept) -> tuple[Any, ...]:
    return row.kind, row.code, row.label, row.texts, row.attributes


def _relation(key: _Key, *, value: Decimal | None, attributes: dict[str, str]) -> ConceptRelation:
    return ConceptRelation(
        origin_id=key.origin, kind=key.kind, target_id=key.target, value=value, attributes=attributes
    )
