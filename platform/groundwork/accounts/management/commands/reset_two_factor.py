"""`manage.py reset_two_factor EMAIL`: for who lost the phone and the recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from groundwork.accounts.models import User


class Command(BaseCommand):
    help = "Switch two-step sign-in off for one account. Make sure first that it is the owner who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"there is no account with the address {email}")
        deleted, _rows = Authenticator.objects.filter(user=user).delete()
        self.stdout.write("Two-step sign-in is off." if deleted else "Two-step sign-in was off already.")
