"""What a person prefers to learn, as merits of skills: what strategy wants, what postings surely ask for.

Demand is that for the role alone, and only where there are postings enough; where there are not, preferring
it changes nothing. A role of the foundation layer, which hardly any posting names, is thus never bent
towards what postings happen to ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from groundwork.frameworks import demand
from groundwork.frameworks.models import Priority, Role, Skill
from recommender import domain

TENTH = 10
"""Units of the objective, of which an hour has 100: weight 1 prices an hour without merit a tenth higher."""
MERITS = {1: 100, 2: 50}
"""Priority -> merit of a skill (0..100); all others have none."""
MOST = 5


def preferences(
    *, strategic: int, demanded: int, ties_only: bool, roles: Iterable[Role]
) -> domain.Preferences:
    """The engine's view of the weights (0..5). With `ties_only` they choose among the cheapest plans only."""
    merits = []
    if strategic:
        merits.append(domain.Merit(name="strategic", weight=strategic, skills=of_strategy()))
    if demanded and (asked_for := of_postings(roles)):
        merits.append(domain.Merit(name="demanded", weight=demanded, skills=asked_for))
    if not merits:
        return domain.Preferences()
    return domain.Preferences(merits=tuple(merits), price=0 if ties_only else TENTH)


def of_strategy() -> dict[str, int]:
    """Skill -> merit by its own priority, or else by that of the layer it belongs to."""
    rows = list(Priority.objects.select_related("skill"))
    by_layer = {row.layer: MERITS.get(row.priority, 0) for row in rows if row.layer}
    found = {
        slug: by_layer[kind]
        for slug, kind in Skill.objects.filter(kind__in=by_layer).values_list("slug", "kind")
        if by_layer[kind]
    }
    own = {row.skill.slug: MERITS.get(row.priority, 0) for row in rows if row.skill}
    # A layer is wide: a skill that is named itself stands above the rest of it.
    return {**{slug: merit // 2 for slug, merit in found.items()}, **own}


def of_postings(roles: Iterable[Role]) -> dict[str, int]:
    """Skill -> lower end (per cent) of the share of postings that ask for it; of several roles the most."""
    found: dict[str, int] = {}
    for role in roles:
        for skill, share in demand.by_skill(role).items():
            found[skill] = max(share, found.get(skill, 0))
    return found


def share_of_hours(planned: Mapping[str, int], courses: Iterable[domain.Course]) -> int:
    """Per cent of the hours of `courses` spent on skills with merit `planned`, weighted by it."""
    merit = domain.Merit(name="", weight=1, skills=planned)
    chosen = list(courses)
    hours = sum(course.hours for course in chosen)
    return round(sum(course.hours * merit.of(course) for course in chosen) / hours) if hours else 0
