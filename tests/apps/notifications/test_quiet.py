"""Quiet hours by the wall clock: over midnight, over both changes of summer time, against a slow walk."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.notifications import quiet

BERLIN, SHANGHAI, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai"), ZoneInfo("UTC")
NIGHT = {"start": time(22), "end": time(7)}
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        ("2026-06-10 12:00", "2026-06-10 12:00"),
        ("2026-06-10 13:59", "2026-06-10 13:59"),  # 21:59 in Shanghai
        ("2026-06-10 14:00", "2026-06-10 23:00"),  # 22:00: till 07:00 of the next day there
        ("2026-06-10 17:30", "2026-06-10 23:00"),  # 01:30 there, the same end
        ("2026-06-10 23:00", "2026-06-10 23:00"),
    ],
)
def test_a_night_over_midnight(moment: str, leaves: str):
    assert quiet.after_quiet(at(moment), zone=SHANGHAI, **NIGHT) == at(leaves)


def test_quiet_hours_within_a_day():
    lunch = {"start": time(12), "end": time(13, 30)}
    assert quiet.after_quiet(at("2026-06-10 12:15"), zone=UTC_ZONE, **lunch) == at("2026-06-10 13:30")
    assert quiet.after_quiet(at("2026-06-10 11:59"), zone=UTC_ZONE, **lunch) == at("2026-06-10 11:59")


def test_without_quiet_hours_everything_leaves_at_once():
    moment = at("2026-06-10 03:00")
    assert quiet.after_quiet(moment, zone=BERLIN, start=None, end=None) == moment


def test_the_night_that_loses_an_hour_ends_at_seven_on_the_wall():
    # 22:30 on the 28th is 21:30 UTC; 07:00 summer time is 05:00 UTC.
    assert quiet.after_quiet(at("2026-03-28 21:30"), zone=BERLIN, **NIGHT) == at("2026-03-29 05:00")


def test_the_night_that_gains_an_hour_ends_at_seven_on_the_wall():
    assert quiet.after_quiet(at("2026-10-24 21:30"), zone=BERLIN, **NIGHT) == at("2026-10-25 06:00")


def test_an_end_that_the_clock_skips_lies_behind_the_gap():
    hours = {"start": time(22), "end": time(2, 30)}
    found = quiet.after_quiet(at("2026-03-29 00:30"), zone=BERLIN, **hours)
    assert found == at("2026-03-29 01:30")
    assert found.astimezone(BERLIN).time() == time(3, 30)


def test_an_end_that_the_clock_shows_twice_is_the_second_one():
    hours = {"start": time(22), "end": time(2, 30)}
    first = at("2026-10-25 00:10")
    assert first.astimezone(BERLIN).time() == time(2, 10)
    assert quiet.after_quiet(first, zone=BERLIN, **hours) == at("2026-10-25 01:30")


minutes = st.integers(0, 24 * 60 - 1).map(lambda one: time(one // 60, one % 60))


@given(
    base=st.sampled_from([SPRING, AUTUMN, at("2026-06-10 00:00")]),
    offset=st.integers(-36 * 60, 36 * 60),
    start=minutes,
    end=minutes,
)
def test_nothing_leaves_in_quiet_hours_and_nothing_much_later(
    base: datetime, offset: int, start: time, end: time
):
    """Against a walk minute by minute: the first moment after which no quiet minute follows at once."""
    if start == end:
        return
    moment = base + timedelta(minutes=offset)
    found = quiet.after_quiet(moment, zone=BERLIN, start=start, end=end)
    assert found >= moment
    assert not quiet.is_quiet(found, zone=BERLIN, start=start, end=end)
    walked = moment
    while quiet.is_quiet(walked, zone=BERLIN, start=start, end=end):
        walked += timedelta(minutes=1)
    # An hour at most: an end within the hour that is skipped or shown twice.
    assert walked <= found <= walked + timedelta(hours=1)


@pytest.mark.parametrize(
    ("moment", "weekly", "comes"),
    [
        ("2026-06-10 05:59", False, "2026-06-10 06:00"),  # a Wednesday; 08:00 summer time
        ("2026-06-10 06:00", False, "2026-06-11 06:00"),
        ("2026-06-10 06:00", True, "2026-06-15 06:00"),
        ("2026-06-15 05:00", True, "2026-06-15 06:00"),
        ("2026-03-28 12:00", False, "2026-03-29 06:00"),  # the clocks went forward in between
        ("2026-10-24 12:00", False, "2026-10-25 07:00"),
    ],
)
def test_the_digest_comes_at_its_hour_on_the_wall(moment: str, weekly: bool, comes: str):
    assert quiet.next_digest(at(moment), zone=BERLIN, hour=8, weekly=weekly) == at(comes)
