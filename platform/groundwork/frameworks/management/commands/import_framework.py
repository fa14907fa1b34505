"""`manage.py import_framework esco PATH`: a published framework into the database, again and again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from groundwork.core.actors import SYSTEM
from groundwork.frameworks import publications, reports
from groundwork.frameworks.reports import Report
from recommender.errors import MalformedInputError
from recommender.formats import esco, onet

FORMATS = {"esco": esco.publication, "onet": onet.publication}


class Command(BaseCommand):
    help = "Import a published framework in its official format: esco (CSV), onet (text)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=sorted(FORMATS))
        parser.add_argument("path", type=Path, help="a folder or a zip, as published")
        parser.add_argument("--dry-run", action="store_true", help="report everything, change nothing")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of the messages")

    def handle(self, *_args: Any, path: Path, dry_run: bool, language: str, **options: Any) -> None:
        with override(language):
            try:
                report = publications.import_publication(
                    FORMATS[options["format"]](path),
                    actor=SYSTEM,
                    dry_run=dry_run,
                    on_progress=self._progress if options["verbosity"] > 1 else None,
                )
            except MalformedInputError as error:
                raise CommandError(str(error)) from error
            self._print(report)

    def _progress(self, file: str, rows: int) -> None:
        self.stderr.write(_("%(file)s: %(rows)d rows") % {"file": file, "rows": rows})

    def _print(self, report: Report) -> None:
        for finding in report.findings:
            self.stderr.write(reports.sentence(finding))
        for file, counts in report.counts.items():
            line = _(
                "%(file)s: %(rows)d rows; %(created)d created, %(updated)d updated, %(unchanged)d unchanged, "
                "%(left_out)d left out, %(bad)d skipped"
            )
            numbers = {name: counts[name] for name in ("rows", "created", "updated", "unchanged", "bad")}
            self.stdout.write(line % {"file": file, "left_out": counts["left-out"], **numbers})
        if report.unread:
            self.stdout.write(_("Not read: %(files)s") % {"files": ", ".join(report.unread)})
        if report.dry_run:
            self.stdout.write(_("This was a dry run: nothing was changed."))
