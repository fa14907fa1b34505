"""A plan opened by a link: to read, by anybody, and nobody's name on it."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from groundwork.plans import sharing
from groundwork.plans.shares import PlanShare
from groundwork.web import presenting, timeline
from groundwork.web.presenting import PathView, StepView

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "private, no-store",
}
"""The address is the key: it must not reach other sites, search engines or caches."""


@require_safe
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """The plan that a live link leads to; one and the same page for every other secret."""
    _speak(request)
    link = PlanShare.objects.opened_by(secret, now=timezone.now())
    if link is None:
        return closed(render(request, "web/shared_nothing.html", status=404))
    if request.method == "GET" and link.plan.learner.user_id != request.user.pk:
        sharing.note_opened(link, today=timezone.localdate())
    plan = link.plan
    path = without_the_person(presenting.plan_view(plan))
    # The plan itself stays out of the context: it knows whose it is and what is done.
    context = {
        "goal": plan.goal_name,
        "roles": [one for one in (plan.role, plan.also) if one],
        "superseded": plan.superseded_at is not None,
        "given_way": presenting.given_way(plan),
        "path": path,
        "timeline": timeline.of(path),
        "ends_at": link.expires_at,
        "made_at": plan.created_at,
    }
    return closed(render(request, "web/shared.html", context))


def closed(answer: HttpResponse) -> HttpResponse:
    """Answers at a secret address stay between those who have it."""
    for name, value in HEADERS.items():
        answer[name] = value
    return answer


def _speak(request: HttpRequest) -> None:
    """The reader's language; the page has no form to choose it, so a link may name it."""
    wanted = request.GET.get("language")
    if wanted in dict(settings.LANGUAGES):
        translation.activate(wanted)


def without_the_person(path: PathView) -> PathView:
    """The path without what tells of its owner: what is done or was tried, and the levels it starts from."""
    return replace(path, steps=[_nameless(step) for step in path.steps])


def _nameless(step: StepView) -> StepView:
    return replace(
        step,
        id=None,
        completed_on=None,
        left=None,
        going=None,
        proofs=[],
        expected="",
        hours_basis=[],
        closes=[(skill, None, reached) for skill, _before, reached in step.closes],
        gains=[(skill, None, reached) for skill, _before, reached in step.gains],
    )
