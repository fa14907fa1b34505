"""`manage.py seed`: fixtures/ into the database. Run again it changes nothing that is there."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from groundwork.assessments import importing as bank_importing
from groundwork.catalogue import importing as catalogue_importing
from groundwork.core.actors import SYSTEM
from groundwork.frameworks import importing as framework_importing
from groundwork.frameworks.models import Framework
from recommender import datasets
from recommender.errors import MalformedInputError


class Command(BaseCommand):
    help = "Load skills, roles, courses and item banks from fixtures/; does nothing where nothing changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fixtures", type=Path, default=settings.FIXTURES)
        parser.add_argument("--force", action="store_true", help="load even when nothing changed")

    def handle(self, *_args: Any, fixtures: Path, force: bool, **_options: Any) -> None:
        digest = _digest(fixtures)
        if not force and Framework.objects.filter(digest=digest).exists():
            self.stdout.write("Catalogue is up to date.")
        else:
            self._load_catalogue(fixtures, digest=digest)
        self._load_item_banks(fixtures)

    def _load_catalogue(self, fixtures: Path, *, digest: str) -> None:
        self.stdout.write("Loading the catalogue ...")
        try:
            loaded = datasets.load(fixtures)
        except MalformedInputError as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            framework = framework_importing.import_framework(loaded, digest=digest)
            catalogue_importing.import_courses(
                loaded.courses.values(), framework=framework, on_date=timezone.localdate()
            )
        self.stdout.write(
            f"Loaded {len(loaded.skills)} skills, {len(loaded.roles)} roles, {len(loaded.courses)} courses."
        )

    def _load_item_banks(self, fixtures: Path) -> None:
        """Apart from the catalogue: a bank can change without it, and a wrong one takes nothing else back."""
        reports = bank_importing.import_shipped(fixtures, actor=SYSTEM, now=timezone.now())
        for path, report in reports.items():
            if not report.errors:
                self.stdout.write(f"Loaded {path.name}: {report.as_words()}.")
        wrong = [f"{path}: {error}" for path, report in reports.items() for error in report.errors]
        if wrong:
            raise CommandError("\n".join(wrong))


def _digest(root: Path) -> str:
    sha = hashlib.sha256()
    for folder in ("frameworks", "catalogue"):
        for path in sorted((root / folder).rglob("*.csv")):
            sha.update(f"{path.relative_to(root)}\0".encode())
            sha.update(path.read_bytes())
    return sha.hexdigest()
