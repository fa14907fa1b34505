"""A person's skills one by one: the level now and over time, why, and a say in every line of evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.core import searching
from groundwork.core.errors import DomainError
from groundwork.frameworks.models import Skill
from groundwork.learners import answering, clocks, disputing, recording
from groundwork.learners.answering import Answer, Line
from groundwork.learners.models import Evidence, Learner, Mark
from groundwork.plans.models import Plan
from groundwork.plans.proofs import Proof
from groundwork.web import evidence_wording, levelchart, listing, presenting, standing, wording
from groundwork.web.evidence_forms import MarkForm, SayForm, SkillFilterForm

YEAR = timedelta(days=366)
FORECAST = timedelta(days=731)
FAR = date.max


@login_required
@require_GET
def skills(request: HttpRequest) -> HttpResponse:
    """All skills on record with their level of today, and what lapses before a goal is reached."""
    learner, today = standing.learner_of(request), timezone.localdate()
    form = SkillFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    everything = answering.profile(learner, on_date=today, before=today + YEAR, with_silenced=True)
    found = _narrowed(everything, **chosen)
    page = listing.page(found, given=request.GET)
    context = {
        "form": form,
        "page": page,
        "query": listing.query(chosen),
        "rows": [_row(one) for one in page.object_list],
        "found": len(found),
        "total": len(everything),
        "goals": _goals(request, learner, today=today),
    }
    return render(request, "web/passport/skills.html", context)


def _narrowed(found: list[Answer], *, q: str = "", state: str = "", sort: str = "") -> list[Answer]:
    chosen = [one for one in found if _is_called(one.skill, q) and _is_in(one, state)]
    order: dict[str, Callable[[Answer], Any]] = {
        "": lambda one: searching.order_of(one.skill.name, pinyin=one.skill.search_pinyin),
        "level": lambda one: (-one.level, -one.mean),
        "lapse": lambda one: one.falls[0].on if one.falls else FAR,
        "unsure": lambda one: -one.variance,
        "oldest": lambda one: one.shown_on or FAR,
    }
    return sorted(sorted(chosen, key=order[""]), key=order[sort])


def _is_called(skill: Skill, said: str) -> bool:
    return searching.found_in(said, text=skill.search_text, pinyin=skill.search_pinyin)


def _is_in(one: Answer, state: str) -> bool:
    match state:
        case "verified":
            return bool(one.floor)
        case "due":
            return one.due_for_refresh
        case "lapsing":
            return bool(one.falls)
        case "faded":
            return one.level < one.shown_level
        case "disputed":
            return any(line.evidence.last_mark == Mark.Kind.DISPUTED for line in one.lines)
        case _:
            return True


def _row(one: Answer) -> dict[str, Any]:
    return {
        "answer": one,
        "level_name": wording.level_name(one.level),
        "pips": presenting.pips(have=one.level, need=one.shown_level),
        "disputed": _is_in(one, "disputed"),
    }


def _goals(request: HttpRequest, learner: Learner, *, today: date) -> list[dict[str, Any]]:
    """The current plans with the required skills that would lapse before their last day."""
    plans = Plan.objects.visible_to(standing.actor_of(request)).filter(learner=learner).current()
    goals = []
    for plan in plans.select_related("role"):
        if plan.ends_on and plan.ends_on > today:
            wanted = plan.problem["role"]["requires"]
            found = answering.lapses_before(learner, on_date=today, before=plan.ends_on, skills=wanted)
            lapses = [(skill, fall) for skill, fall in found if fall.to_level < wanted[skill.slug]]
            goals.append({"plan": plan, "lapses": lapses})
    return goals


@login_required
@require_GET
def skill(request: HttpRequest, slug: str) -> HttpResponse:
    """One skill: the level now and over time, the evidence behind it, and what is to come."""
    return _skill_page(request, _skill(slug))


def _skill(slug: str) -> Skill:
    found = Skill.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def _skill_page(
    request: HttpRequest, wanted: Skill, *, form: SayForm | None = None, status: int = 200
) -> HttpResponse:
    learner, today = standing.learner_of(request), timezone.localdate()
    until = today + FORECAST
    history = answering.history_of(learner, skill=wanted)
    run = clocks.of(learner.organisation_id)
    answer = answering.answer(wanted, history, clocks=run, on_date=today, before=until)
    courses = {one.evidence.course_id for one in answer.lines if one.evidence.course_id}
    proofs = Proof.objects.filter(learner=learner).by_course(courses)
    context: dict[str, Any] = {
        "skill": wanted,
        "answer": answer,
        "level_name": wording.level_name(answer.level),
        "pips": presenting.pips(have=answer.level, need=answer.shown_level),
        "half_life_name": evidence_wording.HALF_LIFE_NAMES[Skill.HalfLife(wanted.half_life)],
        "lines": [_line(one, learner=learner, proofs=proofs) for one in answer.lines],
        "levels": wording.LEVEL_NAMES.items(),
        "form": form or SayForm(initial={"level": answer.level, "on": today}),
        "learner": learner,
    }
    if answer.lines:
        days = levelchart.days_of(answer.lines, today=today, until=until)
        points = answering.curve(history, skill=wanted, clocks=run, days=days)
        context["chart"] = levelchart.of(answer, points, today=today)
        context["turns"] = levelchart.turns(points, answer.lines)
        context["today"] = today
    return render(request, "web/passport/skill.html", context, status=status)


def _line(line: Line, *, learner: Learner, proofs: Mapping[int, Sequence[Proof]]) -> dict[str, Any]:
    """A line with what is shown for its course, and what the person can do about it."""
    evidence, own = line.evidence, disputing.is_own(line.evidence, learner=learner)
    mark = evidence.last_mark
    counting = mark not in Mark.SILENCING
    return {
        "line": line,
        "evidence": evidence,
        "level_name": wording.level_name(evidence.level),
        "proofs": proofs.get(evidence.course_id or 0, ()),
        "by": evidence_wording.recorder_name(evidence.recorded_by, learner=learner),
        "effect": evidence_wording.effect_of(line),
        "status": Mark.Kind(mark).label if mark in {*Mark.SILENCING, Mark.Kind.UPHELD} else "",
        "counting": counting,
        "may_withdraw": own and counting,
        "may_correct": own and counting and disputing.is_correctable(evidence),
        "may_restore": own and mark == Mark.Kind.WITHDRAWN,
        "may_dispute": not own and counting and mark != Mark.Kind.UPHELD,
        "may_drop": mark == Mark.Kind.DISPUTED,
    }


@login_required
@require_POST
def say(request: HttpRequest, slug: str) -> HttpResponse:
    """Say where one stands: a self-report."""
    wanted, form = _skill(slug), SayForm(request.POST)
    if not form.is_valid():
        return _skill_page(request, wanted, form=form, status=422)
    observation = recording.Observation(
        skill=wanted.slug,
        level=int(form.cleaned_data["level"]),
        kind=Evidence.Kind.SELF_REPORT,
        evidenced_on=form.cleaned_data["on"],
    )
    recording.record_evidence(
        actor=standing.actor_of(request), learner=standing.learner_of(request), observations=[observation]
    )
    messages.success(request, _("Recorded as your own word."))
    return redirect("web:my_skill", wanted.slug)


@login_required
@require_POST
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw, bring back, dispute, or correct one line about oneself."""
    actor = standing.actor_of(request)
    lines = Evidence.objects.visible_to(actor).filter(learner=standing.learner_of(request))
    line = lines.select_related("skill", "learner", "course").filter(pk=pk).first()
    if line is None:
        raise Http404
    form = MarkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This cannot be read. Nothing was changed."))
        return redirect("web:my_skill", line.skill.slug)
    try:
        messages.success(request, _act(form, actor=actor, line=line))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("web:my_skill", line.skill.slug)


def _act(form: MarkForm, *, actor: Any, line: Evidence) -> str:
    """Do it; the message that says so."""
    match form.cleaned_data["act"]:
        case "withdraw":
            disputing.withdraw(actor=actor, line=line)
            return _("The line is withdrawn and counts no longer. You can bring it back below.")
        case "restore":
            disputing.restore(actor=actor, line=line)
            return _("The line counts again.")
        case "dispute":
            disputing.dispute(actor=actor, line=line, words=form.cleaned_data["words"])
            return _(
                "The line is disputed and does not count until that is settled. You can take it back below."
            )
        case "drop":
            disputing.drop(actor=actor, line=line)
            return _("The dispute is taken back; the line counts again.")
        case _:
            level = form.cleaned_data["level"]
            disputing.correct(
                actor=actor,
                line=line,
                level=line.level if level is None else level,
                on_date=line.evidenced_on,
            )
            return _("The line is replaced by one at the new level.")
