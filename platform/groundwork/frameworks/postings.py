"""Job postings -> counts by role, skill and month: in batches, restartable, dry or for good.

One code path, as for frameworks: a dry run does all of it in a transaction that is rolled back; each batch is
a transaction of its own with its audit entry. Of a posting stays a hash of employer and title with its day,
so that it counts once, and what it adds to the counts. What follows from them stands in `demand`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.text import slugify

from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.frameworks import demand, suggesting, vocabulary
from groundwork.frameworks.models import PostingCount, PostingSource, Role, SeenPosting, Skill
from groundwork.frameworks.publications import batches, rolled_back
from groundwork.frameworks.reports import Report
from recommender.errors import MalformedInputError
from recommender.estimators.demand import SAME_POSTING_DAYS
from recommender.formats import postings
from recommender.formats.found import Code, Finding, Read, Weight
from recommender.formats.postings import PostingRecord
from recommender.matching.postings import LinkedPosting, PostingLinker

BATCH = 1000
Rows = Iterator[Read[PostingRecord] | Finding]
Progress = Callable[[str, int], None]
"""Called after each batch with the file and its rows so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """What a count is of: role, skill (ids, None: see `PostingCount`) and first day of the month."""

    role: int | None
    skill: int | None
    month: date | None


def import_postings(
    read: Callable[[], Rows],
    *,
    source: str,
    as_of: str,
    actor: Actor,
    dry_run: bool = False,
    on_progress: Progress | None = None,
) -> Report:
    """Count the postings that `read` gives (it is called twice) as those of `source`, up to `as_of`.

    Repeats are left out: same employer and title within 30 days. Then demand and suggestions follow. Raises
    MalformedInputError on a file that is none, and for a name of a source that has no letter or digit.
    """
    report = Report(dry_run=dry_run)
    repeated = postings.repeated_lines(read(), days=SAME_POSTING_DAYS)
    with rolled_back(when=dry_run):
        writer = _Writer(_source(source, as_of=as_of, actor=actor), actor=actor, report=report)
        for batch in batches(read(), size=BATCH):
            writer.write(batch, repeated=repeated)
            if on_progress:
                on_progress(batch[0].file, report.counts[batch[0].file]["rows"])
        if writer.source.evaluated != writer.source.postings:
            _evaluate(writer.source, actor=actor)
    return report


@transaction.atomic
def _source(name: str, *, as_of: str, actor: Actor) -> PostingSource:
    slug = slugify(name)[:80]
    if not slug:
        raise MalformedInputError(f"{name!r} is no name of a source")
    found, created = PostingSource.objects.get_or_create(slug=slug, defaults={"name": name, "as_of": as_of})
    if created or (found.name, found.as_of) != (name, as_of):
        found.name, found.as_of = name, as_of
        found.save(update_fields=["name", "as_of", "imported_at"])
        outbox.record(
            actor=actor, action="postings.source-described", subject=found, details={"as_of": as_of}
        )
    return found


@transaction.atomic
def _evaluate(source: PostingSource, *, actor: Actor) -> None:
    demand.refresh(source, actor=actor)
    suggesting.suggest(source, actor=actor)
    source.evaluated = source.postings
    source.save(update_fields=["evaluated", "imported_at"])


