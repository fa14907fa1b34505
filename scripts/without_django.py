"""A pytest plugin: the platform and its libraries cannot be imported, and the engine must not notice."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

FORBIDDEN = {"allauth", "celery", "django", "groundwork", "kombu", "redis", "rest_framework"}


class _Refuse(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in FORBIDDEN:
            raise ImportError(f"{fullname} is out of bounds for the engine")
        return None


sys.meta_path.insert(0, _Refuse())
