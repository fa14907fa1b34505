"""The stop-watch an interface hands down; the engine itself reads no clock."""

from __future__ import annotations

import time

from recommender.planning import Deadline


def countdown(seconds: float) -> Deadline:
    """A stop-watch that runs down `seconds` from now."""
    return Deadline(seconds, clock=time.monotonic)
