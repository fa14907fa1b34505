"""Where a person could give way: each limit, requirement or wish of a problem, a little or entirely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from recommender import explain
from recommender.domain import Course, Objective, Problem
from recommender.planning import what_if


class Kind(StrEnum):
    """What is changed; `Change.subject` names which one."""

    HOURS = "hours"
    PRICE = "price"
    HANDS_ON = "hands-on"
    REQUIREMENT = "requirement"
    INSISTED = "insisted"
    COURSE = "course"
    LANGUAGE = "language"
    FORMAT = "format"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a problem.

    | kind | subject | before, after |
    |---|---|---|
    | hours, price, hands-on | "" | the limit in hours, whole units of the currency, per cent |
    | requirement | the skill | the level required; as low as the profile means dropped |
    | insisted | the course, or several joined by "|" of which one was to be taken | None: given up |
    | course | an excluded course | None: allowed |
    | language, format, provider | one more of them | None: allowed |
    """

    kind: Kind
    subject: str = ""
    before: int | None = None
    after: int | None = None

    def weeks(self, *, hours_per_week: int) -> int:
        """For more hours: how many more weeks they are, rounded up.

        >>> Change(kind=Kind.HOURS, before=100, after=151).weeks(hours_per_week=10)
        6
        """
        return -(-((self.after or 0) - (self.before or 0)) // hours_per_week)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A way to give way. `values` are what it can be set to, a little first and entirely last; without values
    it is a limit on what `objective` adds up, which can be lifted, or set to any number."""

    kind: Kind
    subject: str = ""
    before: int | None = None
    values: tuple[int | None, ...] = ()
    objective: Objective | None = None

    def loosened(self, problem: Problem) -> Problem:
        """`problem` with all given way that there is."""
        return self.applied(problem, self.values[-1] if self.values else None)

    def applied(self, problem: Problem, value: int | None) -> Problem:
        """`problem` with the lever set to `value`; None lifts a limit, and gives a wish up."""
        match self.kind:
            case Kind.HOURS:
                return what_if.constrained(problem, max_hours=value)
            case Kind.PRICE:
                return what_if.constrained(problem, max_price=value)
            case Kind.HANDS_ON:
                return what_if.constrained(problem, min_hands_on=value)
            case Kind.REQUIREMENT:
                return _required(problem, self.subject, value or 0)
            case _:
                return _without_wish(problem, self.kind, self.subject)

    def change(self, value: int | None) -> Change:
        """What setting it to `value` means."""
        return Change(kind=self.kind, subject=self.subject, before=self.before, after=value)


def levers(problem: Problem) -> tuple[Lever, ...]:
    """All ways to give way in `problem` that could be of any use, in the order of `Kind`."""
    return (*_limits(problem), *_requirements(problem), *_insisted(problem), *_closed_courses(problem))


def _limits(problem: Problem) -> Iterator[Lever]:
    limits = problem.constraints
    if limits.max_hours is not None:
        yield Lever(kind=Kind.HOURS, before=limits.max_hours, objective=what_if.HOURS)
    if limits.max_price is not None:
        yield Lever(kind=Kind.PRICE, before=limits.max_price, objective=what_if.PRICE)
    if limits.min_hands_on:
        shares = tuple(range(limits.min_hands_on - 1, -1, -1))
        yield Lever(kind=Kind.HANDS_ON, before=limits.min_hands_on, values=shares)


def _requirements(problem: Problem) -> Iterator[Lever]:
    for skill, need in sorted(problem.role.requires.items()):
        have = problem.profile.levels.get(skill, 0)
        if need > have and skill not in problem.constraints.waivers:
            levels = tuple(range(need - 1, have - 1, -1))
            yield Lever(kind=Kind.REQUIREMENT, subject=skill, before=need, values=levels)


def _insisted(problem: Problem) -> Iterator[Lever]:
    for choice in problem.constraints.must_take:
        if not choice & problem.profile.taken:
            yield Lever(kind=Kind.INSISTED, subject="|".join(sorted(choice)), values=(None,))


def _closed_courses(problem: Problem) -> Iterator[Lever]:
    """Excluded courses that lead to the role, and what such courses are in, or from, that is not allowed."""
    limits = problem.constraints
    unfiltered = what_if.constrained(
        problem, exclude=frozenset(), languages=None, formats=None, providers=None
    )
    leading = explain.leading(unfiltered)
    closed = [problem.catalogue.by_id[name] for name in sorted(leading)]
    closed = [course for course in closed if not limits.allows(course)]
    for name in sorted(limits.exclude & leading):
        yield Lever(kind=Kind.COURSE, subject=name, values=(None,))
    for kind in (Kind.LANGUAGE, Kind.FORMAT, Kind.PROVIDER):
        for name in sorted({_trait(course, kind) for course in closed}):
            allowed = _allowed(problem, kind)
            if allowed is not None and name not in allowed:
                yield Lever(kind=kind, subject=name, values=(None,))


def _trait(course: Course, kind: Kind) -> str:
    return {
        Kind.LANGUAGE: course.language,
        Kind.FORMAT: course.format,
        Kind.PROVIDER: course.provider,
    }[kind]


def _allowed(problem: Problem, kind: Kind) -> frozenset[str] | None:
    limits = problem.constraints
    return {
        Kind.LANGUAGE: limits.languages,
        Kind.FORMAT: limits.formats,
        Kind.PROVIDER: limits.providers,
    }[kind]


def _required(problem: Problem, skill: str, level: int) -> Problem:
    requires = {**problem.role.requires, skill: level}
    return replace(problem, role=replace(problem.role, requires=requires))


def _without_wish(problem: Problem, kind: Kind, subject: str) -> Problem:
    limits = problem.constraints
    if kind is Kind.COURSE:
        return what_if.constrained(problem, exclude=limits.exclude - {subject})
    if kind is Kind.INSISTED:
        given_up = frozenset(subject.split("|"))
        return what_if.constrained(
            problem,
            include=limits.include - given_up if len(given_up) == 1 else limits.include,
            one_of=tuple(choice for choice in limits.one_of if choice != given_up),
        )
    field = {Kind.LANGUAGE: "languages", Kind.FORMAT: "formats", Kind.PROVIDER: "providers"}[kind]
    return what_if.constrained(problem, **{field: (_allowed(problem, kind) or frozenset()) | {subject}})
