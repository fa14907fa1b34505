"""What fades when it is not used: a level halves every half-life. An assumption, labelled as one.

level(t) = level * 2 ** (-t / H), with H the half-life of the skill's class. No data set gives these
half-lives; they are settings a person can see and change. A level counts as lapsed to the next lower one
from the day on which the decayed level falls below level - 1/2, that is when

    (2 level) ** H  <  (2 level - 1) ** H * 2 ** t          (H and t in whole days)

which is decided in integers, so that no threshold hangs on a rounding error.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

DAYS_PER_YEAR = 365
MONTHS_PER_YEAR = 12


def half_life_days(months: int) -> int:
    """A half-life in whole days.

    >>> half_life_days(18)
    547
    """
    return months * DAYS_PER_YEAR // MONTHS_PER_YEAR


@lru_cache(maxsize=256)
def days_until_lapse(level: int, *, half_life_months: int) -> int:
    """Days without use until `level` (1..5) lapses to the one below.

    >>> days_until_lapse(4, half_life_months=18)
    106
    >>> days_until_lapse(1, half_life_months=18)
    548
    """
    if not 1 <= level <= 5:
        raise ValueError(f"level must be 1..5, got {level}")
    half_life = half_life_days(half_life_months)
    above: int = (2 * level) ** half_life
    below: int = (2 * level - 1) ** half_life
    days = max(0, above.bit_length() - below.bit_length() - 1)
    while above >= below << days:
        days += 1
    return days


def lapses_on(level: int, *, as_of: date, half_life_months: int) -> date:
    """The first day on which a level last shown on `as_of` counts as one lower, if unused.

    >>> lapses_on(4, as_of=date(2026, 1, 1), half_life_months=18)
    datetime.date(2026, 4, 17)
    """
    return as_of + timedelta(days=days_until_lapse(level, half_life_months=half_life_months))
