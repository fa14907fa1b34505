"""Taking an assessment: start, answer, and at its end the evidence, in one transaction."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.assessments.models import Answer, Item, ItemQuerySet, Sitting
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError, InvalidError, NotFoundError
from groundwork.events import outbox
from groundwork.frameworks.models import Skill
from groundwork.learners import recording
from groundwork.learners.models import Learner
from groundwork.learners.recording import Observation
from recommender.domain import LEVELS
from recommender.estimators import ability
from recommender.estimators.ability import Ability, Exposure

EVIDENCE_KIND = "assessment"
# How many questions at least and at most, and the precision that ends it in between.
LENGTH = ability.STOP_RULE
# Questions fade from memory in about this time; sooner, a retake would measure recall of them.
RETAKE_AFTER = timedelta(days=30)
# How sure the level on record is taken to be when it chooses the first question, in levels.
SD_BEFORE = 1.5
# An interval of 90 % reaches this many standard deviations either way.
Z_90 = 1.645
# What rounding a level to a whole one adds to its variance.
ROUNDING = 1 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A skill that can be assessed, with the person's open sitting or last result in it.

    `answered` counts the answers given in the open one.
    """

    skill: Skill
    items: int
    open: Sitting | None
    answered: int
    last: Sitting | None

    def retake_from(self) -> date | None:
        """The first day of a retake; None before the first result."""
        return retake_from(self.last) if self.last else None


def offers(*, actor: Actor, learner: Learner) -> list[Offer]:
    """The skills with enough items for an assessment, in a fixed number of queries."""
    pool = Item.objects.visible_to(actor).current().order_by()
    counts = dict(pool.values_list("skill").annotate(n=Count("pk")))
    sittings: dict[tuple[int, bool], Sitting] = {}
    answered = Count("answers", filter=Q(answers__answered_at__isnull=False))
    taken = Sitting.objects.visible_to(actor).filter(learner=learner).annotate(answered=answered)
    for sitting in taken.order_by("started_at"):
        sittings[sitting.skill_id, sitting.finished_at is None] = sitting
    skills = Skill.objects.filter(pk__in=[pk for pk, n in counts.items() if n >= LENGTH.fewest])
    return [
        Offer(
            skill=skill,
            items=counts[skill.pk],
            open=sittings.get((skill.pk, True)),
            answered=getattr(sittings.get((skill.pk, True)), "answered", 0),
            last=sittings.get((skill.pk, False)),
        )
        for skill in skills
    ]


def skills_for_all() -> frozenset[str]:
    """The slugs of skills that anybody with an account could be assessed in: enough items for everybody."""
    pool = Item.objects.filter(bank__organisation=None).current().order_by()
    counts = pool.values_list("skill__slug").annotate(n=Count("pk"))
    return frozenset(slug for slug, n in counts if n >= LENGTH.fewest)


def longest(*, actor: Actor, skill: Skill) -> int:
    """How many questions an assessment of the skill can have at most."""
    return min(LENGTH.most, _pool(actor, skill).count())


def range_of(sitting: Sitting) -> tuple[int, int]:
    """The whole levels between which the level of a finished sitting lies with a chance of about 0.9."""
    if sitting.level_mean is None or sitting.level_sd is None:
        raise NotFoundError(_("There is no result yet."))
    ends = (sitting.level_mean - Z_90 * sitting.level_sd, sitting.level_mean + Z_90 * sitting.level_sd)
    lowest, highest = (min(max(round(end), LEVELS[0]), LEVELS[-1]) for end in ends)
    return lowest, highest


def retake_from(sitting: Sitting) -> date | None:
    """The first day on which the skill of a finished sitting may be assessed again."""
    if sitting.finished_at is None:
        return None
    return timezone.localdate(sitting.finished_at + RETAKE_AFTER)


@transaction.atomic
def start(*, actor: Actor, learner: Learner, skill: Skill, now: datetime, seed: int) -> Sitting:
    """Begin an assessment, or go on with the one that is open.

    Raises NotFoundError when there are too few items, ConflictError before a retake is allowed.
    """
    learner.check_own(actor)
    Learner.objects.select_for_update().filter(pk=learner.pk).first()
    earlier = Sitting.objects.filter(learner=learner, skill=skill).order_by("-started_at")
    under_way = earlier.filter(finished_at=None).first()
    if under_way:
        return under_way
    last = earlier.first()
    again = retake_from(last) if last else None
    if again and timezone.localdate(now) < again:
        raise ConflictError(
            _("You may take this assessment again from %(day)s on.") % {"day": again.isoformat()}
        )
    if _pool(actor, skill).count() < LENGTH.fewest:
        raise NotFoundError(_("There is no assessment of this skill."))
    sitting = Sitting.objects.create(
        learner=learner,
        skill=skill,
        level_before=learner.levels().get(skill.slug, 0),
        seed=seed,
        started_at=now,
    )
    _ask(actor, sitting, given=[])
    outbox.record(
        actor=actor,
        action="assessment.started",
        subject=sitting,
        organisation_id=learner.organisation_id,
        details={"skill": skill.slug},
    )
    return sitting


