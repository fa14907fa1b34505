"""Proves that the fixtures hold together: what `python -m recommender check-catalogue` runs.

Each check is one function that yields findings. A finding is an error (the check fails) or a gap
(listed in the catalogue-gap report, not a failure).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from recommender.datasets import CourseRecord, Fixtures
from recommender.domain import Course, Levels, after

MIN_FEEDERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong or missing; `check` is the name of the check that found it."""

    check: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was counted, what is wrong, what is merely thin."""

    counts: dict[str, int]
    errors: tuple[Finding, ...]
    gaps: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return not self.errors


def check(fixtures: Fixtures, *, root: Path) -> Report:
    """Run every check. `root` is the fixtures folder, where CV texts are looked up."""
    errors = [
        Finding(check=check.__name__.lstrip("_"), message=message)
        for check in CHECKS
        for message in check(fixtures)
    ]
    errors += [Finding(check="cv_files", message=m) for m in _cv_files(fixtures, root)]
    gaps = [
        Finding(check=check.__name__.lstrip("_"), message=message)
        for check in GAPS
        for message in check(fixtures)
    ]
    return Report(counts=_counts(fixtures), errors=tuple(errors), gaps=tuple(gaps))


def closure(levels: Levels, courses: list[Course]) -> dict[str, int]:
    """The highest level of every skill that somebody at `levels` can reach with any of `courses`."""
    reached, waiting = dict(levels), list(courses)
    while True:
        open_now = [course for course in waiting if course.can_be_taken(reached)]
        if not open_now:
            return reached
        for course in open_now:
            reached = after(course, reached)
        taken = {course.id for course in open_now}
        waiting = [course for course in waiting if course.id not in taken]


def _counts(fixtures: Fixtures) -> dict[str, int]:
    records = fixtures.courses.values()
    return {
        "skills": len(fixtures.skills),
        "roles": len(fixtures.roles),
        "requirements": len(fixtures.requirements),
        "courses": len(fixtures.courses),
        **{f"courses in {k}": n for k, n in sorted(Counter(r.language for r in records).items())},
        "courses hands-on": sum(r.hands_on for r in records),
        "courses with estimated hours": sum(r.hours_basis == "estimate" for r in records),
        "courses with estimated price": sum(r.price_basis == "estimate" for r in records),
        "courses unverified": sum("unverified" in r.provenance for r in records),
        "feeder profiles": len(fixtures.feeders),
        "example people": len(fixtures.people),
    }


def _unknown_in_priorities(fixtures: Fixtures) -> Iterator[str]:
    for one in fixtures.priorities:
        if one.skill and one.skill not in fixtures.skills:
            yield f"a priority names the unknown skill {one.skill}"


def _ids_of_the_framework_resolve(fixtures: Fixtures) -> Iterator[str]:
    skills, roles = fixtures.skills, fixtures.roles
    for row in fixtures.requirements:
        if row.role not in roles or row.skill not in skills:
            yield f"role requirement {row.role} / {row.skill} names something unknown"
    for demand in fixtures.demand.values():
        if demand.role not in roles:
            yield f"demand names the unknown role {demand.role}"
    for term in fixtures.demand_terms:
        if term.role not in fixtures.demand or (term.skill and term.skill not in skills):
            yield f"demand term {term.role} / {term.term} names something unknown"
    yield from _unknown_in_priorities(fixtures)
    for role in roles.values():
        if role.integration_course and role.integration_course not in fixtures.courses:
            yield f"role {role.id} names the unknown integration project {role.integration_course}"


def _ids_of_courses_resolve(fixtures: Fixtures) -> Iterator[str]:
    for record in fixtures.courses.values():
        for skill in sorted({*record.course.requires, *record.course.teaches} - fixtures.skills.keys()):
            yield f"course {record.course.id} names the unknown skill {skill}"


def _ids_of_people_resolve(fixtures: Fixtures) -> Iterator[str]:
    skills, roles = fixtures.skills, fixtures.roles
    for feeder in fixtures.feeders.values():
        for unknown in sorted(
            ({*feeder.roles} - roles.keys()) | (feeder.profile.levels.keys() - skills.keys())
        ):
            yield f"feeder {feeder.id} names the unknown {unknown}"
    for person in fixtures.people.values():
        if person.role not in roles or person.feeder not in fixtures.feeders:
            yield f"person {person.id} names an unknown role or feeder"
        for unknown in sorted(person.profile.levels.keys() - skills.keys()):
            yield f"person {person.id} names the unknown skill {unknown}"


def _every_course_teaches_something_new(fixtures: Fixtures) -> Iterator[str]:
    for record in fixtures.courses.values():
        course = record.course
        if not any(level > course.requires.get(skill, 0) for skill, level in course.teaches.items()):
            yield f"course {course.id} teaches nothing above what it requires"


def _hours_are_positive(fixtures: Fixtures) -> Iterator[str]:
    for record in fixtures.courses.values():
        if record.course.hours < 1:
            yield f"course {record.course.id} has no hours"
        has_a_price = record.price_class in ("paid", "university")
        if has_a_price and record.course.price == 0 and record.price_basis == "estimate":
            yield f"course {record.course.id} is {record.price_class} yet its unknown price is zero"


def _no_duplicate_courses(fixtures: Fixtures) -> Iterator[str]:
    seen: dict[tuple[str, str, str], str] = {}
    for record in fixtures.courses.values():
        key = (_folded(record.title.en), _folded(record.provider), record.url.rstrip("/").casefold())
        if key in seen:
            yield f"course {record.course.id} is the same as {seen[key]}"
        seen[key] = record.course.id


def _no_shared_aliases(fixtures: Fixtures) -> Iterator[str]:
    owner: dict[str, str] = {}
    for record in fixtures.skills.values():
        skill = record.skill
        for alias in {skill.name.en, skill.name.zh, *skill.aliases_en, *skill.aliases_zh}:
            first = owner.setdefault(alias.casefold(), skill.id)
            if first != skill.id:
                yield f"the alias {alias!r} belongs to both {first} and {skill.id}"


def _no_orphan_skills(fixtures: Fixtures) -> Iterator[str]:
    used = {row.skill for row in fixtures.requirements}
    for record in fixtures.courses.values():
        used |= record.course.teaches.keys()
    for skill in fixtures.skills.keys() - used:
        yield f"skill {skill} is neither required by a role nor taught by a course"


def _compound_roles_have_both_halves(fixtures: Fixtures) -> Iterator[str]:
    for role in fixtures.roles.values():
        parts = {row.part for row in fixtures.requirements if row.role == role.id}
        if not parts:
            yield f"role {role.id} has no requirements"
        if role.layer != "compound":
            continue
        if not {"ai", "domain"} <= parts:
            yield f"compound role {role.id} lacks its AI or its domain requirements"
        if not role.integration_course:
            yield f"compound role {role.id} names no integration project"


def _integration_projects_join_both_halves(fixtures: Fixtures) -> Iterator[str]:
    for role in fixtures.roles.values():
        record = fixtures.courses.get(role.integration_course)
        if record is None:
            continue
        touched = {*record.course.requires, *record.course.teaches}
        rows = [row for row in fixtures.requirements if row.role == role.id and row.skill in touched]
        if not {"ai", "domain"} <= {row.part for row in rows}:
            yield f"integration project {record.course.id} does not touch both halves of {role.id}"


def _roles_have_feeders(fixtures: Fixtures) -> Iterator[str]:
    feeders = Counter(role for feeder in fixtures.feeders.values() for role in feeder.roles)
    for role in fixtures.roles:
        if feeders[role] < MIN_FEEDERS:
            yield f"role {role} has {feeders[role]} feeder profiles, at least {MIN_FEEDERS} are needed"
    for feeder in fixtures.feeders.values():
        if not feeder.profile.levels:
            yield f"feeder {feeder.id} has no levels"


def _every_requirement_is_reachable(fixtures: Fixtures) -> Iterator[str]:
    courses = [record.course for record in fixtures.courses.values()]
    wanted: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in fixtures.requirements:
        wanted[row.role][row.skill] = row.level
    starts = [(f"feeder {f.id}", f.profile.levels, f.roles) for f in fixtures.feeders.values()]
    starts += [(f"person {p.id}", p.profile.levels, (p.role,)) for p in fixtures.people.values()]
    for name, levels, roles in starts:
        reached = closure(levels, courses)
        for role in roles:
            for skill, level in wanted[role].items():
                if reached.get(skill, 0) < level:
                    yield f"{name} cannot reach {skill} {level} for {role} (highest {reached.get(skill, 0)})"


def _cv_files(fixtures: Fixtures, root: Path) -> Iterator[str]:
    for person in fixtures.people.values():
        path = root / person.cv
        if not path.is_file() or not path.read_text(encoding="utf-8").strip():
            yield f"the CV of {person.id} is missing or empty: {person.cv}"


def _single_route_requirements(fixtures: Fixtures) -> Iterator[str]:
    teachers: defaultdict[str, list[CourseRecord]] = defaultdict(list)
    for record in fixtures.courses.values():
        for skill in record.course.teaches:
            teachers[skill].append(record)
    for row in sorted({(row.skill, row.level) for row in fixtures.requirements}):
        skill, level = row
        enough = [r.course.id for r in teachers[skill] if r.course.teaches[skill] >= level]
        if len(enough) == 1:
            yield f"{skill} {level} is taught by {enough[0]} alone"


def _skills_without_a_course_in(fixtures: Fixtures) -> Iterator[str]:
    required = {row.skill for row in fixtures.requirements}
    for language in ("en", "zh"):
        taught = {
            skill
            for record in fixtures.courses.values()
            if record.language == language
            for skill in record.course.teaches
        }
        missing = sorted(required - taught)
        if missing:
            yield f"{len(missing)} required skills have no course in {language}: {', '.join(missing)}"


def _roles_with_few_postings(fixtures: Fixtures) -> Iterator[str]:
    for role in fixtures.roles:
        if role not in fixtures.demand:
            yield f"{role}: no posting source at all"


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


CHECKS: tuple[Callable[[Fixtures], Iterator[str]], ...] = (
    _ids_of_the_framework_resolve,
    _ids_of_courses_resolve,
    _ids_of_people_resolve,
    _every_course_teaches_something_new,
    _hours_are_positive,
    _no_duplicate_courses,
    _no_shared_aliases,
    _no_orphan_skills,
    _compound_roles_have_both_halves,
    _integration_projects_join_both_halves,
    _roles_have_feeders,
    _every_requirement_is_reachable,
)
GAPS: tuple[Callable[[Fixtures], Iterator[str]], ...] = (
    _single_route_requirements,
    _skills_without_a_course_in,
    _roles_with_few_postings,
)
