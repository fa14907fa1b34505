"""The skill vocabulary as the engine reads it, built once per process and state of the skills."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from django.db.models import Count, Max

from groundwork.frameworks.models import Skill
from recommender.matching.linker import SkillLinker


def linker() -> SkillLinker:
    """A linker over all skills; rebuilt when any of them changed."""
    state = Skill.objects.aggregate(latest=Max("updated_at"), total=Count("pk"))
    return _linker(state["latest"], state["total"])


@lru_cache(maxsize=1)
def _linker(_latest: datetime | None, _total: int) -> SkillLinker:
    return SkillLinker([skill.as_value() for skill in Skill.objects.order_by("slug")])
