"""How rows of others are named in an export: by names that hold in every installation, never by keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import ForeignKey, Model

from groundwork.accounts.models import User
from groundwork.privacy import holdings

NATURAL: Mapping[str, str] = {
    "frameworks.Skill": "slug",
    "frameworks.Role": "slug",
    "catalogue.Course": "slug",
    "plans.CatalogueSnapshot": "digest",
    "accounts.Organisation": "name",
    "accounts.Team": "name",
    "auth.Group": "name",
    "auth.Permission": "codename",
    "contenttypes.ContentType": "model",
    "credentials.Achievement": "pk",
    "credentials.StatusList": "pk",
    "assessments.Item": "code",
    "plans.PlanningJob": "pk",
}
"""The column that names a row of a table shared by all."""

YOU = "you"
OTHERS: Mapping[str, str] = {
    "user": "another person",
    "service": "an HR system",
    "erased": "an erased person",
}


def named(column: ForeignKey[Any, Any], row: Model, *, user: User) -> str | int | None:
    """What stands in the file for the row that `column` of `row` names; None where it names none."""
    key = getattr(row, column.attname)
    if key is None:
        return None
    label = column.related_model._meta.label
    if label == holdings.ACCOUNT:
        return YOU if key == user.pk else OTHERS["user"]
    if label in holdings.found():
        return plain(key)
    return plain(getattr(getattr(row, column.name), NATURAL[label]))


def plain(key: Any) -> str | int:
    """A key as JSON has it."""
    return key if isinstance(key, int) else str(key)


def who(label: str, *, user: User) -> str:
    """Who stands behind a label such as `user:<id>`, without the ids of others."""
    kind, _colon, rest = label.partition(":")
    if kind == "user" and rest == str(user.pk):
        return YOU
    return OTHERS.get(kind, label)
