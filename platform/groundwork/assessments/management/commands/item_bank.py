"""`manage.py item_bank check|import|export`: item banks in and out, every wrong line named."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from groundwork.accounts.models import Organisation
from groundwork.assessments import exporting, importing
from groundwork.assessments.models import ItemBank
from groundwork.core.actors import Actor

STEWARD = Actor(system="steward")


class Command(BaseCommand):
    help = "Check or import an item bank, or export one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check", "import", "export"])
        parser.add_argument("what", help="a file to check or import, the id of a bank to export")
        parser.add_argument("--organisation", help="the id of the organisation whose own bank it is")

    def handle(self, *_args: Any, action: str, what: str, **options: Any) -> None:
        organisation = _organisation(options["organisation"])
        if action == "export":
            bank = ItemBank.objects.filter(slug=what, organisation=organisation).first()
            if bank is None:
                raise CommandError(f"There is no bank {what!r}.")
            self.stdout.write(exporting.export_bank(bank), ending="")
            return
        report = importing.import_bank(
            _text(Path(what)),
            actor=STEWARD,
            now=timezone.now(),
            organisation=organisation,
            dry_run=action == "check",
        )
        if report.errors:
            raise CommandError("\n".join(f"{what}: {error}" for error in report.errors))
        self.stdout.write(
            f"{report.created} new, {report.replaced} replaced, {report.updated} updated, "
            f"{report.unchanged} unchanged, {report.retired} retired"
            + (" (nothing was written)" if action == "check" else "")
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
