"""Short assessments where certainty is worth most: the hours a path may be shorter."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from groundwork.assessments import sitting as sittings
from groundwork.core.actors import Actor
from groundwork.frameworks.models import Role, Skill
from groundwork.learners import believing
from groundwork.learners.believing import Belief
from groundwork.plans import certainty, ranking
from groundwork.plans.certainty import Saving
from groundwork.plans.models import Assignment, Plan
from groundwork.plans.snapshot import Wishes
from groundwork.web import standing, wishing, wording
from groundwork.web.standing import Standing

SHOWN = 3
NEAREST = 3
"""Roles that are looked at for somebody without a goal."""
GOALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One assessment worth taking, in words: `in_ten` is the chance of the upper level in tenths."""

    saving: Saving
    skill: Skill
    careful: str
    upper: str
    in_ten: int


@require_GET
def worth(request: HttpRequest) -> HttpResponse:
    """What knowing a level would save: to the `role` and by the wishes of the address, or to one's goals."""
    person, slug = standing.of(request), request.GET.get("role")
    role = Role.objects.with_requirements().filter(slug=slug).first() if slug else None
    actor = standing.actor_of(request)
    beliefs = _assessable(person, actor=actor)
    found: tuple[Saving, ...] = ()
    if beliefs:
        found = certainty.savings(
            levels=person.levels,
            beliefs=beliefs,
            roles=[role] if role else _goals(person, actor=actor),
            wishes=_wishes(request, person),
            learner=person.learner,
        )
    context = {
        "role": role,
        "offers": _offers(found[:SHOWN]),
        "asked": bool(person.held) and person.is_personal,
        "fewest": sittings.LENGTH.fewest,
        "most": sittings.LENGTH.most,
        "here": request.get_full_path(),
    }
    page = "web/_worth.html" if request.htmx else "web/worth.html"  # type: ignore[attr-defined]  # HtmxMiddleware
    return render(request, page, context)


def _assessable(person: Standing, *, actor: Actor) -> dict[str, Belief]:
    """What is believed of the skills that can be assessed today; nothing where personalisation is off."""
    if not person.is_personal:
        return {}
    today = timezone.localdate()
    if person.learner is None:
        held = {slug: (one.level, one.as_of) for slug, one in person.held.items()}
        open_to_all = sittings.skills_for_all() if held else frozenset()
        beliefs = believing.said(held, on_date=today) if held else {}
        return {slug: one for slug, one in beliefs.items() if slug in open_to_all}
    offers = sittings.offers(actor=actor, learner=person.learner)
    ready = {one.skill.slug for one in offers if (one.retake_from() or today) <= today}
    beliefs = believing.of_learner(person.learner, on_date=today)
    return {slug: one for slug, one in beliefs.items() if slug in ready}


def _goals(person: Standing, *, actor: Actor) -> list[Role]:
    """The roles of the current plans and assignments; without any, those nearest."""
    slugs: list[str] = []
    if person.learner is not None:
        for rows in (Plan.objects, Assignment.objects):
            mine = rows.visible_to(actor).filter(learner=person.learner).current()
            slugs += mine.values_list("role__slug", flat=True)
    if slugs:
        return list(Role.objects.with_requirements().filter(slug__in=slugs)[:GOALS])
    ranked = ranking.rank(
        levels=person.levels,
        wishes=Wishes(languages=person.languages),
        learner=person.learner,
        exact=NEAREST,
    )
    return [one.role for one in ranked if one.hours][:NEAREST]


def _wishes(request: HttpRequest, person: Standing) -> Wishes:
    form = wishing.wishes_form(request, person)
    return wishing.wishes_of(form, person) if form.is_valid() else Wishes(languages=person.languages)


def _offers(found: tuple[Saving, ...]) -> list[Offer]:
    skills = Skill.objects.in_bulk([one.skill for one in found], field_name="slug") if found else {}
    return [
        Offer(
            saving=one,
            skill=skills[one.skill],
            careful=wording.level_name(one.belief.careful),
            upper=wording.level_name(one.belief.upper),
            in_ten=max(1, round(10 * one.belief.chance)),
        )
        for one in found
    ]
