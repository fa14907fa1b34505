"""`manage.py import_catalogue FILE --mapping udemy`: a catalogue of courses into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import override

from groundwork.catalogue import publications
from groundwork.core.actors import SYSTEM
from groundwork.frameworks.import_command import ImportCommand
from recommender.errors import MalformedInputError
from recommender.formats import course_mappings, courses


class Command(ImportCommand):
    help = "Import a course catalogue: a CSV or JSON file, gzipped or not, by a mapping of its columns."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE")
        presets = ", ".join(sorted(course_mappings.PRESETS))
        parser.add_argument("--mapping", required=True, help=f"a JSON or TOML file, or one of {presets}")
        super().add_arguments(parser)

    def handle(self, *_args: Any, path: Path, dry_run: bool, language: str, **options: Any) -> None:
        with override(language):
            try:
                how = course_mappings.mapping(options["mapping"])
                report = publications.import_catalogue(
                    courses.read(courses.source(path), how),
                    source=how.name,
                    actor=SYSTEM,
                    dry_run=dry_run,
                    on_progress=self.on_progress if options["verbosity"] > 1 else None,
                )
            except MalformedInputError as error:
                raise CommandError(str(error)) from error
            self.print_report(report)
