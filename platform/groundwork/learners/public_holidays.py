"""Public holidays by country: which days they are, and what they are called.

Only those of the whole country; what one of its states keeps is a day off to be entered by hand. A weekend
that lies between two of them belongs to the holiday, as it does in calendars on the wall. The days come from
the library `holidays`; of years that are not proclaimed yet it knows the days that the law names, so China's
shifted rest days come with the library's next release (docs/decisions/0032).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _

from groundwork.core.errors import InvalidError

COUNTRIES = {
    "AT": _("Austria"),
    "AU": _("Australia"),
    "BR": _("Brazil"),
    "CA": _("Canada"),
    "CN": _("China"),
    "FR": _("France"),
    "DE": _("Germany"),
    "HK": _("Hong Kong"),
    "IN": _("India"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "KR": _("South Korea"),
    "NL": _("Netherlands"),
    "PL": _("Poland"),
    "SG": _("Singapore"),
    "ES": _("Spain"),
    "CH": _("Switzerland"),
    "TW": _("Taiwan"),
    "GB": _("United Kingdom"),
    "US": _("United States"),
}
DAY = timedelta(days=1)
SATURDAY = 5
LONGEST_WEEKEND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicHoliday:
    """Days off that follow each other, `first` and `last` among them, under the name of the first."""

    first: date
    last: date
    name: str


def check(country: str) -> None:
    """Raises InvalidError for a country whose holidays are not known; none ("") is one choice."""
    if country and country not in COUNTRIES:
        raise InvalidError(_("The public holidays of this country are not known here."))


def between(country: str, first: date, last: date, *, language: str = "en") -> tuple[PublicHoliday, ...]:
    """The holidays with a day from `first` to `last`, in order; none for no country.

    Named in `language` (of the page), in English where the library has no names in it.
    """
    if not country:
        return ()
    found = (_of_year(country, year, language) for year in range(first.year, last.year + 1))
    return tuple(one for year in found for one in year if one.last >= first and one.first <= last)


@lru_cache(maxsize=1024)
def _of_year(country: str, year: int, language: str) -> tuple[PublicHoliday, ...]:
    # Loaded at its first use: it takes a twentieth of a second, and most people name no country.
    library: Any = import_module("holidays")
    known = library.country_holidays(country).supported_languages
    wanted = "zh_CN" if language.startswith("zh") and "zh_CN" in known else "en_US"
    with warnings.catch_warnings():
        # Of years whose moon nobody has computed yet the days of the sun are enough.
        warnings.simplefilter("ignore", UserWarning)
        days = library.country_holidays(country, years=[year], language=wanted)
    return tuple(_joined(days))


def _joined(days: dict[date, str]) -> Iterator[PublicHoliday]:
    """Days that follow each other as one, with a weekend between two of them."""
    first = last = None
    for day in sorted(days):
        if first is not None and last is not None:
            if _follows(last, day):
                last = day
                continue
            yield PublicHoliday(first=first, last=last, name=days[first])
        first = last = day
    if first is not None and last is not None:
        yield PublicHoliday(first=first, last=last, name=days[first])


def _follows(last: date, day: date) -> bool:
    between_them = [last + DAY * number for number in range(1, (day - last).days)][: LONGEST_WEEKEND + 1]
    return len(between_them) <= LONGEST_WEEKEND and all(one.weekday() >= SATURDAY for one in between_them)
