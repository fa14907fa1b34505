"""`manage.py import_catalogue FILE --mapping udemy`: a catalogue of courses into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from groundwork.catalogue import publications
from groundwork.core.actors import SYSTEM
from groundwork.frameworks import reports
from groundwork.frameworks.reports import Report
from recommender.errors import MalformedInputError
from recommender.formats import course_mappings, courses


class Command(BaseCommand):
    help = "Import a course catalogue: a CSV or JSON file, gzipped or not, by a mapping of its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE")
        presets = ", ".join(sorted(course_mappings.PRESETS))
        parser.add_argument("--mapping", required=True, help=f"a JSON or TOML file, or one of {presets}")
        parser.add_argument("--dry-run", action="store_true", help="report everything, change nothing")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of the messages")

    def handle(self, *_args: Any, path: Path, dry_run: bool, language: str, **options: Any) -> None:
        with override(language):
            try:
                how = course_mappings.mapping(options["mapping"])
                report = publications.import_catalogue(
                    courses.read(courses.source(path), how),
                    source=how.name,
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
        if report.dry_run:
            self.stdout.write(_("This was a dry run: nothing was changed."))
