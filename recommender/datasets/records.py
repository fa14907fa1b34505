"""One frozen value per kind of fixture row, with where its facts come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from recommender.domain import Catalogue, Course, HalfLife, Label, Profile, Role, Skill


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillRecord:
    """A skill with its provenance."""

    skill: Skill
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfLifeRecord:
    """The assumed half-life of a class, in months, and what the assumption rests on."""

    half_life: HalfLife
    months: int
    name: Label
    basis: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementRecord:
    """One line of a role: a skill at a level; weight 1..5; part is ai, domain or general."""

    role: str
    skill: str
    level: int
    weight: int
    essential: bool
    part: str
    source: str
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRecord:
    """A target role; priority 1 (highest) to 3."""

    id: str
    code: str
    layer: str
    domain: Label
    name: Label
    aliases_en: tuple[str, ...]
    aliases_zh: tuple[str, ...]
    summary: Label
    integration_course: str
    priority: int
    priority_reason: Label
    priority_source: str
    priority_as_of: str
    esco: str
    onet: str
    csco: str
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityRecord:
    """How much strategy wants a layer or a skill (the other is ""), 1 (highest) to 3; who said so and when.

    `basis` is "stated" where the source says it, "editorial" where it is our reading.
    """

    layer: str
    skill: str
    priority: int
    reason: Label
    source: str
    as_of: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRecord:
    """How many postings one dated source holds for a role."""

    role: str
    postings: int
    source: str
    as_of: str
    note_en: str
    note_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandTermRecord:
    """How many of a role's postings name a term; skill is "" when the term is no skill of ours."""

    role: str
    term: str
    skill: str
    postings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRecord:
    """A course as the catalogue states it. hours >= 1; price in whole CNY; *_basis known or estimate."""

    course: Course
    title: Label
    provider: str
    url: str
    language: str
    level: str
    format: str
    hours_basis: str
    price_class: str
    price_basis: str
    hands_on: bool
    prerequisites_text: str
    area: str
    source: str
    source_id: str
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederRecord:
    """A typical starting point for some roles; levels are editorial."""

    id: str
    name: Label
    roles: tuple[str, ...]
    profile: Profile
    provenance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLevel:
    """One skill of an example person and when it was last shown."""

    skill: str
    level: int
    evidenced_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """An example person, invented, with a CV of our own writing."""

    id: str
    name: Label
    headline: Label
    language: str
    role: str
    hours_per_week: int
    feeder: str
    cv: str
    levels: tuple[PersonLevel, ...]

    @property
    def profile(self) -> Profile:
        """The levels alone, as the planner reads them."""
        return Profile(levels={row.skill: row.level for row in self.levels})


@dataclass(frozen=True, kw_only=True)
class Fixtures:
    """Everything under fixtures/, each id once."""

    skills: Mapping[str, SkillRecord]
    half_lives: Mapping[str, HalfLifeRecord]
    roles: Mapping[str, RoleRecord]
    requirements: tuple[RequirementRecord, ...]
    priorities: tuple[PriorityRecord, ...]
    demand: Mapping[str, DemandRecord]
    demand_terms: tuple[DemandTermRecord, ...]
    courses: Mapping[str, CourseRecord]
    feeders: Mapping[str, FeederRecord]
    people: Mapping[str, PersonRecord]

    def catalogue(self) -> Catalogue:
        """The planner's view of all courses."""
        return Catalogue(
            courses=tuple(record.course for record in self.courses.values()),
            skills=frozenset(self.skills),
        )

    def role(self, role: str, *, with_optional: bool = False) -> Role:
        """The planner's view of a role: essential requirements, and the optional ones on request."""
        rows = [row for row in self.requirements if row.role == role]
        return Role(
            id=role,
            requires={row.skill: row.level for row in rows if row.essential or with_optional},
            weights={row.skill: row.weight for row in rows},
        )
