"""The days a person studies on, and the hours they hold.

The weekly hours are spread evenly over seven days. Time is counted in sevenths of an hour: a day holds as
many of them as the week has hours, and a course needs seven for each of its hours. So everything stays whole.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from recommender.errors import MalformedInputError

DAYS = 7
MAX_HOURS_PER_WEEK = 80
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Days on which nothing is studied, `first` and `last` among them.

    Raises MalformedInputError when it ends before it begins.

    >>> Holiday(first=date(2026, 10, 1), last=date(2026, 10, 7)).last.day
    7
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise MalformedInputError(
                f"a holiday from {self.first} to {self.last} ends before it begins; swap the two days"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTime:
    """When and how much a person studies.

    `start` is the first day, `hours_per_week` from 1 to 80, `parallel` the number of courses that may run at
    once, and `deadline` the last day on which a course may end (None: no deadline). `holidays` may overlap;
    they are kept merged and in order. Raises MalformedInputError for a value out of range.

    >>> week_off = Holiday(first=date(2026, 10, 1), last=date(2026, 10, 7))
    >>> time = StudyTime(start=date(2026, 9, 28), hours_per_week=10, holidays=(week_off,))
    >>> time.first_study_day(date(2026, 10, 3))
    datetime.date(2026, 10, 8)
    >>> time.study_days(time.start, date(2026, 10, 8)), time.week(date(2026, 10, 8))
    (4, 2)
    """

    start: date
    hours_per_week: int
    holidays: tuple[Holiday, ...] = ()
    parallel: int = 1
    deadline: date | None = None

    def __post_init__(self) -> None:
        check_hours_per_week(self.hours_per_week)
        if self.parallel < 1:
            raise MalformedInputError(f"at least one course must be allowed at once, got {self.parallel}")
        object.__setattr__(self, "holidays", merged(self.holidays))

    def first_study_day(self, day: date) -> date | None:
        """The first day from `day` on that is no holiday; None when the calendar ends before."""
        place = bisect_right(self.holidays, day, key=lambda holiday: holiday.first) - 1
        if place < 0 or self.holidays[place].last < day:
            return day
        return day_after(self.holidays[place].last)

    def is_study_day(self, day: date) -> bool:
        """Whether `day` is no holiday."""
        return self.first_study_day(day) == day

    def study_days(self, first: date, last: date) -> int:
        """Days from `first` to `last`, both counted, without holidays; 0 when `last` is the earlier."""
        free = sum(_overlap(holiday, first, last) for holiday in self.holidays)
        return max(0, (last - first).days + 1) - free

    def week(self, day: date) -> int:
        """The week `day` lies in, counted from 1 at `start`; weeks of holiday count too."""
        return (day - self.start).days // DAYS + 1


def hours_until(deadline: date, *, start: date, hours_per_week: int, holidays: Iterable[Holiday] = ()) -> int:
    """Whole hours of study from `start` to `deadline`, both counted: what `Constraints.max_hours` may be.

    A plan of self-paced courses ends by the deadline if and only if it has no more hours than this. A
    deadline before the start leaves 0. Raises MalformedInputError unless 1 <= hours_per_week <= 80.

    >>> hours_until(date(2026, 12, 31), start=date(2026, 12, 1), hours_per_week=10)
    44
    >>> hours_until(date(2026, 12, 31), start=date(2026, 12, 1), hours_per_week=10,
    ...             holidays=[Holiday(first=date(2026, 12, 24), last=date(2027, 1, 6))])
    32
    """
    time = StudyTime(start=start, hours_per_week=hours_per_week, holidays=tuple(holidays))
    return hours_per_week * time.study_days(start, deadline) // DAYS


def check_hours_per_week(hours: int) -> None:
    """Raises MalformedInputError unless `hours` are from 1 to 80."""
    if not 1 <= hours <= MAX_HOURS_PER_WEEK:
        raise MalformedInputError(f"hours per week must be from 1 to {MAX_HOURS_PER_WEEK}, got {hours}")


def merged(holidays: Iterable[Holiday]) -> tuple[Holiday, ...]:
    """The same days as holidays in order, no two of which touch.

    >>> first = Holiday(first=date(2026, 5, 1), last=date(2026, 5, 3))
    >>> [str(one.last) for one in merged([Holiday(first=date(2026, 5, 4), last=date(2026, 5, 5)), first])]
    ['2026-05-05']
    """
    found: list[Holiday] = []
    for holiday in sorted(holidays, key=lambda one: one.first):
        if found and (holiday.first - found[-1].last) <= ONE_DAY:
            last = max(found[-1].last, holiday.last)
            found[-1] = Holiday(first=found[-1].first, last=last)
        else:
            found.append(holiday)
    return tuple(found)


def day_after(day: date) -> date | None:
    """The next day; None after the last one a calendar knows.

    >>> day_after(date(2026, 12, 31)), day_after(date.max)
    (datetime.date(2027, 1, 1), None)
    """
    return None if day == date.max else day + ONE_DAY


def _overlap(holiday: Holiday, first: date, last: date) -> int:
    return max(0, (min(holiday.last, last) - max(holiday.first, first)).days + 1)
