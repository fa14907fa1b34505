"""Who acts, and for whom: the only thing the layers below the interfaces know of a request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Right(StrEnum):
    """What an actor may do inside the organisation it acts for."""

    MANAGE_ORGANISATION = "organisation:manage"
    READ_PEOPLE = "people:read"
    WRITE_PEOPLE = "people:write"
    READ_PLANS = "plans:read"
    WRITE_PLANS = "plans:write"
    READ_CATALOGUE = "catalogue:read"


ADMINISTRATOR_RIGHTS = frozenset(Right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Frozen ids and rights. A visitor has neither id; a service account has no user."""

    user_id: UUID | None = None
    service_account_id: UUID | None = None
    organisation_id: UUID | None = None
    rights: frozenset[Right] = frozenset()
    # Names a part of the system that acts by itself: the importer, a job, the relay.
    system: str = ""

    @property
    def label(self) -> str:
        """Stable text for audit entries: it outlives the person's row."""
        if self.user_id:
            return f"user:{self.user_id}"
        if self.service_account_id:
            return f"service:{self.service_account_id}"
        return f"system:{self.system}" if self.system else "visitor"

    @property
    def employer_id(self) -> UUID:
        """The organisation the actor acts for. Raises PermissionError when it acts for none."""
        if self.organisation_id is None:
            raise PermissionError("this actor acts for no organisation")
        return self.organisation_id

    def may(self, right: Right) -> bool:
        """Whether the actor holds `right` in its organisation."""
        return self.organisation_id is not None and right in self.rights


VISITOR = Actor()
SYSTEM = Actor(system="groundwork")
