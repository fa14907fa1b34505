"""Minutes as people read them."""

from __future__ import annotations

from django import template
from django.template.defaultfilters import floatformat

register = template.Library()


@register.filter
def hours(minutes: int) -> str:
    """Minutes as hours with at most two decimals: 90 is 1.5."""
    return (
        str(floatformat(minutes / 60, "-2")).rstrip("0").rstrip(".,") if minutes % 60 else f"{minutes // 60}"
    )


@register.filter
def quarters(minutes: int) -> str:
    """Minutes that were computed, as hours to the nearest quarter: 411 is 6.75."""
    return hours(15 * round(minutes / 15))