class _Writer:
    """Writes batches of one source; knows the framework and the counts that are there."""

    def __init__(self, source: PostingSource, *, actor: Actor, report: Report) -> None:
        self.source = source
        self._actor = actor
        self._report = report
        self._roles = dict(Role.objects.values_list("slug", "pk"))
        self._skills = dict(Skill.objects.values_list("slug", "pk"))
        self._linker = linker()
        self._counts = {
            _Place(role=row.role_id, skill=row.skill_id, month=row.month): row for row in source.counts.all()
        }

    def write(self, batch: Sequence[Read[PostingRecord] | Finding], *, repeated: frozenset[int]) -> None:
        """Write one batch with its audit entry, or nothing of it."""
        fresh = []
        for one in batch:
            if isinstance(one, Finding):
                self._report.found(one)
                continue
            self._report.row(one.file, one.line)
            if one.line in repeated:
                self._leave_out(one)
            else:
                fresh.append(one)
        with transaction.atomic():
            made = self._new(fresh)
            if not made:
                return
            SeenPosting.objects.bulk_create(
                SeenPosting(source=self.source, digest=one.digest, posted_on=one.posted_on) for one in made
            )
            self._count(made)
            outbox.record(
                actor=self._actor,
                action="postings.imported",
                subject=self.source,
                details={"file": batch[0].file, "created": len(made)},
            )

    def _leave_out(self, read: Read[PostingRecord]) -> None:
        self._report.refused(
            Finding(file=read.file, line=read.line, code=Code.REPEATED, weight=Weight.LEFT_OUT)
        )

    def _new(self, reads: Sequence[Read[PostingRecord]]) -> list[PostingRecord]:
        """Those that no earlier import has counted, nor one like them within the days."""
        known: dict[str, list[date | None]] = {}
        wanted = {read.value.digest for read in reads}
        rows = self.source.seen.filter(digest__in=wanted).values_list("digest", "posted_on")
        for digest, day in rows:
            known.setdefault(digest, []).append(day)
        made = []
        for read in reads:
            days = known.get(read.value.digest, [])
            if read.value.posted_on in days:
                self._report.counts[read.file]["unchanged"] += 1
            elif any(_is_near(read.value.posted_on, day) for day in days):
                self._leave_out(read)
            else:
                # Two near each other in this file are told apart already; this is for a row that comes twice.
                known.setdefault(read.value.digest, []).append(read.value.posted_on)
                self._report.counts[read.file]["created"] += 1
                made.append(read.value)
        return made

    def _count(self, records: Iterable[PostingRecord]) -> None:
        postings_, stated, levels = Counter[_Place](), Counter[_Place](), Counter[_Place]()
        matched = dated = total = 0
        for record in records:
            linked = self._linker.link(title=record.title, text=record.text, listed=record.listed)
            total += 1
            matched += bool(linked.role)
            dated += record.posted_on is not None
            for place, level in self._places(linked, record.posted_on):
                postings_[place] += 1
                stated[place] += level is not None
                levels[place] += level or 0
        for place, count in postings_.items():
            row = self._counts.setdefault(
                place,
                PostingCount(source=self.source, role_id=place.role, skill_id=place.skill, month=place.month),
            )
            row.postings += count
            row.stated += stated[place]
            row.levels += levels[place]
        touched = [self._counts[place] for place in postings_]
        known = [row for row in touched if not row._state.adding]
        PostingCount.objects.bulk_create([row for row in touched if row._state.adding])
        PostingCount.objects.bulk_update(known, ["postings", "stated", "levels"], batch_size=500)
        self.source.postings += total
        self.source.matched += matched
        self.source.dated += dated
        self.source.save(update_fields=["postings", "matched", "dated", "imported_at"])

    def _places(self, linked: LinkedPosting, posted_on: date | None) -> Iterator[tuple[_Place, int | None]]:
        month = posted_on.replace(day=1) if posted_on else None
        role = self._roles.get(linked.role)
        yield _Place(role=role, skill=None, month=month), None
        for skill, level in linked.skills.items():
            yield _Place(role=role, skill=self._skills[skill], month=month), level


def linker() -> PostingLinker:
    """A linker for postings over all roles and skills."""
    roles = [
        (role.slug, role.label, (*role.aliases_en, *role.aliases_zh))
        for role in Role.objects.order_by("code")
    ]
    return PostingLinker(roles, skills=vocabulary.linker())


def _is_near(one: date | None, other: date | None) -> bool:
    if one is None or other is None:
        return False
    return abs(one - other) < timedelta(days=SAME_POSTING_DAYS)
