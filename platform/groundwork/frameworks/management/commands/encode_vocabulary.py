"""Keep the vectors of the vocabulary, so that no process computes them while somebody waits."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from groundwork.frameworks import vocabulary


class Command(BaseCommand):
    """Does nothing where requirements-embed.txt is not installed."""

    help = __doc__ or ""

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Encode what is new and say how much that was."""
        for encoder, texts in vocabulary.encode().items():
            self.stdout.write(f"{encoder}: {texts} texts encoded")
