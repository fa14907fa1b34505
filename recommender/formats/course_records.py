"""What a catalogue says of one course, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueRecord:
    """One course as its source describes it; hours and price are None where unknown, price in whole CNY.

    `teaches` and `requires` are skills of our vocabulary with their levels, for a source that speaks in it.
    """

    slug: str
    origin: str
    source_id: str
    title: str
    language: str
    format: str
    title_zh: str = ""
    provider: str = ""
    url: str = ""
    level: str = ""
    hours: int | None = None
    hours_estimated: bool = False
    price_class: str = ""
    price: int | None = None
    price_estimated: bool = False
    hands_on: bool = False
    topic: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    prerequisites_text: str = ""
    licence: str = ""
    teaches: tuple[tuple[str, int], ...] = ()
    requires: tuple[tuple[str, int], ...] = ()
