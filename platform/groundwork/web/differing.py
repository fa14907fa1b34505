"""What the wishes change, against the path without any: hours, weeks, price, courses in and out."""

from __future__ import annotations

from dataclasses import dataclass

from groundwork.frameworks.models import Role
from groundwork.plans import deadlines, ranking
from groundwork.plans.distances import Distance
from groundwork.plans.planning import Planned
from groundwork.plans.snapshot import Wishes
from groundwork.web.naming import Names
from groundwork.web.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """More hours, weeks and yuan (less: negative), and the titles of courses that come in and go out."""

    hours: int
    weeks: int
    price: int
    coming: list[str]
    going: list[str]

    @property
    def is_any(self) -> bool:
        """Whether anything differs."""
        return bool(self.hours or self.weeks or self.price or self.coming or self.going)


def without_wishes(role: Role, *, person: Standing) -> Distance:
    """The path of `person` to `role` in the person's own languages, with no other wish; kept for a day."""
    return ranking.distance(
        levels=person.levels,
        role=role,
        wishes=Wishes(languages=person.languages),
        learner=person.learner,
    )


def moved(planned: Planned, *, plain: Distance) -> tuple[list[str], list[str]]:
    """The courses (slugs) that come in and those that go out; none where either path is missing."""
    if not plain.has_route or planned.solution.cost is None:
        return [], []
    taken = [step.course for step in planned.steps]
    return [one for one in taken if one not in plain.taken], [one for one in plain.taken if one not in taken]


def of(planned: Planned, *, plain: Distance, person: Standing, names: Names) -> Difference | None:
    """The difference to the `plain` path on the person's own hours and days; None where a path is missing."""
    if not plain.has_route or planned.solution.cost is None:
        return None
    coming, going = moved(planned, plain=plain)
    return Difference(
        hours=planned.hours - plain.hours,
        weeks=planned.weeks - (deadlines.weeks(plain.hours, **person.dates) or 0),
        price=planned.price - plain.price,
        coming=[names.course(one) for one in coming],
        going=[names.course(one) for one in going],
    )
