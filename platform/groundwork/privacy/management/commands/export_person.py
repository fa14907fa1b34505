"""`manage.py export_person EMAIL FILE`: what the person would download, for whoever cannot sign in."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from groundwork.accounts.models import User
from groundwork.core.actors import SYSTEM
from groundwork.privacy import exporting


class Command(BaseCommand):
    """One ZIP, readable by its owner alone."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and where to."""
        parser.add_argument("email")
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuses to overwrite."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"No account has the address {options['email']}.")
        packed = exporting.archive(user=user, actor=SYSTEM, now=timezone.now())
        try:
            options["file"].touch(mode=0o600, exist_ok=False)
            options["file"].write_bytes(packed)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        self.stdout.write(f"{options['file']}: {len(packed)} bytes")
