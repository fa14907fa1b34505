"""`manage.py retrain`: what the nightly task does, by hand, with the cards printed."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from groundwork.plans import retraining


class Command(BaseCommand):
    help = "Learn expected hours and completion from all attempts, and print the cards."

    def handle(self, *_args: Any, **_options: Any) -> None:
        done = retraining.retrain(on_date=timezone.localdate())
        if done is None:
            self.stdout.write("Estimates are switched off (GROUNDWORK_ESTIMATES). Nothing was learned.")
            return
        for card in done.cards:
            self.stdout.write(json.dumps(card.as_document(), indent=2, ensure_ascii=False))
        name = done.version.name if done.version else "none: plans use declared hours"
        self.stdout.write(f"Version in use: {name}{' (new)' if done.is_new else ''}")
