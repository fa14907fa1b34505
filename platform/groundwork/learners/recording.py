"""Evidence in, proficiency out, in one transaction. Nothing else writes proficiency."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Membership, User
from groundwork.catalogue.models import Course
from groundwork.core.actors import Actor, Right
from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.events import outbox
from groundwork.frameworks.models import Skill
from groundwork.learners import clocks, public_holidays, standing
from groundwork.learners.models import (
    COURSES_AT_ONCE,
    HOURS_PER_WEEK,
    Evidence,
    Learner,
    Mark,
    Proficiency,
)
from recommender.domain import LEVELS

MAX_WORDS = 300
MAX_NAME = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing seen: a skill at a level, on a day, and the words or the finished course it rests on.

    A failed course shows at most `level`. `used_until` is the last day of use, `sd` the evidence's own
    standard deviation in levels; without them the day itself and the noise of the kind are taken.
    """

    skill: str
    level: int
    kind: str
    evidenced_on: date
    words: str = ""
    course: Course | None = None
    used_until: date | None = None
    sd: float | None = None


@transaction.atomic
def learner_of(user: User, *, actor: Actor) -> Learner:
    """The signed-in person's own learner, made on first use."""
    values: dict[str, Any] = {
        "name": (user.name or user.email)[:MAX_NAME],
        # Asked only when the learner is made, and then afresh.
        "organisation_id": lambda: _employer_of(user),
    }
    learner, created = Learner.objects.get_or_create(user=user, defaults=values)
    if created:
        outbox.record(actor=actor, action="learner.created", subject=learner)
    return learner


@transaction.atomic
def enter_person(
    *,
    actor: Actor,
    name: str,
    external_id: str = "",
    email: str = "",
    hours_per_week: int = 8,
    languages: Sequence[str] = (),
) -> Learner:
    """A person entered by the organisation's HR system or administrator, without an account.

    Whoever joins the organisation later with the address `email` takes this learner over. Raises
    ConflictError when the organisation has a person with this external id or address already.
    """
    if not actor.may(Right.WRITE_PEOPLE):
        raise ForbiddenError(_("This key may not write people."))
    if not name.strip():
        raise InvalidError(_("Give the person a name."))
    check_hours(hours_per_week)
    try:
        with transaction.atomic():
            learner = Learner.objects.create(
                organisation_id=actor.employer_id,
                name=name.strip(),
                external_id=external_id,
                email=email.lower(),
                hours_per_week=hours_per_week,
                languages=list(languages),
            )
    except IntegrityError as error:
        raise ConflictError(
            _("A person with this external id or e-mail address exists already."), external_id=external_id
        ) from error
    outbox.record(actor=actor, action="learner.created", subject=learner)
    return learner


@transaction.atomic
def record_evidence(*, actor: Actor, learner: Learner, observations: Sequence[Observation]) -> list[Evidence]:
    """Append the observations and bring each skill's proficiency to where all its evidence leaves it.

    Answers with the lines, in the same order.
    How each kind counts is told in `recommender.estimators.proficiency`.
    Raises InvalidError when a skill or kind is unknown or a level is outside 0..5; nothing is written then.
    """
    _may_write(actor, learner)
    skills = _skills(observations)
    for observation in observations:
        _check(observation)
    lock(learner)
    lines = Evidence.objects.bulk_create(
        Evidence(
            learner=learner,
            skill=skills[observation.skill],
            kind=observation.kind,
            level=observation.level,
            evidenced_on=observation.evidenced_on,
            words=observation.words[:MAX_WORDS],
            course=observation.course,
            used_until=observation.used_until,
            sd=observation.sd,
            recorded_by=actor.label,
        )
        for observation in observations
    )
    restate(learner, skills=[skill.pk for skill in skills.values()])
    outbox.record(
        actor=actor,
        action="evidence.recorded",
        subject=learner,
        organisation_id=learner.organisation_id,
        details={"skills": [observation.skill for observation in observations]},
    )
    return lines


