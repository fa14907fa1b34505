"""`manage.py revoke_credential ID ...`: revoke what should never have been issued."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from groundwork.core.actors import SYSTEM
from groundwork.core.errors import DomainError
from groundwork.credentials import issuing
from groundwork.credentials.models import Award


class Command(BaseCommand):
    help = "Revoke credentials for good, by the ids in their public addresses."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="+", type=UUID, metavar="ID")

    def handle(self, *_args: Any, **options: Any) -> None:
        awards = Award.objects.select_related("learner", "achievement").in_bulk(options["ids"])
        unknown = [str(one) for one in options["ids"] if one not in awards]
        if unknown:
            raise CommandError(f"No such credential: {', '.join(unknown)}. Nothing was revoked.")
        for award in awards.values():
            try:
                issuing.revoke(actor=SYSTEM, award=award, now=timezone.now())
            except DomainError as error:
                self.stderr.write(f"{award.pk}: {error.message}")
            else:
                self.stdout.write(f"{award.pk}: revoked")
