"""An organisation's administrator: people, teams, assignments; nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from groundwork.accounts import provisioning
from groundwork.accounts.models import Invitation, Membership, Team, User
from groundwork.core.actors import Actor, Right
from groundwork.core.errors import DomainError
from groundwork.learners import recording
from groundwork.learners.models import Learner
from groundwork.plans import assigning, ranking
from groundwork.plans.models import Assignment, Plan
from groundwork.web import people, presenting, standing
from groundwork.web.forms import (
    AssignmentForm,
    InvitationForm,
    OrganisationForm,
    PersonForm,
    TeamForm,
)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
"""A view and its arguments from the address."""


def administrators_only(view: View[P]) -> View[P]:
    """404 for everybody else: an outsider does not learn that the page exists."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not standing.actor_of(request).may(Right.MANAGE_ORGANISATION):
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


@login_required
def found_organisation(request: HttpRequest) -> HttpResponse:
    """Start an organisation and become its administrator."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        try:
            provisioning.found(
                user=request.user, name=form.cleaned_data["name"], actor=standing.actor_of(request)
            )
        except DomainError as error:
            form.add_error("name", str(error.message))
        else:
            return redirect("web:organisation")
    return render(request, "web/administrator/found.html", {"form": form}, status=422 if form.errors else 200)


@administrators_only
@require_GET
def organisation(request: HttpRequest) -> HttpResponse:
    """The people with their assignments and progress, a page at a time."""
    return _organisation(request)


def _organisation(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    actor = standing.actor_of(request)
    _everybody_has_a_learner(actor)
    learners = list(Learner.objects.visible_to(actor).filter(organisation_id=actor.employer_id))
    teams = list(Team.objects.visible_to(actor).prefetch_related("members__user"))
    context = {
        **people.listed(actor, learners=learners, teams=teams, given=request.GET),
        "learners": learners,
        "teams": teams,
        "memberships": Membership.objects.visible_to(actor).select_related("user"),
        "invitations": Invitation.objects.visible_to(actor).open(timezone.now()),
        "assignment_form": AssignmentForm(learners=learners, teams=teams),
        "invitation_form": InvitationForm(),
        "person_form": PersonForm(),
        "team_form": TeamForm(),
        **forms,
    }
    return render(request, "web/administrator/organisation.html", context, status=status)


def _everybody_has_a_learner(actor: Actor) -> None:
    without = Membership.objects.visible_to(actor).filter(user__learner=None).select_related("user")
    for membership in without:
        recording.learner_of(membership.user, actor=actor)


@administrators_only
@require_GET
def person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of the organisation's people: assignments, plans, progress, gaps."""
    actor = standing.actor_of(request)
    learner = _learner(actor, pk)
    plans = list(Plan.objects.visible_to(actor).filter(learner=learner).current().with_steps())
    assignments = Assignment.objects.visible_to(actor).filter(learner=learner).current()
    levels = learner.levels(on_date=timezone.localdate())
    context = {
        "learner": learner,
        "plans": plans,
        "rows": [
            {
                **row,
                "coverage": ranking.coverage(role=row["assignment"].role, levels=levels),
                "gaps": ranking.open_gaps(role=row["assignment"].role, levels=levels),
            }
            for row in presenting.assignment_rows(
                assignments.select_related("role").prefetch_related("role__requirements__skill"), plans=plans
            )
        ],
        "skill_count": len(levels),
    }
    return render(request, "web/administrator/person.html", context)


def _learner(actor: Actor, pk: UUID) -> Learner:
    learner = Learner.objects.visible_to(actor).filter(organisation_id=actor.employer_id, pk=pk).first()
    if learner is None:
        raise Http404
    return learner


@administrators_only
@require_POST
def assign(request: HttpRequest) -> HttpResponse:
    """Assign a role with a due date to a person or a team."""
    actor = standing.actor_of(request)
    learners = Learner.objects.visible_to(actor).filter(organisation_id=actor.employer_id)
    form = AssignmentForm(request.POST, learners=list(learners), teams=list(Team.objects.visible_to(actor)))
    if not form.is_valid():
        return _organisation(request, status=422, assignment_form=form)
    try:
        count = _assign(form, actor=actor)
    except DomainError as error:
        form.add_error(None, str(error.message))
        return _organisation(request, status=422, assignment_form=form)
    message = ngettext("Assigned to %(count)d person.", "Assigned to %(count)d people.", count)
    messages.success(request, message % {"count": count})
    return redirect("web:organisation")


def _assign(form: AssignmentForm, *, actor: Actor) -> int:
    """How many people the role was assigned to."""
    data, today = form.cleaned_data, timezone.localdate()
    role, due_on, who = data["role"], data["due_on"], data["who"]
    if who in form.people:
        assigning.assign(actor=actor, learner=form.people[who], role=role, due_on=due_on, on_date=today)
        return 1
    made = assigning.assign_to_team(
        actor=actor, team=form.teams[who], role=role, due_on=due_on, on_date=today
    )
    return len(made)


@administrators_only
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an assignment back."""
    actor = standing.actor_of(request)
    found = Assignment.objects.visible_to(actor).current().filter(pk=pk).select_related("learner").first()
    if found is None:
        raise Http404
    return _done(
        request,
        lambda: assigning.withdraw(actor=actor, assignment=found),
        _("The assignment is withdrawn; the person's own plan stays."),
    )


@administrators_only
@require_POST
def add_person(request: HttpRequest) -> HttpResponse:
    """Enter a person who has no account."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _organisation(request, status=422, person_form=form)
    actor = standing.actor_of(request)
    return _done(
        request, lambda: recording.enter_person(actor=actor, **form.cleaned_data), _("The person is entered.")
    )


@administrators_only
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody by a link that is shown once."""
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _organisation(request, status=422, invitation_form=form)
    _invitation, secret = provisioning.invite(actor=standing.actor_of(request), **form.cleaned_data)
    link = request.build_absolute_uri(reverse("web:join", args=[secret]))
    return _organisation(request, invitation_link=link, invited=form.cleaned_data["email"])


@login_required
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation; whoever joins sees first who will see them."""
    now = timezone.now()
    try:
        invitation = provisioning.invitation_for(secret, now=now)
        if request.method == "POST" and isinstance(request.user, User):
            provisioning.accept(secret=secret, user=request.user, actor=standing.actor_of(request), now=now)
            messages.success(request, _("Welcome. Your employer now sees your plans, progress and gaps."))
            return redirect("web:me")
    except DomainError as error:
        messages.error(request, str(error.message))
        return redirect("web:me")
    return render(request, "web/administrator/join.html", {"invitation": invitation})


@administrators_only
@require_POST
def add_team(request: HttpRequest) -> HttpResponse:
    """A new team with the ticked members."""
    form = TeamForm(request.POST)
    actor = standing.actor_of(request)
    if not form.is_valid():
        return _organisation(request, status=422, team_form=form)
    members = Membership.objects.visible_to(actor).filter(pk__in=_whole(request.POST.getlist("member")))
    return _done(
        request,
        lambda: provisioning.form_team(actor=actor, name=form.cleaned_data["name"], members=list(members)),
        _("The team is formed."),
    )


def _whole(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isdecimal()]


def _done(request: HttpRequest, act: Callable[[], object], message: str) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, message)
    return redirect("web:organisation")
