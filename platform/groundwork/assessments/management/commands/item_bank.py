"""`manage.py item_bank check|import|export|stats`: banks in and out, and what answers say of their items."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from groundwork.accounts.models import Organisation
from groundwork.assessments import exporting, importing, measuring
from groundwork.assessments.models import ItemBank
from groundwork.core.actors import Actor
from recommender.datasets import item_bank, item_cues

STEWARD = Actor(system="steward")


class Command(BaseCommand):
    help = "Check or import an item bank, export one, or print what answers say of its items."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check", "import", "export", "stats"])
        parser.add_argument("what", help="a file to check or import, the id of a bank to export or measure")
        parser.add_argument("--organisation", help="the id of the organisation whose own bank it is")
        parser.add_argument("--format", choices=["csv", "json"], default="csv", help="of the statistics")
        parser.add_argument("--retired", action="store_true", help="statistics of retired items, too")

    def handle(self, *_args: Any, action: str, what: str, **options: Any) -> None:
        organisation = _organisation(options["organisation"])
        if action in ("export", "stats"):
            bank = ItemBank.objects.filter(slug=what, organisation=organisation).first()
            if bank is None:
                raise CommandError(f"There is no bank {what!r}.")
            if action == "export":
                self.stdout.write(exporting.export_bank(bank), ending="")
            else:
                self._print_statistics(bank, as_json=options["format"] == "json", retired=options["retired"])
            return
        text = _text(Path(what))
        report = importing.import_bank(
            text,
            actor=STEWARD,
            now=timezone.now(),
            organisation=organisation,
            dry_run=action == "check",
        )
        if report.errors:
            raise CommandError("\n".join(f"{what}: {error}" for error in report.errors))
        self.stdout.write(report.as_words() + (" (nothing was written)" if action == "check" else ""))
        if action == "check":
            self._print_cues(text)

    def _print_statistics(self, bank: ItemBank, *, as_json: bool, retired: bool) -> None:
        items = bank.items.all() if retired else bank.items.current()
        rows = measuring.table(list(items.select_related("bank", "skill")))
        if as_json:
            self.stdout.write(json.dumps(rows, indent=2))
        elif rows:
            table = csv.DictWriter(self.stdout, fieldnames=list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)

    def _print_cues(self, text: str) -> None:
        """How much the length of options gives away; chance is one in the number of options."""
        bank = item_bank.read(text).bank
        if bank is None:
            return
        items = bank.items
        for language in ("en", "zh"):
            best = max(item_cues.by_length(items, language=language))
            longest = len(item_cues.longest(items, language=language))
            self.stdout.write(
                f"{language}: the right option is the longest one in {longest} of {len(items)} items; "
                f"the best guess by length alone is right in {best:.0%}"
            )


def _organisation(pk: str | None) -> Organisation | None:
    if pk is None:
        return None
    found = next((one for one in Organisation.objects.all() if str(one.pk) == pk), None)
    if found is None:
        raise CommandError(f"There is no organisation {pk!r}.")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: {error}") from error
