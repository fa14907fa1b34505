"""Every example in a docstring of the engine runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import recommender

MODULES = [
    "recommender",
    *(module.name for module in pkgutil.walk_packages(recommender.__path__, "recommender.")),
]


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_the_examples_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_public_name_exists() -> None:
    assert [name for name in recommender.__all__ if not hasattr(recommender, name)] == []
