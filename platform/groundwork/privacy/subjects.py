"""By what a person is found where no foreign key leads: ids, and the address where it is surely theirs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db import models

from groundwork.accounts.models import User
from groundwork.learners.models import Learner
from groundwork.privacy import exporting, holdings

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A person to be erased, and the pseudonym that takes their place."""

    user: User
    pseudonym: str

    @cached_property
    def learners(self) -> list[Learner]:
        """The person's own, and those an employer entered under an address that the person has confirmed."""
        own = models.Q(user=self.user)
        if self.is_confirmed:
            own |= models.Q(user=None, email__iexact=self.user.email)
        return list(Learner.objects.filter(own).order_by("pk"))

    @cached_property
    def is_confirmed(self) -> bool:
        """Whether the address is surely theirs: somebody else's is not to be erased by claiming it."""
        return exporting.is_confirmed(self.user)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the person is called: by themselves, and by those who entered them."""
        found = {self.user.name, *(one.name for one in self.learners)}
        return tuple(sorted((name for name in found if name), key=len, reverse=True))

    @cached_property
    def needles(self) -> dict[str, str]:
        """What is searched for -> what is put in its place. The longer ones come first."""
        ids = [str(self.user.pk), *(str(one.pk) for one in self.learners)]
        found = {f"user:{self.user.pk}": f"erased:{self.pseudonym}", **dict.fromkeys(ids, self.pseudonym)}
        if self.is_confirmed:
            found[self.user.email] = self.pseudonym
        return found

    @cached_property
    def ids(self) -> frozenset[bytes]:
        """The UUID of every row that is theirs: what a queue or a cache would name them by."""
        rows = [
            held.of(self.user).values_list("pk", flat=True)
            for held in holdings.found().values()
            if isinstance(held.model._meta.pk, models.UUIDField)
        ]
        own: set[UUID] = {key for keys in rows for key in keys} | {one.pk for one in self.learners}
        return frozenset(str(key).encode() for key in own)

    def is_in(self, content: bytes) -> bool:
        """Whether stored bytes (text, JSON or a pickle) may be about the person: rather too often."""
        return any(name.encode() in content for name in self.names) or self.is_named_in(content)

    def is_named_in(self, content: bytes) -> bool:
        """Whether a JSON text names the person: by an id, the address, or a string that is the name."""
        words = [self.user.email.encode()]
        for name in self.names:
            words += [json.dumps(name, ensure_ascii=ascii_only).encode() for ascii_only in (True, False)]
        if any(word in content for word in words):
            return True
        return any(found.lower() in self.ids for found in _UUID.findall(content))
