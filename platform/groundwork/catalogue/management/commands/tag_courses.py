"""`manage.py tag_courses`: look for skills in the text of courses that have none, for a steward to decide."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from groundwork.catalogue import tagging
from groundwork.core.actors import SYSTEM


class Command(BaseCommand):
    help = "Suggest what courses without skills teach. Stopped, it goes on where it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, help="courses to read at most")
        parser.add_argument(
            "--accept-from",
            type=float,
            help=f"accept exact names at or above this probability, at least {tagging.LOWEST_ACCEPTED}",
        )
        parser.add_argument("--language", choices=["en", "zh-hans"], default="en", help="of the messages")

    def handle(self, *_args: Any, language: str, **options: Any) -> None:
        with override(language):
            try:
                tally = tagging.tag(
                    actor=SYSTEM,
                    now=timezone.now(),
                    limit=options["limit"],
                    accept_from=options["accept_from"],
                    on_progress=self._on_progress if options["verbosity"] > 1 else None,
                )
            except ValueError as error:
                raise CommandError(str(error)) from error
            line = _(
                "%(read)d courses read, %(unchanged)d passed over; %(suggested)d new suggestions, "
                "%(withdrawn)d withdrawn, %(accepted)d accepted"
            )
            numbers = ("read", "unchanged", "suggested", "withdrawn", "accepted")
            self.stdout.write(line % {name: getattr(tally, name) for name in numbers})
            if not tally.finished:
                self.stdout.write(_("There are more: start it again."))

    def _on_progress(self, seen: int, total: int) -> None:
        self.stderr.write(_("%(seen)d of %(total)d courses") % {"seen": seen, "total": total})
