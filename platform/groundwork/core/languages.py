"""Data labels exist in both languages; this picks the reader's."""

from __future__ import annotations

from django.utils.translation import get_language


def in_chinese() -> bool:
    """Whether the current reader reads Chinese."""
    return (get_language() or "en").startswith("zh")


def pick(*, en: str, zh: str) -> str:
    """The label in the active language, or the other one where a label is missing."""
    return (zh or en) if in_chinese() else (en or zh)
