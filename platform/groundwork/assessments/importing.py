"""Item banks -> rows. Idempotent; the dry run walks the same way and takes everything back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from groundwork.accounts.models import Organisation
from groundwork.assessments.models import Item, ItemBank
from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.frameworks.models import Skill
from recommender.datasets import item_bank
from recommender.datasets.item_bank import BankItem, LineError


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did, or would do; with errors it did nothing.

    `replaced` questions were put in other words: the old row stays for the answers given to it.
    """

    created: int = 0
    replaced: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0
    errors: tuple[LineError, ...] = ()

    @property
    def changes(self) -> int:
        """How many items are not as they were."""
        return self.created + self.replaced + self.updated + self.retired

    def as_words(self) -> str:
        """For commands."""
        return (
            f"{self.created} new, {self.replaced} replaced, {self.updated} updated, "
            f"{self.unchanged} unchanged, {self.retired} retired"
        )


def import_shipped(root: Path, *, actor: Actor, now: datetime) -> dict[Path, Report]:
    """Load the banks of `root`/assessments whose files are not those loaded last; the reports by file.

    Banks of everybody that a steward changed since stay as they are until the file itself changes. A file
    with errors leaves its bank as it was, and is tried again the next time.
    """
    loaded = set(ItemBank.objects.filter(organisation=None).values_list("shipped_digest", flat=True))
    reports = {}
    for path in sorted((root / "assessments").glob("*.jsonl")):
        text = path.read_text(encoding="utf-8-sig")
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in loaded:
            reports[path] = import_bank(text, actor=actor, now=now, digest=digest)
    return reports


def import_bank(
    text: str,
    *,
    actor: Actor,
    now: datetime,
    organisation: Organisation | None = None,
    dry_run: bool = False,
    digest: str = "",
) -> Report:
    """Bring the bank to what `text` says; items that are not in it are retired, never deleted.

    A bank with any wrong line is refused whole: a line left out would retire the item it stands for.
    `digest` marks the bank as that of a shipped file.
    """
    reading = item_bank.read(text, skills=set(Skill.objects.values_list("slug", flat=True)))
    if reading.bank is None:
        return Report(errors=reading.errors)
    with transaction.atomic():
        report = _write(reading.bank, actor=actor, now=now, organisation=organisation)
        if digest:
            ItemBank.objects.filter(slug=reading.bank.id, organisation=None).update(shipped_digest=digest)
        transaction.set_rollback(dry_run)
    return report


def _write(
    value: item_bank.ItemBank, *, actor: Actor, now: datetime, organisation: Organisation | None
) -> Report:
    bank, is_new = ItemBank.objects.update_or_create(
        slug=value.id,
        organisation=organisation,
        defaults={
            "name_en": value.name.en,
            "name_zh": value.name.zh,
            "author": value.author,
            "licence": value.licence,
            "difficulty_basis_en": value.difficulty_basis.en,
            "difficulty_basis_zh": value.difficulty_basis.zh,
        },
    )
    report = _write_items(value, bank=bank, now=now)
    if is_new or report.changes:
        outbox.record(
            actor=actor,
            action="item-bank.imported",
            subject=bank,
            organisation_id=organisation.pk if organisation else None,
            details={"bank": bank.slug, "changes": report.changes},
        )
    return report


def _write_items(value: item_bank.ItemBank, *, bank: ItemBank, now: datetime) -> Report:
    skills = {skill.slug: skill for skill in Skill.objects.all()}
    held = {item.code: item for item in bank.items.current().select_related("skill")}
    fresh, updated, unchanged, replaced = [], [], 0, []
    for position, one in enumerate(value.items, start=1):
        row = _row(one, bank=bank, skill=skills[one.skill], position=position)
        old = held.pop(one.id, None)
        if old is None or _asks(old) != _asks(row):
            fresh.append(row)
            replaced += [old] if old else []
        elif _beside(old) != _beside(row):
            row.pk = old.pk
            updated.append(row)
        else:
            unchanged += 1
    gone = [item.pk for item in (*held.values(), *replaced)]
    bank.items.filter(pk__in=gone).update(retired_at=now)
    Item.objects.bulk_update(updated, ["level", "why_en", "why_zh", "position"])
    Item.objects.bulk_create(fresh)
    return Report(
        created=len(fresh) - len(replaced),
        replaced=len(replaced),
        updated=len(updated),
        unchanged=unchanged,
        retired=len(held),
    )


def _row(one: BankItem, *, bank: ItemBank, skill: Skill, position: int) -> Item:
    return Item(
        bank=bank,
        code=one.id,
        position=position,
        skill=skill,
        level=one.level,
        stem_en=one.stem.en,
        stem_zh=one.stem.zh,
        options=[{"en": option.en, "zh": option.zh} for option in one.options],
        key=one.key,
        why_en=one.why.en,
        why_zh=one.why.zh,
    )


def _asks(item: Item) -> tuple[object, ...]:
    """What an answer was given to: with another of these it is another question."""
    return (item.skill.slug, item.stem_en, item.stem_zh, item.options, item.key)


def _beside(item: Item) -> tuple[object, ...]:
    return (item.level, item.why_en, item.why_zh, item.position)
