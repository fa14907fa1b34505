"""`manage.py import_framework esco PATH`: a published framework into the database, again and again."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import override

from groundwork.core.actors import SYSTEM
from groundwork.frameworks import publications
from groundwork.frameworks.import_command import ImportCommand
from recommender.errors import MalformedInputError
from recommender.formats import case, esco, onet

FORMATS = {"case": case.publication, "esco": esco.publication, "onet": onet.publication}


class Command(ImportCommand):
    help = "Import a published framework in its official format: esco (CSV), onet (text), case (JSON)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=sorted(FORMATS))
        parser.add_argument("path", type=Path, help="a folder or a zip, as published")
        super().add_arguments(parser)

    def handle(self, *_args: Any, path: Path, dry_run: bool, language: str, **options: Any) -> None:
        with override(language):
            try:
                report = publications.import_publication(
                    FORMATS[options["format"]](path),
                    actor=SYSTEM,
                    on_date=timezone.localdate(),
                    dry_run=dry_run,
                    on_progress=self.on_progress if options["verbosity"] > 1 else None,
                )
            except MalformedInputError as error:
                raise CommandError(str(error)) from error
            self.print_report(report)
