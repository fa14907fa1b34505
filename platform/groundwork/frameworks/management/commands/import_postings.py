"""`manage.py import_postings FILE --source NAME --as-of DATE`: job postings into counts, again and again."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import override

from groundwork.core.actors import SYSTEM
from groundwork.frameworks import postings
from groundwork.frameworks.import_command import ImportCommand
from recommender.errors import MalformedInputError
from recommender.formats import courses, posting_mappings
from recommender.formats import postings as tables


class Command(ImportCommand):
    help = "Count job postings by role and skill: a CSV, JSON or JSON Lines file, gzipped or not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, help="the name under which people see it")
        parser.add_argument("--as-of", required=True, help="the day or the time they are of, as shown")
        presets = ", ".join(sorted(posting_mappings.PRESETS))
        parser.add_argument(
            "--mapping", default="schema-org", help=f"a JSON or TOML file, or one of {presets}"
        )
        super().add_arguments(parser)

    def handle(self, *_args: Any, path: Path, dry_run: bool, language: str, **options: Any) -> None:
        with override(language):
            try:
                table = courses.source(path)
                report = postings.import_postings(
                    partial(tables.read, table, posting_mappings.mapping(options["mapping"])),
                    source=options["source"],
                    as_of=options["as_of"],
                    actor=SYSTEM,
                    dry_run=dry_run,
                    on_progress=self.on_progress if options["verbosity"] > 1 else None,
                )
            except MalformedInputError as error:
                raise CommandError(str(error)) from error
            self.print_report(report)
