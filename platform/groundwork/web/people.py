"""The people of an organisation with what they were assigned: a list to search, narrow and sort, by pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django import forms
from django.core.paginator import Page
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import Team
from groundwork.core import searching
from groundwork.core.actors import Actor
from groundwork.learners.models import Learner
from groundwork.plans.models import Assignment, Plan
from groundwork.web import listing


class State(StrEnum):
    """How a person stands with an assignment."""

    LATE = "late"
    UNPLANNED = "unplanned"
    IN_TIME = "in-time"
    DONE = "done"
    UNASSIGNED = "unassigned"


STATES = [
    ("", _("All")),
    (State.LATE.value, _("Late")),
    (State.UNPLANNED.value, _("Not planned yet")),
    (State.IN_TIME.value, _("In time")),
    (State.DONE.value, _("Done")),
    (State.UNASSIGNED.value, _("Nothing assigned")),
]
ORDERS = [("", _("name")), ("due", _("due date")), ("progress", _("progress, least first"))]
DONE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A person with one assignment (None: none) and the current plan for it (None: not planned yet)."""

    learner: Learner
    assignment: Assignment | None
    plan: Plan | None
    late: bool

    @property
    def state(self) -> State:
        """What a list is narrowed by."""
        if self.assignment is None:
            return State.UNASSIGNED
        if self.late:
            return State.LATE
        if self.plan is None:
            return State.UNPLANNED
        return State.DONE if self.plan.progress_percent == DONE else State.IN_TIME


class PeopleFilterForm(forms.Form):
    """Which people, in which order."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        help_text=_("A name, a number or a role, in English, Chinese or pinyin"),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    team = forms.ChoiceField(label=_("Team"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    order = forms.ChoiceField(label=_("In the order of"), required=False, choices=ORDERS)

    def __init__(self, *args: Any, teams: Iterable[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        assert isinstance(team, forms.ChoiceField)  # noqa: S101  # declared above
        team.choices = [("", _("All teams")), *((str(one.pk), one.name) for one in teams)]

    def chosen(self) -> dict[str, str]:
        """What was chosen, without what cannot be."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}


def listed(
    actor: Actor, *, learners: Sequence[Learner], teams: Sequence[Team], given: QueryDict
) -> dict[str, Any]:
    """A page of `Row` as the address asks for it, with the form and the `query` that leads there.

    Plans are read for the page alone unless the choice depends on them.
    """
    form = PeopleFilterForm(given, teams=teams)
    chosen = form.chosen()
    found = [row for row in _assigned(actor, learners) if _matches(row, chosen.get("q", ""))]
    found = _of_team(found, teams=teams, wanted=chosen.get("team", ""))
    needs_plans = "state" in chosen or chosen.get("order") == "progress"
    if needs_plans:
        found = _planned(actor, found)
    if "state" in chosen:
        found = [row for row in found if row.state == chosen["state"]]
    found.sort(key=_ORDERS[chosen.get("order", "")])
    page: Page[Row] = listing.page(found, given=given)
    if not needs_plans:
        page.object_list = _planned(actor, list(page.object_list))
    return {"people_form": form, "page": page, "query": listing.query(chosen)}


def _assigned(actor: Actor, learners: Sequence[Learner]) -> list[Row]:
    assignments: dict[Any, list[Assignment]] = defaultdict(list)
    known = Assignment.objects.visible_to(actor).filter(learner__in=learners).current()
    for one in known.select_related("role", "team"):
        assignments[one.learner_id].append(one)
    nothing: list[Assignment | None] = [None]
    return [
        Row(learner=learner, assignment=one, plan=None, late=False)
        for learner in learners
        for one in assignments[learner.pk] or nothing
    ]


def _matches(row: Row, said: str) -> bool:
    if not said:
        return True
    texts = [row.learner.name, row.learner.external_id]
    if row.assignment:
        texts += [row.assignment.role.name_en, row.assignment.role.name_zh]
    return searching.found_in(said, text=searching.key_of_words(texts), pinyin=searching.key_of_pinyin(texts))


def _of_team(rows: list[Row], *, teams: Sequence[Team], wanted: str) -> list[Row]:
    """Its members, whatever they were assigned by."""
    for team in teams:
        if str(team.pk) == wanted:
            members = {member.user_id for member in team.members.all()}
            return [row for row in rows if row.learner.user_id in members]
    return rows


def _planned(actor: Actor, rows: Sequence[Row]) -> list[Row]:
    """The rows with the current plans for what is assigned."""
    learners = {row.learner.pk for row in rows if row.assignment}
    plans = Plan.objects.visible_to(actor).filter(learner__in=learners, also=None).current()
    by_goal = {(one.learner_id, one.role_id): one for one in plans.prefetch_related("steps")}
    today = timezone.localdate()
    return [_with_plan(row, by_goal=by_goal, on_date=today) for row in rows]


def _with_plan(row: Row, *, by_goal: Mapping[tuple[Any, Any], Plan], on_date: date) -> Row:
    if row.assignment is None:
        return row
    plan = by_goal.get((row.learner.pk, row.assignment.role_id))
    late = row.assignment.is_late(plan=plan, on_date=on_date)
    return replace(row, plan=plan, late=late)


def _by_name(row: Row) -> tuple[Any, ...]:
    name = row.learner.name
    return searching.order_of(name, pinyin=searching.key_of_pinyin([name])), str(row.learner.pk), _due(row)


def _by_due_date(row: Row) -> tuple[Any, ...]:
    return _due(row), *_by_name(row)


def _by_progress(row: Row) -> tuple[Any, ...]:
    """What nobody planned yet before what has begun; who has nothing to do comes last."""
    done = row.plan.progress_percent if row.plan else -1
    return row.assignment is None, done, *_by_name(row)


def _due(row: Row) -> date:
    return row.assignment.due_on if row.assignment else date.max


_ORDERS: dict[str, Callable[[Row], tuple[Any, ...]]] = {
    "": _by_name,
    "due": _by_due_date,
    "progress": _by_progress,
}
