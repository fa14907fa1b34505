"""Names of what notifications are about, by slug or id, at most one query for each sort of thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from groundwork.accounts.models import Membership
from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor
from groundwork.frameworks.models import Role, Skill
from groundwork.notifications.models import Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Slug -> row, and id -> name of a person the reader may still see; what is gone is missing."""

    roles: dict[str, Role] = field(default_factory=dict)
    skills: dict[str, Skill] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)

    def role(self, slug: str) -> str:
        """The role's name in the reader's language."""
        return self.roles[slug].name if slug in self.roles else slug

    def skill(self, slug: str) -> str:
        """The skill's name in the reader's language."""
        return self.skills[slug].name if slug in self.skills else slug

    def course(self, slug: str) -> str:
        """The course's title in the reader's language."""
        return self.courses[slug].title if slug in self.courses else slug


def names_in(notifications: Iterable[Notification], *, actor: Actor) -> Names:
    """All names that these notifications need; nothing is asked for nothing."""
    found: dict[str, set[str]] = {key: set() for key in ("role", "also", "skill", "next", "user")}
    for one in notifications:
        for key, values in found.items():
            if one.data.get(key):
                values.add(one.data[key])
    roles, skills, courses = found["role"] | found["also"], found["skill"], found["next"]
    members = Membership.objects.visible_to(actor).filter(user__in=map(UUID, found["user"]))
    return Names(
        roles={row.slug: row for row in Role.objects.filter(slug__in=roles)} if roles else {},
        skills={row.slug: row for row in Skill.objects.filter(slug__in=skills)} if skills else {},
        courses={row.slug: row for row in Course.objects.filter(slug__in=courses)} if courses else {},
        members={str(row.user_id): str(row.user) for row in members.select_related("user")}
        if found["user"]
        else {},
    )
