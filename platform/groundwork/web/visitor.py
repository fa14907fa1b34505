"""The ways in: a CV, an example person; and what every visitor may read or set."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.accounts.preferences import Change
from groundwork.frameworks.models import Skill
from groundwork.learners import linking
from groundwork.learners.linking import FoundSkill
from groundwork.plans import examples
from groundwork.web import personal, standing, visiting, wording
from groundwork.web.forms import CvForm

EXAMPLES_SHOWN = 8


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What this is, and the three ways in."""
    return _start(request, CvForm())


def _start(request: HttpRequest, form: CvForm, *, status: int = 200) -> HttpResponse:
    people = [
        {
            "id": person.id,
            "name": examples.in_readers_language(person.name),
            "headline": examples.in_readers_language(person.headline),
        }
        for person in examples.people()
    ]
    context = {
        "form": form,
        "people": people[:EXAMPLES_SHOWN],
        "more_people": people[EXAMPLES_SHOWN:],
        "waiting": sum(not one.decided for one in visiting.found(request)),
    }
    return render(request, "web/start.html", context, status=status)


@require_POST
def read_cv(request: HttpRequest) -> HttpResponse:
    """Find the skills in a pasted or uploaded CV; nothing is kept but the findings, in the session."""
    form = CvForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start(request, form, status=422)
    today = timezone.localdate()
    said = linking.read(form.text_found, on_date=today)
    if standing.teaches_words(request):
        linking.collect_unknown(said.unknown, text=form.text_found, on_date=today)
    visiting.forget(request)
    visiting.keep_found(request, said.found)
    if not said.found:
        messages.warning(request, _("We read the text but found no skill of our vocabulary in it."))
    if len(form.text_found) > linking.MAX_TEXT:
        messages.warning(request, _("The text is very long; only its first part was read."))
    return redirect("web:skills")


@require_POST
def take_example(request: HttpRequest, person: str) -> HttpResponse:
    """Start as one of the example people."""
    example = examples.person(person)
    if example is None:
        raise Http404
    today = timezone.localdate()
    in_cv = {one.skill: one for one in linking.find_skills(examples.cv_of(example), on_date=today)}
    days = examples.shown_on(example, on_date=today)
    found = [
        _example_skill(in_cv.get(row.skill), skill=row.skill, level=row.level, day=days[row.skill])
        for row in example.levels
    ]
    visiting.forget(request)
    visiting.keep_found(request, found, example=example.id)
    return redirect("web:skills")


def _example_skill(in_cv: FoundSkill | None, *, skill: str, level: int, day: date) -> FoundSkill:
    return FoundSkill(
        skill=skill,
        level=level,
        confidence=1.0,
        certain=True,
        method="example",
        before=in_cv.before if in_cv else "",
        words=in_cv.words if in_cv else "",
        after=in_cv.after if in_cv else "",
        reason={"code": "example"},
        evidenced_on=day.isoformat(),
    )


@require_POST
def change_theme(request: HttpRequest) -> HttpResponse:
    """Light or dark, kept in a cookie and on the account."""
    theme = request.POST.get("theme", "")
    personal.keep(request, Change(theme=theme))
    response = redirect(standing.next_of(request))
    if theme in {"light", "dark"}:
        response.set_cookie("groundwork_theme", theme, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
    else:
        response.delete_cookie("groundwork_theme")
    return response


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Levels, half-lives, the objective, sources, privacy."""
    basis = {
        half_life: examples.in_readers_language(label)
        for half_life, label in examples.half_life_basis().items()
    }
    half_lives = [(value, label, basis.get(value, "")) for value, label in Skill.HalfLife.choices]
    return render(request, "web/about.html", {"meanings": wording.level_meanings(), "half_lives": half_lives})
