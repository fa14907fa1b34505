"""When an e-mail may leave, by the clock on its reader's wall. Pure arithmetic: the moment is passed in.

A day that loses or repeats an hour is read so that nothing leaves within the quiet hours: an end that the
clock shows twice is the second one, one that it skips is as long after the gap as it lies within it.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONDAY = 0
DAY = timedelta(days=1)


def is_quiet(moment: datetime, *, zone: ZoneInfo, start: time | None, end: time | None) -> bool:
    """Whether the wall clock lies in [start, end), which may span midnight; never without both."""
    if start is None or end is None:
        return False
    shown = moment.astimezone(zone).time()
    return start <= shown < end if start < end else shown >= start or shown < end


def after_quiet(moment: datetime, *, zone: ZoneInfo, start: time | None, end: time | None) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in."""
    if end is None or not is_quiet(moment, zone=zone, start=start, end=end):
        return moment
    local = moment.astimezone(zone)
    day = local.date() if local.time() < end else local.date() + DAY
    return _latest(datetime.combine(day, end), zone=zone)


def next_digest(moment: datetime, *, zone: ZoneInfo, hour: int, weekly: bool) -> datetime:
    """The first full `hour` on the wall after the moment; with `weekly`, that of a Monday."""
    day = moment.astimezone(zone).date()
    while True:
        found = _latest(datetime.combine(day, time(hour)), zone=zone)
        if found > moment and (not weekly or day.weekday() == MONDAY):
            return found
        day += DAY


def _latest(wall: datetime, *, zone: ZoneInfo) -> datetime:
    """The last moment at which the wall shows this; where it never does, the one after the gap. In UTC."""
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
