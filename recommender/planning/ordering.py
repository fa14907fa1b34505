"""The order people take courses in: foundations first, one subject at a time.

Among the courses that can be taken, the next one is the one with the lowest highest level taught; of equals,
one that shares a skill with the course before it; then the shorter one; then the first of the catalogue.
"""

from __future__ import annotations

from recommender.domain import Course, Levels, after


def ordered(courses: list[Course], *, start: Levels) -> list[Course]:
    """`courses` (which can all be taken in some order from `start`) in a valid order for people."""
    waiting = dict(enumerate(courses))
    levels, order = dict(start), list[Course]()
    while waiting:
        open_now = [number for number, course in waiting.items() if course.can_be_taken(levels)]
        if not open_now:
            raise ValueError("these courses cannot all be taken")
        previous = set(order[-1].teaches) if order else set()
        number = min(
            open_now,
            key=lambda n: (
                max(waiting[n].teaches.values(), default=0),
                not previous & waiting[n].teaches.keys(),
                waiting[n].hours,
                n,
            ),
        )
        course = waiting.pop(number)
        order.append(course)
        levels = after(course, levels)
    return order
