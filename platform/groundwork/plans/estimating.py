"""Expected hours and the chance to complete, per course and person, put in the place of declared hours.

A course without attempts keeps its declared hours: what is only assumed changes no plan. One with attempts is
expected to take

    declared x f x max(1, retry(p) / retry(assumed p)),    within 0.5 and 2.5 times the declared hours,

f being the median factor of hours (`effort`), p the chance to complete (`completion`) and
retry(p) = 1 + (1 - p) / p x the share redone (`effort.with_retry`, p at least 0.2). The assumed chance is
divided out because declared hours are compared with estimated ones: else having been tried would by itself
make a course dearer. A better chance than assumed takes no hours off what people needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction

from groundwork.core.actors import Actor
from groundwork.events import outbox
from groundwork.learners.models import Learner
from groundwork.plans import past
from groundwork.plans.figures import Counted, Figures
from groundwork.plans.past import Offered, Past
from groundwork.plans.versions import EstimateChoice, EstimateVersion, ModelCard
from recommender import datasets, domain
from recommender.datasets import AttemptAssumptions
from recommender.estimators import completion, effort
from recommender.estimators.completion import Attempt, Basis, CompletionModel

FEWEST_OWN = 5
"""From how many finished courses with hours on a person's own pace counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """A version of the estimates, read: figures and the model they name."""

    name: str
    as_of: date
    figures: Figures
    model: CompletionModel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a course is expected to take, and why.

    `timed` finished attempts with hours, `ended` attempts that ended, `own` finished courses of the person
    whose pace counts; `percent` is the chance to complete, by `basis`, None without attempts.
    """

    declared: int
    expected: int
    timed: int
    ended: int
    own: int
    percent: int | None
    basis: str
    version: str
    as_of: str

    def as_data(self) -> dict[str, Any]:
        """For the step of a plan."""
        return asdict(self)


@dataclass(frozen=True)
class EstimatedCatalogue(domain.Catalogue):
    """A catalogue whose hours are expected ones where there are estimates; `version` names these."""

    version: str = ""
    estimates: Mapping[str, Estimate] = field(default_factory=dict, compare=False)

    def __reduce__(self) -> tuple[type[domain.Catalogue], tuple[tuple[domain.Course, ...], frozenset[str]]]:
        """The engine's processes need the frozen hours only."""
        return domain.Catalogue, (self.courses, self.skills)


@cache
def assumptions() -> AttemptAssumptions:
    """What is assumed before anybody has tried."""
    return datasets.load_assumptions(settings.FIXTURES)


def choice_of(learner: Learner) -> EstimateChoice | None:
    """What the person chose, and when; None where they never did."""
    return EstimateChoice.objects.filter(learner=learner).first()


def are_wanted(learner: Learner) -> bool:
    """Whether this person's plans count estimated hours: yes, unless they chose otherwise."""
    return not EstimateChoice.objects.filter(learner=learner, wanted=False).exists()


@transaction.atomic
def choose(*, actor: Actor, learner: Learner, wanted: bool) -> None:
    """A person decides whether expected hours count in plans made from now on."""
    learner.check_own(actor)
    EstimateChoice.objects.update_or_create(learner=learner, defaults={"wanted": wanted})
    outbox.record(
        actor=actor,
        action="estimates.chosen",
        subject=learner,
        organisation_id=learner.organisation_id,
        details={"wanted": wanted},
    )


@lru_cache(maxsize=2)
def version(pk: int) -> InUse:
    """One version by its key; it never changes. Raises MalformedInputError for a model not its card's."""
    row = EstimateVersion.objects.select_related("model").get(pk=pk)
    model = read_model(row.model) if row.model else None
    return InUse(name=row.name, as_of=row.as_of, figures=Figures.from_json(row.body), model=model)


def read_model(card: ModelCard) -> CompletionModel:
    """The model a card describes. Raises MalformedInputError when it is another one."""
    return CompletionModel.from_json(card.coefficients, sha256=card.sha256)


