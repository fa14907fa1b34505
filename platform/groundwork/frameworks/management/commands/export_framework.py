"""`manage.py export_framework SLUG`: a framework as a CASE 1.1 package, for other systems and for a copy."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from groundwork.frameworks import exporting
from groundwork.frameworks.models import Framework


class Command(BaseCommand):
    help = "Write a framework, published or our own, as a CFPackage of CASE 1.1 (JSON)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the short name, such as groundwork or esco")
        parser.add_argument("--out", type=Path, help="the file to write; standard output without it")

    def handle(self, *_args: Any, slug: str, out: Path | None, **_options: Any) -> None:
        framework = Framework.objects.filter(slug=slug).first()
        if framework is None:
            names = ", ".join(Framework.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"there is no framework {slug!r}; there are: {names or 'none'}")
        if out is None:
            sys.stdout.writelines(exporting.case_package(framework))
            return
        with out.open("w", encoding="utf-8") as file:
            file.writelines(exporting.case_package(framework))
