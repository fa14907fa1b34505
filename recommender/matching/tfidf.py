"""The vectoriser of scikit-learn, loaded at its first use: most processes and commands link no text."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer


def load() -> None:
    """Import scikit-learn now, which takes half a second once."""
    _module()


def vectoriser(**options: Any) -> TfidfVectorizer:
    """A TfidfVectorizer with these options.

    >>> vectoriser(analyzer="word").fit_transform(["a path", "a role"]).shape
    (2, 2)
    """
    found: TfidfVectorizer = _module().TfidfVectorizer(**options)
    return found


def _module() -> Any:
    return importlib.import_module("sklearn.feature_extraction.text")
