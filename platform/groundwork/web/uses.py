"""What a person's data are used for, each use with its reason and its switch."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from groundwork.learners import consents
from groundwork.learners.consents import Use
from groundwork.learners.models import Learner
from groundwork.plans import estimating
from groundwork.web import standing

WORDS: dict[Use, tuple[Promise, Promise]] = {
    Use.PERSONALISATION: (
        gettext_lazy("Paths that start from what you can do"),
        gettext_lazy(
            "Your levels, their evidence and your own pace decide what a path contains and which roles are "
            "near. Off: every path is the one from nothing, by the role alone."
        ),
    ),
    Use.ATTEMPTS: (
        gettext_lazy("Your courses in figures for everybody"),
        gettext_lazy(
            "How long courses take and how many finish them is computed from at least five people. "
            "Off: your courses no longer count when it is computed the next time."
        ),
    ),
    Use.WORDS: (
        gettext_lazy("Words of your CV, so that more is understood"),
        gettext_lazy(
            "Single words we did not know, and whether you kept what we found, are counted without you. "
            "Off: nothing of your next CV is counted."
        ),
    ),
}
ESTIMATES = (
    gettext_lazy("Expected hours in your plans"),
    gettext_lazy(
        "Hours that courses took others, and you, stand in for the declared ones. Off: declared hours count."
    ),
)


def rows(learner: Learner) -> list[dict[str, Any]]:
    """Each use: what, why, on or off, since when, and how to switch it."""
    found = [
        {
            "what": WORDS[one.use][0],
            "why": WORDS[one.use][1],
            "given": one.given,
            "since": one.since,
            "from_start": learner.created_at,
            "action": reverse("web:choose_use"),
            "fields": [("use", one.use.value), ("given", "no" if one.given else "yes")],
        }
        for one in consents.of(learner)
    ]
    return [*found, _estimates(learner)] if settings.ESTIMATES else found


def _estimates(learner: Learner) -> dict[str, Any]:
    chosen = estimating.choice_of(learner)
    wanted = chosen is None or chosen.wanted
    return {
        "what": ESTIMATES[0],
        "why": ESTIMATES[1],
        "given": wanted,
        "since": chosen.changed_at if chosen else None,
        "from_start": learner.created_at,
        "action": reverse("web:choose_estimates"),
        "fields": [("wanted", "no" if wanted else "yes")],
    }


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Allow one use, or no longer."""
    use, given = request.POST.get("use"), request.POST.get("given") == "yes"
    if use not in set(Use):
        raise Http404
    consents.choose(
        actor=standing.actor_of(request),
        learner=standing.learner_of(request),
        use=Use(use),
        given=given,
        now=timezone.now(),
    )
    messages.success(request, _("Saved. It holds from now on."))
    return redirect(standing.next_of(request))
