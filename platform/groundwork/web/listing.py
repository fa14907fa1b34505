"""What every list has in common: one page of it, and the query string that leads there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict

PAGE = 20
"""Rows on a page unless a list says otherwise."""

Row = TypeVar("Row")


def page(rows: Sequence[Row] | QuerySet[Any], *, given: QueryDict, size: int = PAGE) -> Page[Row]:
    """The page that `page=` names: the first for words, the last for a number beyond it."""
    return Paginator(rows, size).get_page(given.get("page"))


def query(chosen: Mapping[str, Any]) -> str:
    """The choices of a list as its address has them, without those that narrow nothing."""
    return urlencode({name: value for name, value in chosen.items() if value}, doseq=True)
