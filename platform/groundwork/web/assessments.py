"""Short assessments: which there are, one question at a time, and the result."""

from __future__ import annotations

import re
import secrets
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from groundwork.assessments import sitting as sittings
from groundwork.assessments.models import Answer, Sitting
from groundwork.core.errors import DomainError, NotFoundError
from groundwork.frameworks.models import Skill
from groundwork.web import standing, wording

_CODE = re.compile(r"`([^`]*)`")
UNKNOWN = "unknown"
SEEDS = 2**31


@login_required
@require_GET
def assessments(request: HttpRequest) -> HttpResponse:
    """The skills that can be assessed, with what is open and what came out last."""
    offers = sittings.offers(actor=standing.actor_of(request), learner=standing.learner_of(request))
    today = timezone.localdate()
    rows = []
    for offer in sorted(offers, key=lambda one: one.skill.name.casefold()):
        again = offer.retake_from()
        rows.append({"offer": offer, "again": again if again and again > today else None})
    return render(request, "web/assessments.html", {"rows": rows, **_rules()})


@login_required
@require_POST
def start_assessment(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin, or go on with what is open."""
    skill = Skill.objects.filter(slug=slug).first()
    if skill is None:
        raise Http404
    try:
        sitting = sittings.start(
            actor=standing.actor_of(request),
            learner=standing.learner_of(request),
            skill=skill,
            now=timezone.now(),
            seed=secrets.randbelow(SEEDS),
        )
    except NotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("web:assessments")
    return redirect("web:assessment", sitting.pk)


@login_required
@require_GET
def assessment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The waiting question, or the result."""
    sitting = _own(request, pk)
    answers = list(sitting.answers.select_related("item"))
    if sitting.finished_at is None:
        return render(request, "web/assessment_question.html", _question(request, sitting, answers[-1]))
    lowest, highest = sittings.range_of(sitting)
    context = {
        "sitting": sitting,
        "level_name": wording.level_name(sitting.level or 0),
        "lowest": lowest,
        "lowest_name": wording.level_name(lowest),
        "highest": highest,
        "highest_name": wording.level_name(highest),
        "reading": sitting.learner.levels(on_date=timezone.localdate()).get(sitting.skill.slug, 0),
        "right": sum(bool(one.right) for one in answers),
        "answers": [_answered(one) for one in answers],
        "again": sittings.retake_from(sitting),
        "day": timezone.localdate(sitting.finished_at),
    }
    return render(request, "web/assessment_result.html", context)


@login_required
@require_POST
def answer_assessment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the answer to the question the form shows."""
    sitting = _own(request, pk)
    position, choice = request.POST.get("position", ""), request.POST.get("choice", "")
    is_number = choice.isascii() and choice.isdigit() and len(choice) == 1
    if not (position.isascii() and position.isdigit()) or not (is_number or choice == UNKNOWN):
        messages.error(request, _("Choose one of the answers."))
        return redirect("web:assessment", pk)
    try:
        sittings.answer(
            actor=standing.actor_of(request),
            sitting=sitting,
            position=int(position[:4]),
            choice=None if choice == UNKNOWN else int(choice),
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("web:assessment", pk)


def _own(request: HttpRequest, pk: UUID) -> Sitting:
    """One's own alone: an open question and its key are nobody else's to read."""
    found = Sitting.objects.visible_to(standing.actor_of(request)).filter(
        pk=pk, learner__user=request.user.pk
    )
    sitting = found.select_related("skill", "learner").first()
    if sitting is None:
        raise Http404
    return sitting


def _rules() -> dict[str, int]:
    rule = sittings.LENGTH
    return {"fewest": rule.fewest, "most": rule.most, "days": sittings.RETAKE_AFTER.days}


def _question(request: HttpRequest, sitting: Sitting, waiting: Answer) -> dict[str, object]:
    return {
        "sitting": sitting,
        "position": waiting.position,
        "done": waiting.position - 1,
        "stem": with_code(waiting.item.stem),
        "options": [with_code(text) for text in waiting.item.option_texts],
        "unknown": UNKNOWN,
        "most": max(
            waiting.position, sittings.longest(actor=standing.actor_of(request), skill=sitting.skill)
        ),
    }


def _answered(one: Answer) -> dict[str, object]:
    texts = one.item.option_texts
    return {
        "stem": with_code(one.item.stem),
        "right": one.right,
        "given": None if one.choice is None else with_code(texts[one.choice]),
        "key": with_code(texts[one.item.key]),
        "why": with_code(one.item.why),
    }


def with_code(text: str) -> SafeString:
    """The text escaped, with what stands between backticks as code."""
    parts = _CODE.split(text)
    pieces = ((format_html("<code>{}</code>", part) if n % 2 else part,) for n, part in enumerate(parts))
    return format_html_join("", "{}", pieces)
