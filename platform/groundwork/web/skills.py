"""Confirming skills: what was found becomes what a person holds, for visitors and signed-in people alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from groundwork.catalogue.models import Course
from groundwork.frameworks.models import Skill
from groundwork.learners import linking, recording
from groundwork.learners.linking import FoundSkill
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from groundwork.plans import examples, refusing
from groundwork.plans.refusals import CourseRefusal
from groundwork.web import confirming, listing, standing, visiting, wording
from groundwork.web.standing import Standing
from groundwork.web.visiting import Held, Rating

MOST_LETTERS = 100
LEVELS = {"0", "1", "2", "3", "4", "5"}


@require_GET
def skills(request: HttpRequest) -> HttpResponse:
    """Confirm or correct what was found; what is confirmed already stands below it."""
    found, person = visiting.found(request), standing.of(request)
    if found or person.held:
        visiting.open_draft(request)
    names = {skill.slug: skill for skill in Skill.objects.all()}
    draft = visiting.draft(request)
    example = examples.person(request.session.get(visiting.EXAMPLE, ""))
    asked = request.GET.get("q", "")[:MOST_LETTERS]
    context = {
        "asked": asked,
        "candidates": confirming.candidates(asked, names.values()),
        **confirming.parts(found, names=names, draft=draft),
        "held": confirming.held_rows(
            person.held, names=names, draft=draft, hidden={one.skill for one in found}
        ),
        "all_skills": sorted(names.values(), key=lambda skill: skill.name.casefold()),
        "levels": wording.level_choices(),
        "meanings": wording.level_meanings(),
        "held_any": bool(person.held),
        "is_draft": bool(draft),
        "example": examples.in_readers_language(example.name) if example else "",
    }
    return render(request, "web/skills.html", context)


@require_POST
def keep_draft(request: HttpRequest) -> HttpResponse:
    """Remember the form as it stands while somebody fills it in; nothing is confirmed by that."""
    kept = visiting.keep_draft(request, _ratings(request))
    return render(request, "web/_draft_kept.html", {"kept": kept})


def _ratings(request: HttpRequest) -> dict[str, Rating]:
    """How the skills of the form stand in it, ticked or not; what was not asked about is passed over."""
    asked = {one.skill for one in visiting.found(request)} | standing.of(request).held.keys()
    ticked = set(request.POST.getlist("skill"))
    return {
        slug: Rating(ticked=slug in ticked, level=int(level))
        for slug in asked
        if (level := request.POST.get(f"level-{slug}", "")) in LEVELS
    }


@require_POST
def save_skills(request: HttpRequest) -> HttpResponse:
    """Keep what was ticked, at the chosen levels; what was not ticked is not kept."""
    if "later" in request.POST:
        return _leave_for_later(request)
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


def _leave_for_later(request: HttpRequest) -> HttpResponse:
    visiting.keep_draft(request, _ratings(request))
    messages.success(request, _("Kept as it stands for 24 hours. Nothing is confirmed yet."))
    return redirect("web:skills")


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
        _offer(request, name)
    elif skill.slug not in {one.skill for one in found}:
        found.insert(0, _own(skill))
    visiting.keep_draft(request, _ratings(request))
    visiting.keep_found(request, found, example=request.session.get(visiting.EXAMPLE, ""))
    if skill is None:
        return redirect(f"{reverse('web:skills')}?{listing.query({'q': name[:MOST_LETTERS]})}")
    return redirect("web:skills")


def _offer(request: HttpRequest, name: str) -> None:
    """Say that no skill is called so; what is found by it, the next page offers."""
    if not confirming.candidates(name, Skill.objects.all()):
        text = _("“%(name)s” is not in our vocabulary. Choose a name from the list.")
        messages.error(request, text % {"name": name})


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
    found = visiting.found(request)
    if not standing.teaches_words(request):
        return tuple(found)
    return linking.record_decisions(found, levels, on_date=timezone.localdate())


def _keep(request: HttpRequest, chosen: dict[str, Held]) -> None:
    person = standing.of(request)
    found = _decided(request, chosen)
    visiting.forget_draft(request)
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
    _keep_refusals(request, person)
    visiting.forget(request)
    message = ngettext("%(count)d skill kept.", "%(count)d skills kept.", len(held))
    messages.success(request, message % {"count": len(held)})
    return redirect(standing.next_of(request))


def _keep_refusals(request: HttpRequest, person: Standing) -> None:
    """The courses refused in the visit; what was said with them moves as skills."""
    if person.learner is None:
        return
    rows = visiting.refused(request)
    mine = CourseRefusal.objects.filter(learner=person.learner).values("course")
    for course in Course.objects.filter(slug__in=rows).exclude(pk__in=mine):
        refusing.note(
            actor=standing.actor_of(request),
            learner=person.learner,
            course=course,
            reason=rows[course.slug],
            on_date=timezone.localdate(),
        )


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
