"""Confirming skills: what was found becomes what a person holds, for visitors and signed-in people alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from groundwork.frameworks.models import Skill
from groundwork.learners import linking, recording
from groundwork.learners.linking import FoundSkill
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from groundwork.plans import examples
from groundwork.web import standing, visiting, wording
from groundwork.web.standing import Standing
from groundwork.web.visiting import Held

LEVELS = {"0", "1", "2", "3", "4", "5"}


@require_GET
def skills(request: HttpRequest) -> HttpResponse:
    """Confirm or correct what was found; what is confirmed already stands below it."""
    found, person = visiting.found(request), standing.of(request)
    names = {skill.slug: skill for skill in Skill.objects.all()}
    waiting = [_row(one, names[one.skill]) for one in found if one.skill in names]
    example = examples.person(request.session.get(visiting.EXAMPLE, ""))
    context = {
        "certain": [row for row in waiting if row["found"].certain],
        "suggested": [row for row in waiting if not row["found"].certain and not row["found"].decided],
        "left_out": [row for row in waiting if not row["found"].certain and row["found"].decided],
        "held": _held_rows(person, names, hidden={one.skill for one in found}),
        "all_skills": sorted(names.values(), key=lambda skill: skill.name.casefold()),
        "levels": wording.LEVEL_NAMES.items(),
        "example": examples.in_readers_language(example.name) if example else "",
    }
    return render(request, "web/skills.html", context)


def _row(one: FoundSkill, skill: Skill) -> dict[str, Any]:
    return {
        "found": one,
        "skill": skill,
        "reason": wording.level_reason(one.reason),
        "source": wording.link_source(one),
        "day": date.fromisoformat(one.evidenced_on),
    }


def _held_rows(person: Standing, names: dict[str, Skill], *, hidden: set[str]) -> list[dict[str, Any]]:
    rows = [
        {"skill": names[slug], "level": held.level, "as_of": held.as_of}
        for slug, held in person.held.items()
        if slug in names and slug not in hidden
    ]
    return sorted(rows, key=lambda row: row["skill"].name.casefold())


@require_POST
def save_skills(request: HttpRequest) -> HttpResponse:
    """Keep what was ticked, at the chosen levels; what was not ticked is not kept."""
    chosen = _chosen(request)
    if chosen is None:
        messages.error(request, _("A level must be a whole number from 0 to 5. Nothing was changed."))
        return redirect("web:skills")
    added = request.POST.get("add", "").strip()
    if added:
        return _add(request, added, chosen=chosen)
    if not chosen:
        messages.error(request, _("Tick at least one skill, or add one by its name."))
        return redirect("web:skills")
    _keep(request, chosen)
    message = ngettext("%(count)d skill confirmed.", "%(count)d skills confirmed.", len(chosen))
    messages.success(request, message % {"count": len(chosen)})
    return redirect("web:roles")


def _chosen(request: HttpRequest) -> dict[str, Held] | None:
    """The ticked skills with level and date; None when a level is not 0..5."""
    days = {slug: held.as_of for slug, held in standing.of(request).held.items()}
    days |= {one.skill: date.fromisoformat(one.evidenced_on) for one in visiting.found(request)}
    chosen: dict[str, Held] = {}
    for slug in request.POST.getlist("skill"):
        level = request.POST.get(f"level-{slug}", "")
        if level not in LEVELS:
            return None
        if slug in days and level != "0":
            chosen[slug] = Held(level=int(level), as_of=days[slug])
    return chosen


def _add(request: HttpRequest, name: str, *, chosen: dict[str, Held]) -> HttpResponse:
    skill = next((one for one in Skill.objects.all() if name.casefold() in _names(one)), None)
    found = [_as_chosen(one, chosen) for one in visiting.found(request)]
    if skill is None:
        text = _("“%(name)s” is not in our vocabulary. Choose a name from the list.")
        messages.error(request, text % {"name": name})
    elif skill.slug not in {one.skill for one in found}:
        found.insert(0, _own(skill))
    visiting.keep_found(request, found, example=request.session.get(visiting.EXAMPLE, ""))
    return redirect("web:skills")


def _names(skill: Skill) -> set[str]:
    names = (skill.name_en, skill.name_zh, *skill.aliases_en, *skill.aliases_zh)
    return {name.casefold() for name in names}


def _own(skill: Skill) -> FoundSkill:
    return FoundSkill(
        skill=skill.slug,
        level=2,
        confidence=1.0,
        certain=True,
        method="added",
        before="",
        words="",
        after="",
        reason={"code": "added"},
        evidenced_on=timezone.localdate().isoformat(),
    )


def _as_chosen(one: FoundSkill, chosen: dict[str, Held]) -> FoundSkill:
    """The find as the person left it, so that nothing is asked twice."""
    held = chosen.get(one.skill)
    return replace(one, certain=True, level=held.level) if held else replace(one, certain=False)


def _decided(request: HttpRequest, chosen: dict[str, Held]) -> tuple[FoundSkill, ...]:
    """What was found, once it is noted what became of it."""
    levels = {slug: held.level for slug, held in chosen.items()}
    return linking.record_decisions(visiting.found(request), levels, on_date=timezone.localdate())


def _keep(request: HttpRequest, chosen: dict[str, Held]) -> None:
    person = standing.of(request)
    found = _decided(request, chosen)
    if person.learner is None:
        visiting.keep_levels(request, chosen)
        visiting.keep_found(
            request,
            [_as_chosen(one, chosen) for one in found],
            example=request.session.get(visiting.EXAMPLE, ""),
        )
        return
    gone = {slug: held for slug, held in person.held.items() if slug not in chosen}
    dropped = [
        Observation(skill=slug, level=0, kind=Evidence.Kind.SELF_REPORT, evidenced_on=timezone.localdate())
        for slug in gone
    ]
    _record(request, person, [*_observations(chosen, person=person, found=found), *dropped])
    visiting.forget(request)
    if gone:
        visiting.keep_removed(request, gone)


def _observations(
    chosen: dict[str, Held], *, person: Standing, found: Iterable[FoundSkill] = ()
) -> list[Observation]:
    """What is new in `chosen` against what the person holds, with the words it rests on."""
    words = {one.skill: one.words for one in found}
    return [
        Observation(
            skill=slug,
            level=held.level,
            kind=Evidence.Kind.CV if words.get(slug) else Evidence.Kind.SELF_REPORT,
            evidenced_on=held.as_of,
            words=words.get(slug, ""),
        )
        for slug, held in chosen.items()
        if person.held.get(slug) != held
    ]


def _record(request: HttpRequest, person: Standing, observations: list[Observation]) -> None:
    if person.learner and observations:
        recording.record_evidence(
            actor=standing.actor_of(request), learner=person.learner, observations=observations
        )


@login_required
@require_POST
def keep_visit(request: HttpRequest) -> HttpResponse:
    """Move what was confirmed before signing in from the session to the account."""
    person, held = standing.of(request), visiting.levels(request)
    _record(request, person, _observations(held, person=person, found=_decided(request, held)))
    visiting.forget(request)
    message = ngettext("%(count)d skill kept.", "%(count)d skills kept.", len(held))
    messages.success(request, message % {"count": len(held)})
    return redirect(standing.next_of(request))


@login_required
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Undo the last removal of skills."""
    person = standing.of(request)
    _record(request, person, _observations(visiting.removed(request), person=person))
    request.session.pop(visiting.REMOVED, None)
    messages.success(request, _("The removed skills are back."))
    return redirect(standing.next_of(request))


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Delete what a visitor told us, at once."""
    visiting.forget(request)
    messages.success(request, _("Your CV and everything found in it are deleted."))
    return redirect("web:start")
