"""Where the person in front of the screen stands: a visitor by the session, a learner by the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from groundwork.accounts import actors
from groundwork.accounts.models import User
from groundwork.core.actors import VISITOR, Actor
from groundwork.core.languages import in_chinese
from groundwork.learners import recording
from groundwork.learners.models import Learner
from groundwork.web import visiting
from groundwork.web.visiting import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Skills with level and day of last evidence, hours per week, and the learner's row if there is one."""

    held: dict[str, Held]
    hours_per_week: int
    languages: tuple[str, ...] = ()
    learner: Learner | None = None

    @property
    def levels(self) -> dict[str, int]:
        """Skill slug -> level."""
        return {skill: one.level for skill, one in self.held.items()}


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request."""
    user: User | AnonymousUser | Any = request.user
    return actors.of_user(user) if isinstance(user, User) else VISITOR


def of(request: HttpRequest) -> Standing:
    """The standing of whoever asks."""
    if not isinstance(request.user, User):
        return Standing(
            held=visiting.levels(request),
            hours_per_week=visiting.HOURS_PER_WEEK,
            languages=_languages_of_the_page(),
        )
    learner = recording.learner_of(request.user, actor=actor_of(request))
    rows = learner.proficiencies.values_list("skill__slug", "level", "as_of")
    return Standing(
        held={skill: Held(level=level, as_of=as_of) for skill, level, as_of in rows},
        hours_per_week=learner.hours_per_week,
        languages=tuple(sorted({"en", "zh"} & set(learner.languages))) or _languages_of_the_page(),
        learner=learner,
    )


def _languages_of_the_page() -> tuple[str, ...]:
    """Courses a reader of this page can surely follow; who reads Chinese here is offered English, too."""
    return ("en", "zh") if in_chinese() else ("en",)


def next_of(request: HttpRequest) -> str:
    """The page of ours a form names to go on with; the start for anything else."""
    target = request.POST.get("next", "/")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/"
