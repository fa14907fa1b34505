"""Which tables hold a person, found by looking at all models; and what is decided of each.

A table holds a person when its rows cannot be without the account: a chain of foreign keys that cascade leads
from it to the account. `found` walks these chains, so erasure reaches a table that nobody thought of; a test
fails until `DECIDED` says what the export does with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import CASCADE, Count, Model, OuterRef, QuerySet, Subquery

from groundwork.accounts.models import User

ACCOUNT = "accounts.User"
"""The table every chain ends at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`without` are columns that never leave (secrets); `taken_in` tables are read by an import.

    The rows of `is_choice` replace those of an account that takes them in; others need an account without.
    """

    without: frozenset[str] = field(default_factory=frozenset)
    taken_in: bool = False
    is_choice: bool = False


_SECRET = frozenset({"secret_digest"})

# In the order in which an import writes them: what is referred to stands first.
DECIDED: Mapping[str, Decision] = {
    ACCOUNT: Decision(without=frozenset({"password"}), taken_in=True),
    "learners.Learner": Decision(taken_in=True),
    "learners.Evidence": Decision(taken_in=True),
    "learners.Mark": Decision(taken_in=True),
    "learners.Proficiency": Decision(),
    "plans.EstimateChoice": Decision(taken_in=True, is_choice=True),
    "plans.Plan": Decision(taken_in=True),
    "plans.PlanStep": Decision(taken_in=True),
    "plans.Enrolment": Decision(taken_in=True),
    "plans.StudySession": Decision(taken_in=True),
    "plans.Proof": Decision(taken_in=True),
    "plans.TimeOff": Decision(taken_in=True),
    "plans.CourseRefusal": Decision(taken_in=True),
    "plans.Assignment": Decision(),
    "plans.PlanShare": Decision(without=_SECRET),
    "plans.CalendarFeed": Decision(without=_SECRET),
    "plans.PlanningJobItem": Decision(),
    "assessments.Sitting": Decision(),
    "assessments.Answer": Decision(),
    "credentials.Award": Decision(),
    "credentials.Badge": Decision(taken_in=True),
    "credentials.BadgeLine": Decision(taken_in=True),
    "notifications.DeliverySettings": Decision(taken_in=True, is_choice=True),
    "notifications.KindChoice": Decision(taken_in=True, is_choice=True),
    "notifications.Notification": Decision(),
    "accounts.Membership": Decision(),
    "accounts.Team_members": Decision(),
    "accounts.User_groups": Decision(),
    "accounts.User_user_permissions": Decision(),
    "account.EmailAddress": Decision(),
    "account.EmailConfirmation": Decision(without=frozenset({"key"})),
    "mfa.Authenticator": Decision(without=frozenset({"data"})),
    "socialaccount.SocialAccount": Decision(),
    "socialaccount.SocialToken": Decision(without=frozenset({"token", "token_secret"})),
    "usersessions.UserSession": Decision(without=frozenset({"session_key", "data"})),
    "admin.LogEntry": Decision(),
}

TAKEN_IN = tuple(label for label, decision in DECIDED.items() if decision.taken_in)
DESCRIBING = (ACCOUNT, "learners.Learner")
"""One row each, which an account has anyway."""
NEEDS_ROOM = tuple(label for label in TAKEN_IN if label not in DESCRIBING and not DECIDED[label].is_choice)
"""Tables that must be empty before an export is taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One table and the lookup path from its rows to the account, "" for the account itself."""

    model: type[Model]
    path: str

    @property
    def label(self) -> str:
        """`app.Model`."""
        return self.model._meta.label

    def of(self, user: User) -> QuerySet[Any]:
        """The rows that are this person's, oldest key first."""
        lookup = {self.path or "pk": user.pk}
        return self.model._base_manager.filter(**lookup).order_by("pk")


@cache
def found() -> Mapping[str, Held]:
    """Every table that holds people, by its label, nearest to the account first."""
    models = apps.get_models(include_auto_created=True)
    tables = {ACCOUNT: Held(model=User, path="")}
    waiting: deque[type[Model]] = deque([User])
    while waiting:
        owner = waiting.popleft()
        way = tables[owner._meta.label].path
        for model in models:
            column = _leading_to(owner, model)
            if column and model._meta.label not in tables:
                path = f"{column}__{way}" if way else column
                tables[model._meta.label] = Held(model=model, path=path)
                waiting.append(model)
    return tables


def _leading_to(owner: type[Model], model: type[Model]) -> str:
    """The column whose row cannot outlive the row of `owner` it names; "" without one."""
    for column in model._meta.concrete_fields:
        to = column.remote_field
        if to is not None and to.model is owner and to.on_delete is CASCADE:
            return str(column.name)
    return ""


def counts(user: User) -> dict[str, int]:
    """How many rows of each table are this person's, in one query; tables without any are left out."""
    others = [one for one in found().values() if one.path]
    columns = {f"n{number}": _counted(one) for number, one in enumerate(others)}
    numbers = User.objects.filter(pk=user.pk).annotate(**columns).values_list(*columns).get()
    return {one.label: int(n) for one, n in zip(others, numbers, strict=True) if n}


def _counted(held: Held) -> Subquery:
    rows = held.model._base_manager.filter(**{held.path: OuterRef("pk")}).order_by().values(held.path)
    return Subquery(rows.annotate(n=Count("pk")).values("n"))