def estimated(declared: domain.Catalogue, *, by: InUse, history: Sequence[Past] = ()) -> EstimatedCatalogue:
    """`declared` with expected hours, for a person with these attempts, or for somebody without any."""
    person, chances = _Person.of(history, by=by), _chances(declared, by=by, history=history)
    estimates = {
        course.id: estimate
        for course in declared.courses
        if (estimate := _estimate(course, by=by, person=person, chance=chances.get(course.id)))
    }
    courses = tuple(_with_hours(course, estimates.get(course.id)) for course in declared.courses)
    return EstimatedCatalogue(courses, declared.skills, version=by.name, estimates=estimates)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    """Somebody's pace as a log factor, from so many courses of their own; none from too few."""

    pace: float
    own: int

    @classmethod
    def of(cls, history: Sequence[Past], *, by: InUse) -> _Person:
        done = [one.done for one in history if one.done]
        if len(done) < FEWEST_OWN:
            return cls(pace=0.0, own=0)
        return cls(pace=by.figures.effort.pace(done, shrink=assumptions().hours_strength), own=len(done))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chance:
    probability: float
    basis: Basis


def _chances(declared: domain.Catalogue, *, by: InUse, history: Sequence[Past]) -> dict[str, _Chance]:
    """The chance to complete each course that was tried; the model's where it knows the course."""
    tried = [course for course in declared.courses if course.id in by.figures.counted]
    chances = {course.id: _by_counts(course, by.figures.counted[course.id]) for course in tried}
    # The history as it stands: whatever has ended has ended before the attempt that is planned.
    attempts = [
        Attempt(
            learner="",
            course=course.id,
            features=past.features(_offered(course), on_date=date.max, history=history),
        )
        for course in tried
        if by.model and course.id in by.model.courses_
    ]
    if by.model and attempts:
        for attempt, probability in zip(attempts, by.model.predict(attempts).tolist(), strict=True):
            chances[attempt.course] = _Chance(probability=probability, basis=Basis.MODEL)
    return chances


def _by_counts(course: domain.Course, counted: Counted) -> _Chance:
    left = counted.ended - counted.finished
    share = completion.share(prior(course), finished=counted.finished, abandoned=left)
    return _Chance(probability=share, basis=Basis.COUNTS)


def prior(course: domain.Course) -> completion.Beta:
    """What is assumed of the chance to complete `course`."""
    return prior_of(_offered(course))


def prior_of(course: Offered) -> completion.Beta:
    """The same of the course of an attempt."""
    return assumptions().completion.prior(
        provider=course.provider, hours=course.hours, paid=course.paid, level=course.level
    )


def _offered(course: domain.Course) -> Offered:
    return Offered(
        slug=course.id,
        provider=course.provider,
        hours=course.hours,
        paid=course.price > 0,
        level=max(course.teaches.values(), default=0),
        hands_on=course.hands_on > 0,
    )


def _estimate(
    course: domain.Course, *, by: InUse, person: _Person, chance: _Chance | None
) -> Estimate | None:
    timed = by.figures.timed.get(course.id, 0)
    if not timed and chance is None and not person.own:
        return None
    centre = person.pace
    if timed:
        centre += by.figures.effort.centre(provider=course.provider, course=course.id)
    factor = math.exp(centre) * _retries(course, chance)
    counted = by.figures.counted.get(course.id, Counted(ended=0, finished=0))
    return Estimate(
        declared=course.hours,
        expected=_bounded(course.hours, factor),
        timed=timed,
        ended=counted.ended,
        own=person.own,
        percent=None if chance is None else round(100 * chance.probability),
        basis=(Basis.ASSUMPTION if chance is None else chance.basis).value,
        version=by.name,
        as_of=by.as_of.isoformat(),
    )


def _retries(course: domain.Course, chance: _Chance | None) -> float:
    """By how much more is done again than is assumed of such courses; at least 1."""
    if chance is None:
        return 1.0
    redone = assumptions().redone
    found = effort.with_retry(1.0, completion=chance.probability, redone=redone)
    return max(1.0, found / effort.with_retry(1.0, completion=prior(course).mean, redone=redone))


def _bounded(declared: int, factor: float) -> int:
    """Whole hours, at least one, within the bounds of a factor."""
    lowest, highest = effort.FACTOR_BOUNDS
    return min(max(round(declared * factor), math.ceil(declared * lowest), 1), math.floor(declared * highest))


def _with_hours(course: domain.Course, estimate: Estimate | None) -> domain.Course:
    if estimate is None or estimate.expected == course.hours:
        return course
    hands_on = round(course.hands_on * estimate.expected / course.hours)
    return replace(course, hours=estimate.expected, hands_on=hands_on)
