"""What the cells of a course table mean: addresses, languages, hours, prices; and short names for courses."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from recommender.formats import durations
from recommender.formats.course_mappings import CourseMapping, Unit
from recommender.formats.found import Code, RowError
from recommender.formats.tables import Row

_YES = {
    "true": True,
    "yes": True,
    "1": True,
    "paid": True,
    "false": False,
    "no": False,
    "0": False,
    "free": False,
}
_LANGUAGES = {
    "english": "en",
    "chinese": "zh",
    "chinese (simplified)": "zh",
    "chinese (traditional)": "zh-tw",
    "chinese (china)": "zh",
    "中文": "zh",
    "spanish": "es",
    "french": "fr",
    "german": "de",
    "portuguese": "pt",
    "portuguese (brazil)": "pt-br",
    "italian": "it",
    "japanese": "ja",
    "russian": "ru",
    "arabic": "ar",
    "korean": "ko",
    "hindi": "hi",
    "turkish": "tr",
    "dutch": "nl",
    "polish": "pl",
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})?")
_PLAIN_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TAG = re.compile(r"<[^<>]*>")
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


def slug(origin: str, source_id: str) -> str:
    """The id of a course: its own id where that is a plain word, or else a readable part and a digest."""
    if _PLAIN_ID.fullmatch(source_id) and len(source_id) <= 38:
        return f"{origin}-{source_id}"
    words = re.sub(r"[^a-z0-9]+", "-", source_id.lower().removeprefix("https://")).strip("-")[:25].strip("-")
    return "-".join(filter(None, (origin, words, digest(source_id)[:12])))


def digest(text: str) -> str:
    """SHA-256, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def clean(text: str) -> str:
    """Without entities, marks of direction and repeated blanks."""
    plain = html.unescape(text)
    kept = "".join(
        char for char in plain if unicodedata.category(char) not in ("Cc", "Cf") or char in "\n\t\u200c\u200d"
    )
    return " ".join(kept.split())


def without_tags(text: str) -> str:
    """HTML as plain text."""
    return clean(_TAG.sub(" ", text))


def fits(value: str, *, column: str, longest: int) -> None:
    """Raise RowError where the value is longer than `longest`."""
    if len(value) > longest:
        raise RowError(Code.LENGTH, column=column, longest=longest, got=len(value))


def address(row: Row, column: str) -> str:
    """The web address, or nothing. Raises RowError for what is none."""
    url = row.text(column, longest=500)
    if url and not _URL.fullmatch(url):
        raise RowError(Code.ADDRESS, column=column, value=url[:80])
    return url


def language(row: Row, how: CourseMapping) -> str:
    """The language as a code. Raises RowError where it is not known."""
    word = row.text(how.columns.language).lower()
    if not word:
        if not how.language:
            raise RowError(Code.EMPTY, column=how.columns.language)
        return how.language
    code = _LANGUAGES.get(word, word.replace("_", "-"))
    if not _LANGUAGE.fullmatch(code):
        raise RowError(Code.WORD, column=how.columns.language, value=word[:40])
    return code


def hours(row: Row, how: CourseMapping) -> durations.Duration | None:
    """The hours of work, or None where the source states none. Raises RowError for what is no duration."""
    column = how.columns.hours
    text = row.text(column)
    if not text or text.lower() in how.hours.unknown:
        return None
    try:
        if how.hours.unit is Unit.TEXT:
            effort = row.text(how.columns.effort)
            a_week = durations.parse_effort(effort) if effort else how.hours.a_week
            found = durations.parse(text, hours_a_week=a_week)
        else:
            found = durations.parse(f"{text} {how.hours.unit.value}")
    except durations.NoDurationError:
        raise RowError(Code.NUMBER, column=column, value=text[:40]) from None
    if found is None:
        return None
    return durations.Duration(
        hours=found.hours * how.hours.factor, estimated=found.estimated or how.hours.estimated
    )


def whole(hours: Decimal) -> int:
    """Whole hours, at least one."""
    return max(1, int(hours.to_integral_value(rounding="ROUND_HALF_UP")))


def price(row: Row, how: CourseMapping) -> tuple[str, int | None]:
    """Class and price in whole CNY; a price in another currency is not converted and stays unknown."""
    columns = how.columns
    paid = row.text(columns.paid).lower()
    if paid and paid not in _YES:
        raise RowError(Code.WORD, column=columns.paid, value=paid[:40])
    text = row.text(columns.price).lower()
    if (paid and not _YES[paid]) or text == "free":
        return "free", 0
    if not text:
        return ("paid", None) if paid else (how.price_class, 0 if how.price_class == "free" else None)
    try:
        amount = Decimal(text.strip("$€£¥ ").replace(",", ""))
    except InvalidOperation:
        amount = Decimal("nan")
    if not amount.is_finite() or amount < 0:
        raise RowError(Code.NUMBER, column=columns.price, value=text[:40])
    if amount == 0:
        return "free", 0
    return "paid", int(amount.to_integral_value(rounding="ROUND_HALF_UP")) if how.currency == "CNY" else None
