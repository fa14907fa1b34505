"""`manage.py export_catalogue`: the courses on offer as MOOChub v3."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from groundwork.catalogue import exporting


class Command(BaseCommand):
    help = "Write the courses on offer as a document of MOOChub v3 (JSON)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, help="the file to write; standard output without it")

    def handle(self, *_args: Any, out: Path | None, **_options: Any) -> None:
        pieces = exporting.document(base_url=settings.BASE_URL)
        if out is None:
            sys.stdout.writelines(pieces)
            return
        with out.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
