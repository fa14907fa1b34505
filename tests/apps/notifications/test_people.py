"""How a person reads: what they chose, or what the installation does."""

import pytest

from groundwork.accounts.models import User
from groundwork.notifications import people


@pytest.mark.parametrize(
    ("chosen", "read"),
    [
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("", "UTC"),
        # As after an update of the tz data, or by hand in the database.
        ("Atlantis/Capital", "UTC"),
        ("America", "UTC"),
        ("../../etc/passwd", "UTC"),
    ],
)
def test_the_clock_is_the_persons_or_the_installations(chosen: str, read: str):
    assert people.zone_of(User(time_zone=chosen)).key == read


@pytest.mark.parametrize(("chosen", "read"), [("zh-hans", "zh-hans"), ("", "en")])
def test_the_language_is_the_persons_or_the_installations(chosen: str, read: str):
    assert people.language_of(User(language=chosen)) == read
