"""`manage.py demo`: example organisations, and how to sign in to them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from groundwork.plans import demonstration


class Command(BaseCommand):
    help = "Make the example organisations once and print their sign-ins."

    def handle(self, *_args: Any, **_options: Any) -> None:
        accounts = demonstration.sign_ins(settings.VAR / "demo-sign-ins.json")
        demonstration.set_up(accounts=accounts, on_date=timezone.localdate())
        self.stdout.write("Demo sign-ins (example people, this machine only):")
        for account in accounts:
            self.stdout.write(f"  {account.email}  {account.password}  {account.what}")
