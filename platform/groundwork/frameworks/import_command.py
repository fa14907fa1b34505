"""What the commands that import share: their options, their progress and their report."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from groundwork.frameworks import reports
from groundwork.frameworks.reports import Report


class ImportCommand(BaseCommand):
    """A command that imports from a path and says what became of every row."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="report everything, change nothing")
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of the messages")

    def on_progress(self, file: str, rows: int) -> None:
        self.stderr.write(_("%(file)s: %(rows)d rows") % {"file": file, "rows": rows})

    def print_report(self, report: Report) -> None:
        for finding in report.findings:
            self.stderr.write(reports.sentence(finding))
        for file, counts in report.counts.items():
            line = _(
                "%(file)s: %(rows)d rows; %(created)d created, %(updated)d updated, %(unchanged)d unchanged, "
                "%(left_out)d left out, %(bad)d skipped"
            )
            numbers = {name: counts[name] for name in ("rows", "created", "updated", "unchanged", "bad")}
            self.stdout.write(line % {"file": file, "left_out": counts["left-out"], **numbers})
            if counts["retired"]:
                words = _("%(file)s: %(retired)d that the publisher no longer holds are retired")
                self.stdout.write(words % {"file": file, "retired": counts["retired"]})
        if report.unread:
            self.stdout.write(_("Not read: %(files)s") % {"files": ", ".join(report.unread)})
        if report.dry_run:
            self.stdout.write(_("This was a dry run: nothing was changed."))
