"""`manage.py credential_key [list | rotate | retire KID | revoke KID]`: the keys that sign credentials."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from groundwork.core.actors import SYSTEM
from groundwork.core.errors import DomainError
from groundwork.credentials import keys, rotating


class Command(BaseCommand):
    help = "List the keys that sign or signed credentials, rotate to a new one, retire or revoke an old one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", nargs="?", default="list", choices=["list", "rotate", "retire", "revoke"])
        parser.add_argument(
            "kid",
            nargs="?",
            default="",
            help="of a former key, as `list` names it; after -- if it begins with -",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        act, kid = options["act"], options["kid"]
        if (act in ("retire", "revoke")) is not bool(kid):
            raise CommandError("retire and revoke take the kid of a key, list and rotate take none")
        try:
            self.stdout.write(self._do(act, kid))
        except DomainError as error:
            raise CommandError(str(error.message)) from error

    def _do(self, act: str, kid: str) -> str:
        match act:
            case "rotate":
                return f"{rotating.rotate(actor=SYSTEM)}: signs from now on"
            case "retire":
                rotating.retire(kid, actor=SYSTEM, now=timezone.now())
                return f"{kid}: retired"
            case "revoke":
                number = rotating.revoke(kid, actor=SYSTEM, now=timezone.now())
                return f"{kid}: revoked, and {number} credentials with it"
        keys.put_on_record()
        return "\n".join(f"{one.kid}  {one.state.value}" for one in keys.ours())
