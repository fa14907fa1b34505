"""What happened, by the outbox, becomes what people are told. Events come at least once, in any order."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from groundwork.accounts.models import Membership, User
from groundwork.credentials.models import Award
from groundwork.events.models import Event
from groundwork.learners.models import Learner
from groundwork.notifications import noticing
from groundwork.notifications.kinds import Kind
from groundwork.plans.models import Assignment, PlanningJob


def on_assigned(event: Event) -> None:
    """The person, unless they assigned it to themselves."""
    rows = Assignment.objects.current().select_related("learner__user__delivery_settings", "role")
    found = rows.filter(pk=event.subject_id).first()
    if found is None or found.learner.user is None or found.assigned_by_id == found.learner.user_id:
        return
    noticing.tell(
        [found.learner.user],
        kind=Kind.ASSIGNED,
        subject=f"assignment:{found.pk}",
        data={"role": found.role.slug, "due_on": found.due_on.isoformat()},
        now=timezone.now(),
    )


def on_settled(event: Event) -> None:
    """The person who disputed a line of evidence."""
    learner = Learner.objects.select_related("user__delivery_settings").filter(pk=event.subject_id).first()
    if learner is None or learner.user is None:
        return
    noticing.tell(
        [learner.user],
        kind=Kind.SETTLED,
        subject=f"evidence:{event.payload['evidence']}",
        # A line may be struck out and later let stand again.
        period=str(event.pk),
        data={"skill": event.payload["skill"], "stands": event.kind == "dispute.upheld"},
        now=timezone.now(),
    )


def on_issued(event: Event) -> None:
    """The holder of the credential."""
    rows = Award.objects.with_achievements().select_related("learner__user__delivery_settings")
    award = rows.filter(pk=event.subject_id, revoked_at=None).first()
    if award is None or award.learner is None or award.learner.user is None:
        return
    noticing.tell(
        [award.learner.user],
        kind=Kind.CREDENTIAL_ISSUED,
        subject=f"award:{award.pk}",
        data=of_award(award),
        now=timezone.now(),
    )


def of_award(award: Award) -> dict[str, str | int | None]:
    """What names a credential; read `with_achievements()` first."""
    about = award.achievement
    return {
        "role": about.role.slug if about.role else None,
        "also": about.also.slug if about.also else None,
        "skill": about.skill.slug if about.skill else None,
        "level": about.level,
        "until": award.valid_until.date().isoformat(),
    }


def on_job_finished(event: Event) -> None:
    """Who asked for the plans; where a system did, the administrators."""
    job = PlanningJob.objects.filter(pk=event.subject_id).first()
    if job is None:
        return
    people = _administrators(organisation_id=job.organisation_id)
    kind, _colon, asked_by = job.requested_by.partition(":")
    made = job.items.filter(error="").count()
    noticing.tell(
        people.filter(pk=asked_by) if kind == "user" else people,
        kind=Kind.JOB_ENDED,
        subject=f"planning-job:{job.pk}",
        data={"made": made, "failed": job.items.count() - made},
        now=timezone.now(),
        organisation_id=job.organisation_id,
    )


def on_joined(event: Event) -> None:
    """The other administrators of the organisation."""
    membership = Membership.objects.filter(pk=event.subject_id).first()
    if membership is None:
        return
    noticing.tell(
        _administrators(organisation_id=membership.organisation_id).exclude(pk=membership.user_id),
        kind=Kind.JOINED,
        subject=f"membership:{membership.pk}",
        data={"user": str(membership.user_id)},
        now=timezone.now(),
        organisation_id=membership.organisation_id,
    )


def _administrators(*, organisation_id: UUID) -> QuerySet[User]:
    people = User.objects.select_related("delivery_settings")
    return people.filter(
        membership__organisation=organisation_id, membership__kind=Membership.Kind.ADMINISTRATOR
    )
