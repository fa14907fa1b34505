"""Current plans as a calendar to subscribe to, at a secret address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.learners.models import Learner
from groundwork.plans import sharing
from groundwork.plans.models import Plan
from groundwork.plans.shares import CalendarFeed
from groundwork.web import exporting, standing
from groundwork.web.shared import closed

EVERY = timedelta(hours=12)
"""How often calendar programs are asked to look again."""


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """The address of one's calendar: made, or made anew; it is shown once."""
    learner = standing.learner_of(request)
    if request.method != "POST":
        return _page(request, learner)
    secret = sharing.open_feed(
        actor=standing.actor_of(request),
        learner=learner,
        language=get_language() or "en",
        now=timezone.now(),
    )
    address = request.build_absolute_uri(reverse("web:calendar_feed", args=[secret]))
    # Told to subscribe rather than to open a page, by the scheme that calendar programs listen to.
    return _page(request, learner, address=address, webcal="webcal:" + address.partition(":")[2])


def _page(request: HttpRequest, learner: Learner, **extra: Any) -> HttpResponse:
    actor = standing.actor_of(request)
    context = {
        "feed": CalendarFeed.objects.visible_to(actor).filter(learner=learner).first(),
        "plan_count": Plan.objects.visible_to(actor).filter(learner=learner).current().count(),
        **extra,
    }
    return render(request, "web/calendar.html", context)


@login_required
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Switch the address off."""
    sharing.close_feed(actor=standing.actor_of(request), learner=standing.learner_of(request))
    messages.success(request, _("The calendar address is switched off; it stopped working just now."))
    return redirect("web:calendar")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """All current plans of whoever made this address, as one calendar; 304 where nothing is new."""
    found = CalendarFeed.objects.opened_by(secret)
    if found is None:
        nothing = _("This calendar address is switched off.")
        return closed(HttpResponse(nothing, status=404, content_type="text/plain; charset=utf-8"))
    # Calendar programs name no language; the person chose one with the address.
    with translation.override(found.language):
        plans = list(Plan.objects.filter(learner=found.learner).current().with_steps())
        content = _content(plans)
        answer = closed(_answer(request, content, last_modified=_changed_at(found, plans)))
    # A program may keep it, and asks each time whether it is still right.
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _content(plans: Iterable[Plan]) -> bytes:
    return exporting.as_feed([(exporting.taken(plan), plan.dated_at) for plan in plans], every=EVERY)


def _changed_at(feed: CalendarFeed, plans: Iterable[Plan]) -> datetime:
    """When anything that the calendar says was last changed."""
    courses = (step.course.updated_at for plan in plans for step in plan.steps.all())
    return max([feed.opened_at, *(plan.dated_at for plan in plans), *courses])


def _answer(request: HttpRequest, content: bytes, *, last_modified: datetime) -> HttpResponse:
    """The calendar, or that what the program has is still right (RFC 9110, 13)."""
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    answer = HttpResponse(content, content_type=exporting.CALENDAR)
    answer["ETag"] = etag
    answer["Last-Modified"] = http_date(last_modified.timestamp())
    answer["Content-Language"] = get_language() or ""
    answer["Content-Disposition"] = 'inline; filename="groundwork.ics"'
    checked = get_conditional_response(
        request, etag=etag, last_modified=int(last_modified.timestamp()), response=answer
    )
    return checked or answer
