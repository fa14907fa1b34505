"""`manage.py import_person FILE`: take in what a person exported, here or elsewhere; the operator vouches."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from groundwork.accounts.models import User
from groundwork.core.actors import Actor
from groundwork.core.errors import DomainError
from groundwork.privacy import reading, taking

ACTOR = Actor(system="import")


class Command(BaseCommand):
    """Into the account of the file's address, which is made where there is none."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and another address for it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--email", default="", help="the account's address, where it is another one now")
        parser.add_argument("--signed", action="store_true", help="refuse a file that no trusted key signed")

    def handle(self, *_args: Any, **options: Any) -> None:
        """All or nothing."""
        try:
            exported = reading.read(options["file"].read_bytes(), signed=options["signed"])
            with transaction.atomic():
                address = (options["email"] or exported.address).lower()
                user = User.objects.filter(email__iexact=address).first()
                is_new = user is None
                user = user or User.objects.create_user(address)
                taken = taking.take_in(exported, user=user, actor=ACTOR)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        except DomainError as error:
            raise CommandError(f"{options['file']}: {error.message}") from None
        for label, count in taken.rows.items():
            self.stdout.write(f"{label}: {count}")
        if taken.left:
            self.stdout.write(f"in the file, not taken in: {', '.join(taken.left)}")
        if is_new:
            self.stdout.write("A new account without a password: “Forgot your password?” lets its owner in.")
