"""Many plans as one job of the worker."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor, Right
from groundwork.core.errors import DomainError, ForbiddenError, InvalidError
from groundwork.events import outbox
from groundwork.events.models import Event
from groundwork.frameworks.models import Role
from groundwork.learners.models import Learner
from groundwork.plans import planning
from groundwork.plans.models import PlanningJob, PlanningJobItem
from recommender.errors import RecommenderError
from recommender.planning import StopWatch

logger = logging.getLogger(__name__)

MAX_ITEMS = 1000


@transaction.atomic
def request(*, actor: Actor, pairs: Iterable[tuple[Learner, Role]]) -> PlanningJob:
    """Queue one plan per (learner, role). The worker starts once the transaction is committed."""
    if not actor.may(Right.WRITE_PLANS):
        raise ForbiddenError(_("This key may not make plans."))
    wanted = {(learner.pk, role.pk): (learner, role) for learner, role in pairs}
    if not 1 <= len(wanted) <= MAX_ITEMS:
        raise InvalidError(
            _("Ask for at least one and at most %(limit)d plans at a time.") % {"limit": MAX_ITEMS}
        )
    if any(learner.organisation_id != actor.organisation_id for learner, _role in wanted.values()):
        raise ForbiddenError(_("You may not make plans for this person."))
    job = PlanningJob.objects.create(organisation_id=actor.employer_id, requested_by=actor.label)
    PlanningJobItem.objects.bulk_create(
        PlanningJobItem(job=job, learner=learner, role=role) for learner, role in wanted.values()
    )
    outbox.record(actor=actor, action="planning-job.requested", subject=job, details={"items": len(wanted)})
    return job


def on_requested(event: Event) -> None:
    """Hand the job to the worker; a job that is handed over twice is worked off once."""
    from groundwork.plans import tasks

    tasks.work_off.delay(job_id=event.subject_id)


def work_off(job_id: UUID, *, stop: StopWatch | None = None) -> bool:
    """Make the plans of the job that are not made yet, until `stop` has run down; True when none is left.

    Safe to run again after a crash, and beside another run of the same job.
    """
    job = PlanningJob.objects.get(pk=job_id)
    if job.state == PlanningJob.State.DONE:
        return True
    PlanningJob.objects.filter(pk=job_id).update(state=PlanningJob.State.RUNNING)
    actor = Actor(
        organisation_id=job.organisation_id, rights=frozenset({Right.WRITE_PLANS}), system=f"job:{job.pk}"
    )
    waiting = job.items.filter(finished_at=None)
    for pk in list(waiting.values_list("pk", flat=True)):
        if stop and stop.remaining() <= 0:
            return False
        item = waiting.filter(pk=pk).select_related("learner").first()
        if item:
            _plan(item, actor=actor)
    _finish(job, actor=actor)
    return True


@transaction.atomic
def _finish(job: PlanningJob, *, actor: Actor) -> None:
    """Of two runs that come to the end, one tells of it."""
    unfinished = PlanningJob.objects.filter(pk=job.pk).exclude(state=PlanningJob.State.DONE)
    if unfinished.update(state=PlanningJob.State.DONE, finished_at=timezone.now()):
        outbox.record(actor=actor, action="planning-job.finished", subject=job)


def _plan(item: PlanningJobItem, *, actor: Actor) -> None:
    role = Role.objects.with_requirements().get(pk=item.role_id)
    try:
        item.plan = planning.make_plan(
            actor=actor, learner=item.learner, role=role, starts_on=timezone.localdate()
        )
    except DomainError as error:
        item.error = str(error.message)[:300]
    except RecommenderError:
        logger.exception("item %s of job %s could not be planned", item.pk, item.job_id)
        item.error = str(_("This plan could not be computed. The problem has been logged."))
    item.finished_at = timezone.now()
    item.save(update_fields=["plan", "error", "finished_at"])
