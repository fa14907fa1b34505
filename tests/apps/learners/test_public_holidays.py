"""Public holidays by country."""

from __future__ import annotations

from datetime import date

import pytest

from groundwork.core.errors import InvalidError
from groundwork.learners import public_holidays


def days(country, first, last, language="en"):
    found = public_holidays.between(country, first, last, language=language)
    return [(one.first.isoformat(), one.last.isoformat(), one.name) for one in found]


def test_the_rest_days_china_shifts_and_the_weekend_between_belong_to_the_holiday():
    found = days("CN", date(2026, 10, 4), date(2026, 10, 4), "zh-hans")
    assert found == [("2026-10-01", "2026-10-07", "国庆节")]


def test_a_weekend_between_two_holidays_is_off_and_one_beside_them_is_not():
    found = days("DE", date(2026, 4, 1), date(2026, 4, 30))
    assert found == [("2026-04-03", "2026-04-06", "Good Friday")]


def test_a_language_without_names_has_english_ones():
    assert days("DE", date(2026, 12, 1), date(2026, 12, 31), "zh-hans") == [
        ("2026-12-25", "2026-12-26", "Christmas Day")
    ]


@pytest.mark.parametrize("country", sorted(public_holidays.COUNTRIES))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_country_on_offer_has_holidays_in_every_year_a_plan_can_reach(country, language):
    for year in (2026, 2031, 2036):
        found = days(country, date(year, 1, 1), date(year, 12, 31), language)
        assert len(found) >= 3
        assert all(first <= last and name for first, last, name in found)


def test_no_country_has_none_and_an_unknown_one_is_refused():
    assert days("", date(2026, 1, 1), date(2026, 12, 31)) == []
    public_holidays.check("")
    public_holidays.check("CN")
    with pytest.raises(InvalidError):
        public_holidays.check("XX")
