"""Names of courses and skills by slug, in the reader's language: at most one query for each kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Skill


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Slug -> title of a course, and slug -> name of a skill; what is unknown is called by its slug."""

    courses: dict[str, str]
    skills: dict[str, str]

    def course(self, slug: str) -> str:
        """The title of a course."""
        return self.courses.get(slug, slug)

    def skill(self, slug: str) -> str:
        """The name of a skill."""
        return self.skills.get(slug, slug)


def names(*, courses: Iterable[str], skills: Iterable[str]) -> Names:
    """The names of these courses and skills; nothing is asked for nothing."""
    wanted, named = set(courses), set(skills)
    return Names(
        courses={one.slug: one.title for one in Course.objects.filter(slug__in=wanted)} if wanted else {},
        skills={one.slug: one.name for one in Skill.objects.filter(slug__in=named)} if named else {},
    )
