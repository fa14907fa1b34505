"""The values everything else speaks of: immutable, integer-only, free of Django, clock and network.

Levels are integers 0..5 on the one scale of the product (0 none, 1 aware, 2 assisted, 3 independent,
4 advanced, 5 expert). Hours and prices are non-negative integers; a price is in whole units of one
currency, the same for a whole catalogue.
"""

from __future__ import annotations

import copyreg
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any


def _read_only(mapping: dict[str, Any]) -> MappingProxyType[str, Any]:
    return MappingProxyType(mapping)


# Problems travel between processes; their read-only mappings travel as plain ones.
copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))

MAX_LEVEL = 5
LEVELS = range(MAX_LEVEL + 1)

Levels = Mapping[str, int]
"""Skill id -> level; a skill that is missing stands at level 0."""


class Status(StrEnum):
    """What is known about a problem when the engine stops."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


class SkillKind(StrEnum):
    """Which layer of the AI stack, or which side of it, a skill belongs to."""

    FOUNDATION = "foundation"
    TECHNOLOGY = "technology"
    APPLICATION = "application"
    DOMAIN = "domain"
    CROSS_CUTTING = "cross-cutting"


class HalfLife(StrEnum):
    """How fast knowledge of a skill goes stale; the months of each class are labelled assumptions."""

    TOOL = "tool"
    METHOD = "method"
    FOUNDATION = "foundation"

    @property
    def months(self) -> int:
        """Assumed half-life in months: tool 18, method 48, foundation 120."""
        return {"tool": 18, "method": 48, "foundation": 120}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name in both languages of the product."""

    en: str
    zh: str

    def __post_init__(self) -> None:
        if not self.en.strip() or not self.zh.strip():
            raise ValueError(f"both names are needed, got en={self.en!r} zh={self.zh!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """One entry of the vocabulary, with what text is matched against."""

    id: str
    name: Label
    kind: SkillKind
    half_life: HalfLife
    aliases_en: tuple[str, ...] = ()
    aliases_zh: tuple[str, ...] = ()
    esco_uri: str = ""
    onet: str = ""


Choice = tuple[Levels, ...]
"""Alternatives, of which one is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What the planner reads of a course: effort, prerequisites and outcomes as skill levels.

    `hands_on` are the hours of practice among `hours`. Of each choice in `one_of` at least one alternative
    must be met, besides all of `requires`. `language`, `format` and `provider` are there to be filtered by.
    """

    id: str
    hours: int
    price: int
    requires: Levels
    teaches: Levels
    one_of: tuple[Choice, ...] = ()
    hands_on: int = 0
    language: str = ""
    format: str = ""
    provider: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "requires", MappingProxyType(dict(self.requires)))
        object.__setattr__(self, "teaches", MappingProxyType(dict(self.teaches)))
        if self.one_of:
            frozen = tuple(tuple(MappingProxyType(dict(one)) for one in choice) for choice in self.one_of)
            object.__setattr__(self, "one_of", frozen)

    def can_be_taken(self, levels: Levels) -> bool:
        """Whether a person at `levels` meets every prerequisite."""
        return _meets(self.requires, levels) and all(
            any(_meets(alternative, levels) for alternative in choice) for choice in self.one_of
        )


def _meets(needed: Levels, levels: Levels) -> bool:
    return all(levels.get(skill, 0) >= level for skill, level in needed.items())


def after(course: Course, levels: Levels) -> dict[str, int]:
    """Levels once `course` is finished: max(current, taught) for each taught skill; nothing is unlearned.

    >>> after(Course(id="c", hours=1, price=0, requires={}, teaches={"sql": 2}), {"sql": 3})
    {'sql': 3}
    """
    reached = dict(levels)
    for skill, level in course.teaches.items():
        reached[skill] = max(reached.get(skill, 0), level)
    return reached


@dataclass(frozen=True)
class Catalogue:
    """All courses on offer and the ids of all skills they speak of."""

    courses: tuple[Course, ...]
    skills: frozenset[str]

    def __reduce__(self) -> tuple[type[Catalogue], tuple[tuple[Course, ...], frozenset[str]]]:
        """Only the content travels between processes, not what was derived from it."""
        return Catalogue, (self.courses, self.skills)

    @cached_property
    def by_id(self) -> Mapping[str, Course]:
        """Course id -> course."""
        return MappingProxyType({course.id: course for course in self.courses})

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the content; independent of the order of courses."""
        rows = sorted(
            (
                *(c.id, c.hours, c.price, sorted(c.requires.items()), sorted(c.teaches.items())),
                [[sorted(alternative.items()) for alternative in choice] for choice in c.one_of],
                *(c.hands_on, c.language, c.format, c.provider),
            )
            for c in self.courses
        )
        body = json.dumps([sorted(self.skills), rows], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A target: the levels that must be reached. `weights` (integers) measure coverage, not cost."""

    id: str
    requires: Levels
    weights: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "requires", MappingProxyType(dict(self.requires)))
        object.__setattr__(self, "weights", MappingProxyType(dict(self.weights)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What one person can do today. Courses in `taken` count as taken and are not taken again."""

    levels: Levels
    taken: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "levels", MappingProxyType(dict(self.levels)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Merit:
    """A reason to prefer courses for the skills they teach, such as demand or strategic priority.

    `skills` maps a skill to its merit, from 0 (so are all that are missing) to 100; `weight` says how much
    this reason counts beside others.
    """

    name: str
    weight: int
    skills: Mapping[str, int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "skills", MappingProxyType(dict(self.skills)))

    def of(self, course: Course) -> int:
        """The mean merit of the levels that `course` teaches, 0..100, rounded down.

        >>> course = Course(id="c", hours=1, price=0, requires={}, teaches={"sql": 3, "ml": 1})
        >>> Merit(name="demand", weight=1, skills={"ml": 90}).of(course)
        22
        """
        levels = sum(course.teaches.values())
        earned = sum(level * self.skills.get(skill, 0) for skill, level in course.teaches.items())
        return earned // levels if levels else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What is preferred among courses, in whole numbers; by default nothing.

    A course has points, the fewer the better: 100 x `hands_on` for each of its hours without practice, and
    for each of all its hours, by each reason in `merits`, the weight x (100 - the course's merit).

    With `price` 0 they break ties: of the cheapest plans one with the fewest points is taken, and the
    solution states its `points`. Otherwise 100 points cost `price` units of the objective, and the solution
    states which part of its cost is such `surcharge`.
    """

    hands_on: int = 0
    merits: tuple[Merit, ...] = ()
    price: int = 0

    def points(self, course: Course) -> int:
        """Points of `course`, a non-negative integer.

        >>> course = Course(id="c", hours=10, price=0, requires={}, teaches={"sql": 2}, hands_on=4)
        >>> demand = Merit(name="demand", weight=2, skills={"sql": 70})
        >>> Preferences(hands_on=1, merits=(demand,)).points(course)
        1200
        """
        points = 100 * self.hands_on * (course.hours - course.hands_on)
        return points + sum(one.weight * course.hours * (100 - one.of(course)) for one in self.merits)

    def surcharge(self, course: Course) -> int:
        """What the points of `course` cost, rounded down."""
        return self.price * self.points(course) // 100 if self.price else 0

    @property
    def break_ties(self) -> bool:
        """Whether they decide between plans of the same cost, and cost nothing themselves."""
        return not self.price and (self.hands_on > 0 or any(one.weight for one in self.merits))


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """Integer prices of effort: what an hour, a unit of money and an hour without practice cost.

    `extra` is what single courses cost on top, `prefer` what is preferred among them: priced openly, or to
    break ties.
    """

    hour: int = 1
    price: int = 0
    theory: int = 0
    extra: Mapping[str, int] = field(default_factory=dict)
    prefer: Preferences = Preferences()

    def __post_init__(self) -> None:
        object.__setattr__(self, "extra", MappingProxyType(dict(self.extra)))

    def cost(self, course: Course) -> int:
        """Cost of taking `course`, a non-negative integer."""
        return self.effort(course) + self.surcharge(course)

    def effort(self, course: Course) -> int:
        """The true cost: hours, money and hours without practice at their prices."""
        effort = self.hour * course.hours + self.price * course.price
        return effort + self.theory * (course.hours - course.hands_on)

    @property
    def has_surcharges(self) -> bool:
        """Whether a course may cost more than its effort."""
        return bool(self.extra) or self.prefer.price > 0

    def surcharge(self, course: Course) -> int:
        """What preferences add to the true cost."""
        return self.extra.get(course.id, 0) + self.prefer.surcharge(course)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """Limits on the whole plan; None means no limit.

    Only courses in `languages`, `formats` and of `providers` are taken. At least one course of each set in
    `one_of` is taken (an integration project, or a course insisted on and its equivalents). `waivers` maps
    role skills to the cost of being exempt from the requirement. `min_hands_on` is the smallest share of
    practice in the hours of the plan, in per cent; only courses that lead to the role may make it up.
    """

    max_price: int | None = None
    max_hours: int | None = None
    exclude: frozenset[str] = frozenset()
    include: frozenset[str] = frozenset()
    one_of: tuple[frozenset[str], ...] = ()
    languages: frozenset[str] | None = None
    formats: frozenset[str] | None = None
    providers: frozenset[str] | None = None
    waivers: Mapping[str, int] = field(default_factory=dict)
    min_hands_on: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "waivers", MappingProxyType(dict(self.waivers)))

    def allows(self, course: Course) -> bool:
        """Whether a plan may contain `course`."""
        return (
            course.id not in self.exclude
            and (self.languages is None or course.language in self.languages)
            and (self.formats is None or course.format in self.formats)
            and (self.providers is None or course.provider in self.providers)
        )

    @property
    def must_take(self) -> tuple[frozenset[str], ...]:
        """Sets of courses, of each of which the plan takes at least one."""
        return (*(frozenset({course}) for course in sorted(self.include)), *self.one_of)


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One person, one role, one catalogue: everything the engine needs, nothing it must ask back."""

    id: str
    catalogue: Catalogue
    profile: Profile
    role: Role
    objective: Objective = Objective()
    constraints: Constraints = Constraints()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One course at its place in the plan. `closes` are goal facts it newly meets, (skill, level);
    `opens` are the ids of later steps that could not be taken before it."""

    course: str
    closes: tuple[tuple[str, int], ...] = ()
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """Every plan takes one of `courses`, or is exempt from one of the skills in `waivers`.

    `share` is the part of their costs, a positive integer, that the landmark charges.
    """

    courses: tuple[str, ...]
    waivers: tuple[str, ...] = ()
    share: int


Certificate = tuple[tuple[Landmark, ...], ...]
"""Rounds of landmarks. In each round the shares charged to a course stay within its cost, so that their sum
is a bound B. A course of which the rounds so far left so much uncharged that B and it come to the cost of the
plan is in no cheaper plan: the landmarks of the next round need only hold without it."""


class Proof(StrEnum):
    """What the best proven bound rests on."""

    VERIFIED = "verified"
    SOLVER = "solver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The engine's answer. cost and bounds are integers in units of the objective, or None
    (infeasible, unknown). `unreachable` lists role skills whose level no allowed course chain reaches, and
    `waived` those from which the plan is exempt.

    `bound` is the best one proven, `verified_bound` what `certificate` proves to anybody who replays it.
    `solver` names what the rest of the proof rests on.

    `surcharge` is the part of the cost that is no effort but a preference, where the objective has such.
    Where preferences break ties, `points` are those of the plan, and `least_points` is a bound, by the
    solver, on those of every plan that costs no more.
    """

    status: Status
    cost: int | None = None
    bound: int | None = None
    steps: tuple[Step, ...] = ()
    waived: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    verified_bound: int | None = None
    certificate: Certificate = ()
    solver: str = ""
    surcharge: int | None = None
    points: int | None = None
    least_points: int | None = None

    @property
    def true_cost(self) -> int | None:
        """The cost without its surcharge: effort alone."""
        return None if self.cost is None else self.cost - (self.surcharge or 0)

    @property
    def gap(self) -> float | None:
        """(cost - bound) / cost as a fraction; 0.0 when cost is 0; None without a plan."""
        return self._gap_to(self.bound)

    @property
    def verified_gap(self) -> float | None:
        """The gap to the verified bound."""
        return self._gap_to(self.verified_bound)

    @property
    def proof(self) -> Proof | None:
        """What `bound` rests on; None without a plan."""
        if self.bound is None:
            return None
        return Proof.VERIFIED if self.verified_bound == self.bound else Proof.SOLVER

    def _gap_to(self, bound: int | None) -> float | None:
        if self.cost is None or bound is None:
            return None
        return (self.cost - bound) / self.cost if self.cost else 0.0

    def to_json(self, *, seconds: float) -> dict[str, Any]:
        """The `groundwork-solution/1` document."""
        proof = self.proof
        preferences = {
            "surcharge": self.surcharge,
            "points": self.points,
            "least_points": self.least_points,
        }
        return {
            "format": "groundwork-solution/1",
            "status": self.status.value,
            "cost": self.cost,
            "bound": self.bound,
            "gap": self.gap,
            "steps": [
                {"course": step.course, "closes": dict(step.closes), "opens": list(step.opens)}
                for step in self.steps
            ],
            "waived": list(self.waived),
            "unreachable": list(self.unreachable),
            "proof": proof and proof.value,
            "verified_bound": self.verified_bound,
            "solver": self.solver,
            "certificate": [
                [
                    {"courses": list(one.courses), "waivers": list(one.waivers), "share": one.share}
                    for one in landmarks
                ]
                for landmarks in self.certificate
            ],
            "seconds": seconds,
        } | {name: value for name, value in preferences.items() if value is not None}
