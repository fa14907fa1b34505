"""A steward decides on what the linker suggests: accepted, it becomes an outcome of the course."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork.catalogue.models import Course, Outcome, OutcomeSuggestion
from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError
from groundwork.events import outbox


@transaction.atomic
def accept(suggestion: OutcomeSuggestion, *, actor: Actor, now: datetime) -> Outcome:
    """Make it an outcome, at the level of the suggestion; one that is there already stays as it is.

    Raises ConflictError where it has been decided before.
    """
    found = _decide(suggestion, OutcomeSuggestion.State.ACCEPTED, actor=actor, now=now)
    outcome, _created = Outcome.objects.get_or_create(
        course=found.course, skill=found.skill, defaults={"level": found.level}
    )
    # Snapshots of the catalogue look at the courses to see whether anything is new.
    Course.objects.filter(pk=found.course_id).update(updated_at=now)
    _record(found, "outcome.accepted", actor=actor)
    return outcome


@transaction.atomic
def reject(suggestion: OutcomeSuggestion, *, actor: Actor, now: datetime) -> None:
    """Never suggest it for this course again. Raises ConflictError where it has been decided before."""
    found = _decide(suggestion, OutcomeSuggestion.State.REJECTED, actor=actor, now=now)
    _record(found, "outcome.rejected", actor=actor)


def _decide(
    suggestion: OutcomeSuggestion, state: OutcomeSuggestion.State, *, actor: Actor, now: datetime
) -> OutcomeSuggestion:
    rows = OutcomeSuggestion.objects.select_for_update(of=("self",)).select_related("course", "skill")
    found = rows.get(pk=suggestion.pk)
    if found.state != OutcomeSuggestion.State.SUGGESTED:
        raise ConflictError(_("This suggestion has been decided already."))
    found.state = state
    found.decided_by = actor.label
    found.decided_at = now
    found.save(update_fields=["state", "decided_by", "decided_at"])
    return found


def _record(suggestion: OutcomeSuggestion, action: str, *, actor: Actor) -> None:
    outbox.record(
        actor=actor,
        action=action,
        subject=suggestion.course,
        details={
            "skill": suggestion.skill.slug,
            "level": suggestion.level,
            "probability": round(suggestion.probability, 2),
        },
    )
