"""The half-lives an organisation sets for its people; whoever belongs to none has the labelled defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor, Right
from groundwork.core.errors import ForbiddenError, InvalidError
from groundwork.events import outbox
from groundwork.learners import standing
from groundwork.learners.models import Clocks, Evidence, Learner, Proficiency
from recommender.estimators import proficiency

BATCH = 200


def of(organisation_id: UUID | None) -> proficiency.Clocks:
    """The clocks that run for an organisation's people."""
    own = Clocks.objects.filter(organisation_id=organisation_id).first() if organisation_id else None
    return own.as_value() if own else proficiency.DEFAULT_CLOCKS


def months_of(actor: Actor) -> dict[str, int]:
    """The months of the actor's own organisation, by the names of `Clocks.CLOCKS`."""
    own = Clocks.objects.filter(organisation_id=actor.employer_id).first() or Clocks()
    return {name: getattr(own, name) for name in Clocks.CLOCKS}


@transaction.atomic
def change(*, actor: Actor, months: Mapping[str, int]) -> None:
    """Set the months, and bring the proficiency of all the organisation's people in step.

    Raises InvalidError when a month lies outside 1..600, ForbiddenError for anybody but administrators.
    """
    if not actor.may(Right.MANAGE_ORGANISATION):
        raise ForbiddenError(_("Only administrators can change half-lives."))
    lowest, highest = Clocks.MONTHS
    if set(months) != set(Clocks.CLOCKS) or not all(lowest <= one <= highest for one in months.values()):
        raise InvalidError(
            _("Half-lives must be whole months from %(lowest)d to %(highest)d.")
            % {"lowest": lowest, "highest": highest}
        )
    before = months_of(actor)
    changed = {name: [before[name], months[name]] for name in Clocks.CLOCKS if before[name] != months[name]}
    if not changed:
        return
    own, _created = Clocks.objects.update_or_create(organisation_id=actor.employer_id, defaults=dict(months))
    people = Learner.objects.filter(organisation_id=actor.employer_id).values_list("pk", flat=True)
    restate(people, clocks=own.as_value())
    outbox.record(actor=actor, action="clocks.changed", subject=own, details=changed)


def restate(learners: Iterable[UUID], *, clocks: proficiency.Clocks) -> None:
    """Derive all proficiency of these people anew, some people at a time."""
    pending = list(learners)
    for start in range(0, len(pending), BATCH):
        some = pending[start : start + BATCH]
        # Whoever records evidence meanwhile waits, and sees the new clocks.
        list(Learner.objects.select_for_update().filter(pk__in=some).order_by("pk").values_list("pk"))
        history = Evidence.objects.filter(learner__in=some).with_marks().select_related("skill")
        found = standing.rows(history, clocks=clocks)
        Proficiency.objects.filter(learner__in=some).delete()
        Proficiency.objects.bulk_create(found)
