"""What a preference costs, in a sentence on the page of the path."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.frameworks.models import Role
from groundwork.plans import preferring, ranking
from groundwork.plans.planning import Planned
from groundwork.plans.snapshot import Wishes
from groundwork.web.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferred:
    """Sentences: what the preference costs, how much of the path it covers, what it cannot do."""

    sentences: tuple[str, ...]


def said(planned: Planned, *, wishes: Wishes, role: Role, person: Standing) -> Preferred | None:
    """What to say of the preferences among `wishes`; None without any."""
    if not wishes.prefers:
        return None
    merits = {one.name: one for one in planned.problem.objective.prefer.merits}
    sentences = []
    if wishes.demanded and "demanded" not in merits:
        sentences.append(
            _("There are too few postings for this role to say what is in demand; that wish changes nothing.")
        )
    if merits and planned.solution.cost is not None:
        plain = ranking.distance(
            levels=person.levels,
            role=role,
            wishes=replace(wishes, strategic=0, demanded=0, ties_only=False),
            learner=person.learner,
        )
        if plain.has_route:
            change = planned.hours - plain.hours, planned.price - plain.price
            sentences.append(_cost(*change, what=_what(list(merits))))
        courses = [planned.problem.catalogue.by_id[step.course] for step in planned.steps]
        sentences += [
            _share(name, preferring.share_of_hours(one.skills, courses)) for name, one in merits.items()
        ]
    return Preferred(sentences=tuple(sentences))


def _what(names: list[str]) -> str:
    if len(names) > 1:
        return _("skills of strategic priority and skills in demand")
    return _("skills of strategic priority") if names == ["strategic"] else _("skills in demand")


def _cost(hours: int, price: int, *, what: str) -> str:
    if hours > 0 and price <= 0:
        return ngettext(
            "This path takes %(hours)d hour more than that without this wish, because you prefer %(what)s.",
            "This path takes %(hours)d hours more than that without this wish, because you prefer %(what)s.",
            hours,
        ) % {"hours": hours, "what": what}
    if hours or price:
        return _(
            "Against the path without this wish it is %(hours)+d hours and %(price)+d yuan, because you "
            "prefer %(what)s."
        ) % {"hours": hours, "price": price, "what": what}
    return _("That you prefer %(what)s costs not an hour more.") % {"what": what}


def _share(name: str, percent: int) -> str:
    if name == "strategic":
        return _("By weight, %(percent)d %% of its hours teach skills of strategic priority.") % {
            "percent": percent
        }
    return _("By weight, %(percent)d %% of its hours teach what postings ask for.") % {"percent": percent}
