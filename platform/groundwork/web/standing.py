"""Where the person in front of the screen stands: a visitor by the session, a learner by the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from groundwork.accounts import actors
from groundwork.accounts.models import User
from groundwork.core.actors import VISITOR, Actor
from groundwork.core.languages import in_chinese
from groundwork.learners import consents, lapsing, recording
from groundwork.learners.consents import Use
from groundwork.learners.models import Learner
from groundwork.plans import study_days
from groundwork.plans.refusals import CourseRefusal
from groundwork.plans.study_days import Dates, StudyDays
from groundwork.web import visiting
from groundwork.web.visiting import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Skills as they were last shown, the levels of today that follow, time for study, and the learner's row.

    `levels` maps a skill to its level of today, as the planner reads it; what has faded to 0 is left out, and
    so is everything where the person wants paths by the role alone. The public holidays of `country` are off.
    """

    held: dict[str, Held]
    levels: dict[str, int]
    hours_per_week: int
    languages: tuple[str, ...] = ()
    courses_at_once: int = 1
    country: str = ""
    learner: Learner | None = None

    @property
    def is_personal(self) -> bool:
        """Whether paths start from what the person can do; else from nothing, and `levels` is empty."""
        return self.learner is None or self.learner.is_personalised

    @property
    def dates(self) -> Dates:
        """What turns hours into days for a path that starts today, without a wish."""
        return dates(self, hours_per_week=self.hours_per_week)

    @property
    def can_start(self) -> bool:
        """Whether it is known where a path starts."""
        return bool(self.held) or not self.is_personal


def dates(
    person: Standing,
    *,
    hours_per_week: int,
    courses_at_once: int | None = None,
    country: str | None = None,
) -> Dates:
    """The same with other hours, courses at once or public holidays; in a query for days off, asked once."""
    if person.learner is not None:
        days = study_days.of(person.learner, courses_at_once=courses_at_once, country=country)
    else:
        days = StudyDays(courses_at_once=courses_at_once or person.courses_at_once, country=country or "")
    return {"starts_on": timezone.localdate(), "hours_per_week": hours_per_week, "days": days}


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request."""
    user: User | AnonymousUser | Any = request.user
    return actors.of_user(user) if isinstance(user, User) else VISITOR


def learner_of(request: HttpRequest) -> Learner:
    """The learner who is signed in. Raises Http404 for anybody else."""
    learner = of(request).learner
    if learner is None:
        raise Http404
    return learner


def teaches_words(request: HttpRequest) -> bool:
    """Whether the reader of CVs may learn from bare words: a visitor's are nobody's, a person may say no."""
    if not isinstance(request.user, User):
        return True
    learner = Learner.objects.filter(user=request.user).first()
    return learner is None or consents.is_given(learner, Use.WORDS)


def of(request: HttpRequest) -> Standing:
    """The standing of whoever asks."""
    today = timezone.localdate()
    if not isinstance(request.user, User):
        held = visiting.levels(request)
        said = {skill: (one.level, one.as_of) for skill, one in held.items()}
        return Standing(
            held=held,
            levels=lapsing.levels(said, on_date=today) if said else {},
            hours_per_week=visiting.HOURS_PER_WEEK,
            languages=_languages_of_the_page(),
        )
    learner = recording.learner_of(request.user, actor=actor_of(request))
    rows = list(learner.proficiencies.with_clocks())
    now = {row.skill.slug: row.on(today).reading for row in rows} if learner.is_personalised else {}
    return Standing(
        held={row.skill.slug: Held(level=row.level, as_of=row.as_of) for row in rows},
        levels={skill: level for skill, level in now.items() if level},
        hours_per_week=learner.hours_per_week,
        languages=tuple(sorted({"en", "zh"} & set(learner.languages))) or _languages_of_the_page(),
        courses_at_once=learner.courses_at_once,
        country=learner.public_holidays,
        learner=learner,
    )


def _languages_of_the_page() -> tuple[str, ...]:
    """Courses a reader of this page can surely follow; who reads Chinese here is offered English, too."""
    return ("en", "zh") if in_chinese() else ("en",)


def refused_by(request: HttpRequest, person: Standing) -> dict[str, str]:
    """The courses that are not for this person, slug -> reason, in the order they were refused."""
    if person.learner is None:
        return visiting.refused(request)
    rows = CourseRefusal.objects.filter(learner=person.learner)
    return dict(rows.values_list("course__slug", "reason"))


def next_of(request: HttpRequest) -> str:
    """The page of ours a form names to go on with; the start for anything else."""
    target = request.POST.get("next", "/")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/"