@transaction.atomic
def take_back(*, actor: Actor, learner: Learner, course: Course, kind: str = Evidence.Kind.COURSE) -> None:
    """Undo the end of `course`: what it showed (as `kind`) no longer counts, and the trail shows both."""
    _may_write(actor, learner)
    lock(learner)
    shown = Evidence.objects.filter(learner=learner, kind=kind, course=course)
    lines = [one for one in shown.with_marks().select_related("skill") if standing.counts(one)]
    if not lines:
        return
    Mark.objects.bulk_create(
        Mark(evidence=one, kind=Mark.Kind.WITHDRAWN, made_by=actor.label) for one in lines
    )
    restate(learner, skills={one.skill_id for one in lines})
    outbox.record(
        actor=actor,
        action="evidence.withdrawn",
        subject=learner,
        organisation_id=learner.organisation_id,
        details={"skills": [one.skill.slug for one in lines]},
    )


def restate(learner: Learner, *, skills: Collection[int]) -> None:
    """Derive the proficiency in `skills` (their keys) anew from all evidence about them."""
    history = Evidence.objects.filter(learner=learner, skill__in=skills).with_marks()
    found = standing.rows(history.select_related("skill"), clocks=clocks.of(learner.organisation_id))
    Proficiency.objects.filter(learner=learner, skill__in=skills).delete()
    Proficiency.objects.bulk_create(found)


def lock(learner: Learner) -> Learner:
    """Changes of one learner queue up: each must see what the one before it wrote. The row as it is now."""
    return Learner.objects.select_for_update().get(pk=learner.pk)


def _may_write(actor: Actor, learner: Learner) -> None:
    own = actor.user_id is not None and actor.user_id == learner.user_id
    employer = learner.organisation_id is not None and learner.organisation_id == actor.organisation_id
    if not (own or actor.system or (employer and actor.may(Right.WRITE_PEOPLE))):
        raise ForbiddenError(_("You may not change what is known about this person."))


@transaction.atomic
def change_hours(*, actor: Actor, learner: Learner, hours_per_week: int) -> None:
    """Set how many hours a week the person can study."""
    _may_write(actor, learner)
    check_hours(hours_per_week)
    learner.hours_per_week = hours_per_week
    learner.save(update_fields=["hours_per_week"])
    outbox.record(
        actor=actor,
        action="learner.hours-changed",
        subject=learner,
        organisation_id=learner.organisation_id,
        details={"hours": hours_per_week},
    )


@transaction.atomic
def change_study_days(*, actor: Actor, learner: Learner, courses_at_once: int, country: str) -> None:
    """Set how many courses the person takes at once, and whose public holidays are days off ("": nobody's).

    Dates of plans follow by `plans.redating`, which calls this. Raises InvalidError for a number out of range
    or a country whose holidays are not known.
    """
    learner.check_own(actor)
    check_courses_at_once(courses_at_once)
    public_holidays.check(country)
    learner.courses_at_once, learner.public_holidays = courses_at_once, country
    learner.save(update_fields=["courses_at_once", "public_holidays"])
    outbox.record(
        actor=actor,
        action="learner.study-days-changed",
        subject=learner,
        organisation_id=learner.organisation_id,
        details={"courses_at_once": courses_at_once},
    )


def _employer_of(user: User) -> UUID | None:
    return Membership.objects.filter(user=user).values_list("organisation_id", flat=True).first()


def check_hours(hours_per_week: int) -> None:
    """Refuse hours per week outside the range people can keep up."""
    lowest, highest = HOURS_PER_WEEK
    if not lowest <= hours_per_week <= highest:
        raise InvalidError(
            _("Hours per week must be a whole number from %(lowest)d to %(highest)d.")
            % {"lowest": lowest, "highest": highest}
        )


def check_courses_at_once(courses: int) -> None:
    """Refuse more courses beside each other than people can keep up."""
    lowest, highest = COURSES_AT_ONCE
    if not lowest <= courses <= highest:
        raise InvalidError(
            _("Courses at once must be a whole number from %(lowest)d to %(highest)d.")
            % {"lowest": lowest, "highest": highest}
        )


def _skills(observations: Sequence[Observation]) -> dict[str, Skill]:
    wanted = {observation.skill for observation in observations}
    found = {skill.slug: skill for skill in Skill.objects.filter(slug__in=wanted)}
    unknown = sorted(wanted - found.keys())
    if unknown:
        raise InvalidError(_("Unknown skill: %(skills)s.") % {"skills": ", ".join(unknown)}, unknown=unknown)
    return found


def _check(observation: Observation) -> None:
    if observation.level not in LEVELS:
        raise InvalidError(_("A level must be a whole number from 0 to 5."), skill=observation.skill)
    if observation.kind not in Evidence.Kind.values:
        raise InvalidError(_("Unknown kind of evidence: %(kind)s.") % {"kind": observation.kind})
