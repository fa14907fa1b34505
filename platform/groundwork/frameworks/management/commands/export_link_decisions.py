"""Write what people made of links as CSV, for benchmarks/vocabulary_training.py --decisions FILE."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from groundwork.frameworks import deciding


class Command(BaseCommand):
    """To a file, or to the standard output."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("--out", type=Path, help="a file; without it the standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write a header and one row for each decision."""
        path: Path | None = options["out"]
        opened = path.open("w", encoding="utf-8", newline="") if path else nullcontext(sys.stdout)
        with opened as out:
            writer = csv.DictWriter(out, fieldnames=deciding.COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(deciding.training_rows())
