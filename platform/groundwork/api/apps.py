from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import AppConfig


@contextmanager
def _not_importing(name: str) -> Iterator[None]:
    """Within it `name` counts as not installed, unless somebody has imported it already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # how Python itself marks a module as missing
    try:
        yield
    finally:
        del sys.modules[name]


class ApiConfig(AppConfig):
    name = "groundwork.api"

    def ready(self) -> None:
        # rest_framework.compat imports requests wherever it is installed, for a test client that nobody here
        # uses: a tenth of a second of every process.
        with _not_importing("requests"):
            from groundwork.api import schema  # noqa: F401  # registers the key with drf-spectacular
