"""Published frameworks (ESCO, O*NET, CASE) -> concepts and relations: in batches, restartable, dry or real.

One code path: a dry run does all of it in a transaction that is rolled back. Each batch is a transaction of
its own with its audit entry, so an import that was interrupted is gone on with by starting it again; what is
there already and unchanged is not written. A concept that its publisher no longer holds is retired, not
deleted: people, courses and skills may refer to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction

from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.frameworks import concept_rows
from groundwork.frameworks.models import Concept, ConceptRelation, Framework
from groundwork.frameworks.reports import Report
from recommender.errors import MalformedInputError
from recommender.formats.concepts import (
    ConceptRecord,
    Merged,
    Publication,
    Record,
    RelationKind,
    RelationRecord,
    Table,
)
from recommender.formats.found import Code, Finding, Read, Weight

T = TypeVar("T")

BATCH = 2000
Progress = Callable[[str, int], None]
"""Called after each batch with the file and its rows so far."""


def import_publication(
    publication: Publication,
    *,
    actor: Actor,
    on_date: date,
    dry_run: bool = False,
    on_progress: Progress | None = None,
) -> Report:
    """Create or update everything of `publication`; what it lacks is retired as of `on_date`.

    Raises MalformedInputError on a file that is none.
    """
    report = Report(dry_run=dry_run, unread=publication.unread)
    with rolled_back(when=dry_run):
        framework = _framework(publication, actor=actor)
        writer = _Writer(framework, actor=actor, report=report, on_date=on_date)
        for table in publication.tables:
            for batch in batches(table.rows(), size=BATCH):
                writer.write(batch, file=table.file)
                if on_progress:
                    on_progress(table.file, report.counts[table.file]["rows"])
            writer.retire(table)
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
    if framework.uri != publication.uri and framework.uri:
        raise MalformedInputError(
            f"the short name {publication.slug!r} belongs to another framework, {framework.uri}"
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

    def __init__(self, framework: Framework, *, actor: Actor, report: Report, on_date: date) -> None:
        self._framework = framework
        self._actor = actor
        self._report = report
        self._on_date = on_date
        self._ids: dict[str, int] = dict(framework.concepts.values_list("uri", "pk"))
        self._elsewhere: dict[str, int] = {}
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
                row = Concept(framework=self._framework, uri=read.value.uri)
                made.append(concept_rows.worded(row, read.value, on_date=self._on_date))
                outcome = "created"
            else:
                before = concept_rows.state(row)
                after = concept_rows.state(concept_rows.worded(row, read.value, on_date=self._on_date))
                outcome = "updated" if after != before else "unchanged"
                changed += [row] if outcome == "updated" else []
            self._report.counts[read.file][outcome] += 1
        self._ids.update((row.uri, row.pk) for row in Concept.objects.bulk_create(made))
        Concept.objects.bulk_update(changed, concept_rows.FIELDS, batch_size=500)

    @transaction.atomic
    def retire(self, table: Table) -> None:
        """Retire the concepts that `table`, which holds all of their kinds, does not hold.

        Nothing is retired where a row could not be used: it may have been about any of them.
        """
        counts = self._report.counts[table.file]
        if not table.whole or counts["bad"] or not counts["rows"]:
            return
        here = self._framework.concepts.filter(kind__in=[kind.value for kind in table.whole], retired_on=None)
        gone = [pk for uri, pk in here.values_list("uri", "pk") if uri not in self._came]
        for batch in batches(gone, size=500):
            Concept.objects.filter(pk__in=batch).update(retired_on=self._on_date)
        if gone:
            counts["retired"] += len(gone)
            details = {"file": table.file, "retired": len(gone)}
            outbox.record(
                actor=self._actor, action="concepts.retired", subject=self._framework, details=details
            )

    def _write_relations(self, reads: Sequence[Read[RelationRecord]]) -> None:
        self._look_elsewhere(reads)
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

    def _look_elsewhere(self, reads: Sequence[Read[RelationRecord]]) -> None:
        """Find the targets of matches in other frameworks."""
        matches = (read.value for read in reads if read.value.kind is RelationKind.EXACT_MATCH)
        uris = {one.target for one in matches} - self._ids.keys() - self._elsewhere.keys()
        others = Concept.objects.exclude(framework=self._framework) if uris else Concept.objects.none()
        # Of two frameworks with the same entry, the one imported first.
        for uri, pk in others.filter(uri__in=uris).order_by("-pk").values_list("uri", "pk"):
            self._elsewhere[uri] = pk

    def _key(self, read: Read[RelationRecord]) -> _Key | None:
        origin = self._ids.get(read.value.origin)
        target = self._ids.get(read.value.target)
        if read.value.kind is RelationKind.EXACT_MATCH and target is None:
            target = self._elsewhere.get(read.value.target)
            if origin is not None and target is None:
                # It leads to a framework that nobody has imported here.
                self._refuse(read, Code.UNKNOWN, Weight.LEFT_OUT, column="target", value=read.value.target)
                return None
        if origin is None or target is None:
            column, uri = ("origin", read.value.origin) if origin is None else ("target", read.value.target)
            self._refuse(read, Code.UNKNOWN, column=column, value=uri)
            return None
        return _Key(origin=origin, kind=read.value.kind.value, target=target)

    def _is_first(self, read: Read[Any], key: str | _Key, *, name: str) -> bool:
        if key in self._came:
            self._refuse(read, Code.DUPLICATE, value=name)
            return False
        self._came.add(key)
        return True

    def _refuse(self, read: Read[Any], code: Code, weight: Weight = Weight.BAD, **args: str) -> None:
        self._report.refused(Finding(file=read.file, line=read.line, code=code, weight=weight, args=args))


def _relation(key: _Key, *, value: Decimal | None, attributes: dict[str, str]) -> ConceptRelation:
    return ConceptRelation(
        origin_id=key.origin, kind=key.kind, target_id=key.target, value=value, attributes=attributes
    )
