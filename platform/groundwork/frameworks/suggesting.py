"""What postings suggest to change in the profiles of roles. Nothing changes by itself: a steward decides.

Postings name tools and hardly ever domain skills, and many roles have next to none. So absence is no
evidence: nothing is suggested to be dropped or to weigh less, and nothing at all below 30 postings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.core.actors import Actor
from groundwork.core.errors import ConflictError
from groundwork.events import outbox
from groundwork.frameworks import demand
from groundwork.frameworks.demand import RoleCounts
from groundwork.frameworks.models import (
    Demand,
    PostingSource,
    RequirementSuggestion,
    RoleRequirement,
)

WEIGHTS = ((0.5, 5), (0.3, 4), (0.15, 3))
"""From which share, at the lower end of its interval, a skill is worth which weight (editorial)."""
ESSENTIAL = 0.5
ENOUGH_STATED = 20
USUAL_LEVEL = 3
"""Of a skill of which postings do not say how well it must be known."""
ORIGIN = "P"
"""Source of a requirement that stands on postings."""

Kind = RequirementSuggestion.Kind
State = RequirementSuggestion.State


@transaction.atomic
def suggest(source: PostingSource, *, actor: Actor) -> int:
    """Write what `source` suggests; those that nobody decided are renewed, the decided ones stay.

    Returns how many wait for a steward now.
    """
    by_role, everywhere = demand.counts_of(source)
    RequirementSuggestion.objects.filter(source=source).undecided().delete()
    taken = set(RequirementSuggestion.objects.values_list("role_id", "skill_id", "kind"))
    required = {
        (row.role_id, row.skill_id): row for row in RoleRequirement.objects.filter(role_id__in=by_role)
    }
    rows = [
        row
        for role, counts in by_role.items()
        if counts.postings >= Demand.ENOUGH
        for row in _of_role(role, counts, everywhere=everywhere, required=required, source=source)
        if (row.role_id, row.skill_id, row.kind) not in taken
    ]
    RequirementSuggestion.objects.bulk_create(rows)
    if rows:
        outbox.record(
            actor=actor, action="suggestions.made", subject=source, details={"suggestions": len(rows)}
        )
    return len(rows)


def _of_role(
    role: int,
    counts: RoleCounts,
    *,
    everywhere: RoleCounts,
    required: dict[tuple[int, int], RoleRequirement],
    source: PostingSource,
) -> Iterator[RequirementSuggestion]:
    for skill, mentions in counts.mentions.items():
        share = counts.share(skill, everywhere=everywhere)
        facts: dict[str, Any] = {
            "role_id": role,
            "skill_id": skill,
            "source": source,
            "mentions": mentions,
            "postings": counts.postings,
            "low": math.floor(1000 * share.low),
            "high": math.ceil(1000 * share.high),
            "stated": counts.stated[skill],
        }
        weight = next((weight for least, weight in WEIGHTS if share.low >= least), None)
        level = _stated_level(counts, skill)
        row = required.get((role, skill))
        if row is None:
            if weight:
                yield RequirementSuggestion(kind=Kind.ADD, level=level or USUAL_LEVEL, weight=weight, **facts)
            continue
        if weight and weight > row.weight:
            yield RequirementSuggestion(kind=Kind.WEIGHT, current=row.weight, weight=weight, **facts)
        if level and level != row.level:
            yield RequirementSuggestion(kind=Kind.LEVEL, current=row.level, level=level, **facts)


def _stated_level(counts: RoleCounts, skill: int) -> int | None:
    """The mean level of the postings that state one, rounded; None where they are too few."""
    stated = counts.stated[skill]
    return round(counts.levels[skill] / stated) if stated >= ENOUGH_STATED else None


@transaction.atomic
def accept(suggestion: RequirementSuggestion, *, actor: Actor) -> None:
    """Change the profile of the role as suggested. Raises ConflictError when it was decided already."""
    row = _undecided(suggestion)
    _apply(row)
    _decide(row, State.ACCEPTED, actor=actor)


@transaction.atomic
def reject(suggestion: RequirementSuggestion, *, actor: Actor) -> None:
    """Leave the profile as it is, for good. Raises ConflictError when it was decided already."""
    _decide(_undecided(suggestion), State.REJECTED, actor=actor)


def reapply() -> None:
    """Put what was accepted into profiles that have been imported anew, oldest decision first."""
    for row in RequirementSuggestion.objects.filter(state=State.ACCEPTED).order_by("decided_at", "pk"):
        _apply(row)


def _undecided(suggestion: RequirementSuggestion) -> RequirementSuggestion:
    row = RequirementSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    if row.state != State.OPEN:
        raise ConflictError(_("Somebody has decided on this suggestion already."))
    return row


def _decide(row: RequirementSuggestion, state: RequirementSuggestion.State, *, actor: Actor) -> None:
    row.state = state
    row.decided_at = timezone.now()
    row.save(update_fields=["state", "decided_at"])
    details = {
        "role": row.role.slug,
        "skill": row.skill.slug,
        "kind": row.kind,
        "before": row.current,
        "after": {"level": row.level, "weight": row.weight},
    }
    outbox.record(actor=actor, action=f"suggestion.{state}", subject=row, details=details)


def _apply(row: RequirementSuggestion) -> None:
    """One requirement more, or one figure of it another; a requirement that is gone stays gone."""
    here = RoleRequirement.objects.filter(role=row.role_id, skill=row.skill_id)
    match row.kind:
        case Kind.ADD:
            RoleRequirement.objects.get_or_create(
                role_id=row.role_id,
                skill_id=row.skill_id,
                defaults={
                    "level": row.level or USUAL_LEVEL,
                    "weight": row.weight or 1,
                    "essential": row.low >= 1000 * ESSENTIAL,
                    "part": RoleRequirement.Part.GENERAL,
                    "source": ORIGIN,
                    "provenance": f"suggested by postings, accepted by a steward: {row.source}"[:300],
                },
            )
        case Kind.WEIGHT:
            here.update(weight=row.weight)
        case Kind.LEVEL:
            here.update(level=row.level)
