"""Many attempts at once, straight into the tables: what estimates are learned from."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta

from groundwork.accounts.models import Organisation
from groundwork.catalogue.models import Course
from groundwork.learners.models import Learner
from groundwork.plans import cohorts, retraining, snapshot
from groundwork.plans.cohorts import Split
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.estimating import Estimate, EstimatedCatalogue
from groundwork.plans.past import Past
from groundwork.plans.retraining import Retrained
from groundwork.plans.versions import EstimateVersion

State = Enrolment.State
DAY = date(2026, 1, 5)


def make_people(count: int, *, organisation: Organisation | None = None) -> list[Learner]:
    """People of an organisation, or of none."""
    return Learner.objects.bulk_create(
        Learner(name=f"Person {number}", organisation=organisation) for number in range(count)
    )


def make_attempts(
    people: list[Learner],
    course: Course,
    *,
    factor: float = 1.0,
    left: int = 0,
    started_on: date = DAY,
    days: int = 20,
) -> list[Enrolment]:
    """One attempt each, in `factor` x the declared hours; the first `left` people give up."""
    return Enrolment.objects.bulk_create(
        Enrolment(
            learner=learner,
            course=course,
            started_on=started_on,
            ended_on=started_on + timedelta(days=days),
            state=State.WITHDRAWN if number < left else State.FINISHED,
            hours=None if number < left else round(factor * (course.hours or 0)),
            recorded_by="test",
        )
        for number, learner in enumerate(people)
    )


def make_history(
    courses: list[Course], *, people: int, seed: int, told: bool, organisation: Organisation
) -> None:
    """Four months of attempts, three by each person. Where `told`, who finished the first finishes the rest
    and who gave it up does not, mostly; else it is chance."""
    rng = random.Random(seed)
    rows = []
    for number, learner in enumerate(make_people(people, organisation=organisation)):
        steady = rng.random() < 0.5
        for turn in range(3):
            begun = DAY + timedelta(days=(number * 90) // people + 31 * turn)
            finished = rng.random() < ((0.9 if steady else 0.1) if told else 0.5)
            course = courses[(number + turn) % len(courses)]
            rows.append(
                Enrolment(
                    learner=learner,
                    course=course,
                    started_on=begun,
                    ended_on=begun + timedelta(days=rng.randint(5, 25)),
                    state=State.FINISHED if finished else State.WITHDRAWN,
                    hours=round((course.hours or 0) * rng.lognormvariate(0.3, 0.3)) if finished else None,
                    recorded_by="test",
                )
            )
    Enrolment.objects.bulk_create(rows)


def retrained(*, on_date: date) -> Retrained:
    """What retraining came to, switched on."""
    done = retraining.retrain(on_date=on_date)
    assert done is not None
    return done


def cohort(rows: list[Past], *, not_before: date | None = None) -> Split:
    """The split of rows that can be split."""
    found = cohorts.split(rows, not_before=not_before)
    assert found is not None
    return found


def version_after(done: Retrained) -> EstimateVersion:
    """The version in use, where there must be one."""
    assert done.version is not None
    return done.version


def estimates(learner: Learner | None = None) -> Mapping[str, Estimate]:
    """What is expected of each course."""
    offered = snapshot.offered(learner)
    assert isinstance(offered, EstimatedCatalogue)
    return offered.estimates
