"""How long a course takes, as catalogues word it -> hours of work: stated, estimated, or unknown.

Hours and minutes are work and are taken as stated. Weeks and months are a calendar: they become hours only
with the hours a week that the row or its mapping gives, and are then an estimate, like the middle of a range.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

WEEKS_A_MONTH = Decimal(52) / 12
LONGEST = Decimal(20000)
"""Hours: ten years of full work. More is no duration of a course."""

_NUMBER = r"\d+(?:[.,]\d+)?"
_RANGE = rf"(?P<low>{_NUMBER})(?:\s*(?:-|–|—|~|to|至|到)\s*(?P<high>{_NUMBER}))?"
_UNITS = {
    "hours": r"(?:total\s+)?(?:hours?|hrs?|h|小时)",
    "minutes": r"(?:total\s+)?(?:minutes?|mins?|m|分钟)",
    "days": r"(?:days?|天)",
    "weeks": r"(?:weeks?|wks?|周|星期)",
    "months": r"(?:months?|mos?|个月)",
    "years": r"(?:years?|yrs?|年)",
}
_PART = re.compile(
    r"(?<![\d.,-])"
    + _RANGE
    + r"\s*-?\s*(?:"
    + "|".join(rf"(?P<{unit}>{words})(?![a-z])" for unit, words in _UNITS.items())
    + ")",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:approx\w*\.?|about|around|less than|under|up to|more than|over|约|大约|~|<|>)", re.IGNORECASE
)
_A_WEEK = re.compile(r"(?:(?:of\s+)?(?:effort\s+)?(?:per|a|each|/)\s*(?:week|wk)|/\s*周|每周)", re.IGNORECASE)
_ISO = re.compile(
    r"^P(?=[\dT])(?:(?P<years>[\d.]+)Y)?(?:(?P<months>[\d.]+)M)?(?:(?P<weeks>[\d.]+)W)?(?:(?P<days>[\d.]+)D)?"
    r"(?:T(?:(?P<hours>[\d.]+)H)?(?:(?P<minutes>[\d.]+)M)?(?:(?P<seconds>[\d.]+)S)?)?$"
)
_WORK = {"hours": Decimal(1), "minutes": Decimal(1) / 60, "seconds": Decimal(1) / 3600}
_WEEKS = {"days": Decimal(1) / 7, "weeks": Decimal(1), "months": WEEKS_A_MONTH, "years": Decimal(52)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Hours of work, and whether they are our estimate."""

    hours: Decimal
    estimated: bool


class NoDurationError(ValueError):
    """The text is not understood as a duration."""


def parse(text: str, *, hours_a_week: Decimal | None = None) -> Duration | None:
    """The hours of work in `text`; None when it states a calendar and nobody states the hours a week.

    Raises NoDurationError where the text is none.

    >>> parse("1.5 hours")
    Duration(hours=Decimal('1.50'), estimated=False)
    >>> parse("PT1H30M").hours
    Decimal('1.50')
    >>> parse("3 - 6 Months", hours_a_week=Decimal(4)).hours
    Decimal('78.00')
    >>> parse("3 - 6 Months") is None
    True
    """
    text = text.strip()
    iso = _ISO.match(text.upper())
    parts = _iso(iso) if iso else _worded(text)
    work, weeks, estimated = Decimal(0), Decimal(0), bool(_ABOUT.search(text))
    for unit, low, high in parts:
        estimated = estimated or low != high
        middle = (low + high) / 2
        if unit in _WORK:
            work += middle * _WORK[unit]
        else:
            weeks += middle * _WEEKS[unit]
    if work and not weeks and _A_WEEK.search(text):
        raise NoDurationError(text)
    if weeks and work and _A_WEEK.search(text):
        return _checked(weeks * work, estimated=True, text=text)
    if weeks:
        if hours_a_week is None:
            return None
        return _checked(work + weeks * hours_a_week, estimated=True, text=text)
    return _checked(work, estimated=estimated, text=text)


def parse_effort(text: str) -> Decimal:
    """The hours a week in "3-5 hours per week", "6"; the middle of a range. Raises NoDurationError."""
    rest = _A_WEEK.sub("", text).strip(" ()")
    match = re.fullmatch(_RANGE + rf"\s*(?:{_UNITS['hours']})?", rest, re.IGNORECASE)
    if match is None:
        raise NoDurationError(text)
    low, high = _ends(match)
    return _checked((low + high) / 2, estimated=True, text=text).hours


def _checked(hours: Decimal, *, estimated: bool, text: str) -> Duration:
    if not 0 < hours <= LONGEST:
        raise NoDurationError(text)
    return Duration(hours=round(hours, 2), estimated=estimated)


def _iso(match: re.Match[str]) -> list[tuple[str, Decimal, Decimal]]:
    try:
        found = [(unit, Decimal(value)) for unit, value in match.groupdict().items() if value]
    except ArithmeticError as error:
        raise NoDurationError(match[0]) from error
    return [(unit, value, value) for unit, value in found]


def _worded(text: str) -> list[tuple[str, Decimal, Decimal]]:
    parts = []
    for match in _PART.finditer(text):
        unit = next(unit for unit in _UNITS if match[unit])
        parts.append((unit, *_ends(match)))
    rest = _A_WEEK.sub("", _ABOUT.sub("", _PART.sub("", text)))
    if not parts or re.sub(r"\b(?:and|to complete|at)\b|[\W_]", "", rest, flags=re.IGNORECASE):
        raise NoDurationError(text)
    return parts


def _ends(match: re.Match[str]) -> tuple[Decimal, Decimal]:
    low = Decimal(match["low"].replace(",", "."))
    return low, Decimal(match["high"].replace(",", ".")) if match["high"] else low
