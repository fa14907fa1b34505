"""`manage.py erase_person EMAIL`: erase somebody who asked for it by other means. There is no way back."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from groundwork.accounts.models import User
from groundwork.core.errors import DomainError
from groundwork.privacy import erasing


class Command(BaseCommand):
    """At once and to the end; run it again after an interruption."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose account, and that it is meant."""
        parser.add_argument("email")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask, request, run."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"No account has the address {options['email']}.")
        if not options["yes"] and input(f"Erase {user.email} for good? Type the address: ") != user.email:
            raise CommandError("Nothing was erased.")
        try:
            erasure = erasing.request(user=user, actor=erasing.ACTOR, now=timezone.now(), at_once=True)
        except DomainError as error:
            raise CommandError(str(error.message)) from None
        erasing.run(erasure.pk)
        erasure.refresh_from_db()
        self.stdout.write(f"{erasure.pseudonym}: {erasure.state}, {len(erasure.steps)} steps")