@transaction.atomic
def answer(*, actor: Actor, sitting: Sitting, position: int, choice: int | None, now: datetime) -> Sitting:
    """Take the answer to the question at `position`, None for "I do not know"; ask the next one or finish.

    An answer to a question that was answered already changes nothing: a second click, or the back button.
    Raises InvalidError when there is no such option. Returns the sitting as it stands then.
    """
    sitting.learner.check_own(actor)
    held = Sitting.objects.select_for_update().select_related("learner", "skill").get(pk=sitting.pk)
    answers = list(held.answers.select_related("item"))
    waiting = next((one for one in answers if one.answered_at is None), None)
    if waiting is None or waiting.position != position:
        return held
    if choice is not None and not 0 <= choice < len(waiting.item.options):
        raise InvalidError(_("Choose one of the answers."))
    waiting.choice, waiting.right, waiting.answered_at = choice, choice == waiting.item.key, now
    waiting.save(update_fields=["choice", "right", "answered_at"])
    shown = estimate(answers)
    left = _not_asked(list(_pool(actor, held.skill)), answers)
    reason = ability.stop_reason(shown, asked=len(answers), left=len(left), rule=LENGTH)
    if reason is None:
        _ask(actor, held, given=answers)
    else:
        _finish(actor, held, shown, reason=reason, asked=len(answers), now=now)
    return held


def estimate(answers: Sequence[Answer]) -> Ability:
    """What given answers show. It starts from the same belief for everybody, whatever they claim."""
    return ability.estimate(_values(answers))


def _values(answers: Sequence[Answer]) -> list[ability.Answer]:
    return [ability.Answer(item=one.item.as_value(), right=bool(one.right)) for one in answers]


def _ask(actor: Actor, sitting: Sitting, *, given: Sequence[Answer]) -> None:
    """Put the next question: an informative one, at first of those the person never saw."""
    before = ability.of_level(sitting.level_before, sd=SD_BEFORE) if sitting.level_before else ability.UNKNOWN
    believed = ability.estimate(_values(given), prior=before)
    pool = {str(item.pk): item for item in _pool(actor, sitting.skill)}
    asked = pool.keys() - {str(item.pk) for item in _not_asked(list(pool.values()), given)}
    met = Answer.objects.filter(sitting__learner=sitting.learner_id, item__skill=sitting.skill_id)
    known = set(met.values_list("item__bank", "item__code"))
    familiar = {pk for pk, item in pool.items() if (item.bank_id, item.code) in known}
    values, exposure = [item.as_value() for item in pool.values()], _exposure(sitting.skill)
    for closed in (asked | familiar, asked):
        chosen = ability.choose(
            values, ability=believed, asked=closed, seed=sitting.seed + len(given), exposure=exposure
        )
        if chosen:
            Answer.objects.create(sitting=sitting, position=len(given) + 1, item=pool[chosen.id])
            return
    raise NotFoundError(_("There are no further questions on this skill."))


def _pool(actor: Actor, skill: Skill) -> ItemQuerySet:
    return Item.objects.visible_to(actor).current().filter(skill=skill)


def _not_asked(pool: Collection[Item], answers: Collection[Answer]) -> list[Item]:
    """Without what was asked, and without newer wordings of it: a bank can change during an assessment."""
    asked = {(one.item.bank_id, one.item.code) for one in answers}
    return [item for item in pool if (item.bank_id, item.code) not in asked]


def _exposure(skill: Skill) -> Exposure:
    shown = Answer.objects.filter(item__skill=skill).order_by().values_list("item").annotate(n=Count("pk"))
    return Exposure(
        shown={str(pk): n for pk, n in shown}, assessments=Sitting.objects.filter(skill=skill).count()
    )


def _finish(
    actor: Actor,
    sitting: Sitting,
    shown: Ability,
    *,
    reason: ability.StopReason,
    asked: int,
    now: datetime,
) -> None:
    sitting.finished_at, sitting.stop_reason = now, reason.value
    sitting.level, sitting.level_mean, sitting.level_sd = shown.level, shown.level_mean, shown.level_sd
    sitting.save(update_fields=["finished_at", "stop_reason", "level", "level_mean", "level_sd"])
    observation = Observation(
        skill=sitting.skill.slug,
        level=shown.level,
        kind=EVIDENCE_KIND,
        evidenced_on=timezone.localdate(now),
        # Figures read alike in both languages.
        words=f"{shown.level_mean:.1f} ± {shown.level_sd:.1f} (n = {asked})",
        sd=math.sqrt(shown.level_sd**2 + ROUNDING),
    )
    recording.record_evidence(actor=actor, learner=sitting.learner, observations=[observation])
    outbox.record(
        actor=actor,
        action="assessment.finished",
        subject=sitting,
        organisation_id=sitting.learner.organisation_id,
        details={"skill": sitting.skill.slug, "level": shown.level, "questions": asked},
    )
