"""The whole database searched for a person: every text and JSON column of every table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from groundwork.accounts.models import Invitation
from groundwork.events.models import IdempotencyKey
from groundwork.privacy.subjects import Subject

# Rows that are of no use once the person is gone.
_WHOLE: tuple[type[models.Model], ...] = (Invitation, IdempotencyKey)
# Nobody's words, in which a name would be somebody's all the same.
_BARE_WORDS = ("frameworks.UnknownTerm", "frameworks.LinkDecision")


def sweep(subject: Subject) -> int:
    """Put the pseudonym in the place of the person everywhere; returns how many rows were changed or removed.

    Whole rows go where they are an invitation to the person, a kept answer about them, or a bare word that is
    their name. Their own rows are left to erasure.
    """
    removed = sum(_remove(model, subject) for model in _WHOLE)
    removed += sum(_remove_words(label, subject) for label in _BARE_WORDS)
    removed += _forget_names_in_admin(subject)
    return removed + sum(_replace(model, column, subject.needles) for model, column in columns())


def columns() -> Iterator[tuple[type[models.Model], Any]]:
    """Every text and JSON column of every table."""
    for model in apps.get_models(include_auto_created=True):
        for column in model._meta.concrete_fields:
            if isinstance(column, (models.CharField, models.TextField, models.JSONField)):
                yield model, column


def holding(model: type[models.Model], column: Any, words: Mapping[str, str]) -> models.QuerySet[Any, Any]:
    """Rows of `model` whose `column` holds one of `words`, whatever the case."""
    wanted = Q()
    for word in words:
        wanted |= Q(_text__icontains=word)
    rows = model._base_manager.annotate(_text=Cast(column.name, TextField()))
    return rows.filter(wanted).order_by()


def _replace(model: type[models.Model], column: Any, words: Mapping[str, str]) -> int:
    if column.primary_key or isinstance(column, models.EmailField) or not words:
        # An address is a key of its own; whose it is, their erasure removes.
        return 0
    changed = 0
    for key, value in holding(model, column, words).values_list("pk", column.name):
        written = _rewritten(column, value, words)
        if written != value:
            # By a query: append-only rows refuse to be saved, and this is no new fact.
            changed += model._base_manager.filter(pk=key).update(**{column.name: written})
    return changed


def _rewritten(column: Any, value: Any, words: Mapping[str, str]) -> Any:
    is_json = isinstance(column, models.JSONField)
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False) if is_json else str(value)
    for word, instead in words.items():
        text = re.sub(re.escape(word), instead, text, flags=re.IGNORECASE)
    return json.loads(text) if is_json else text


def _remove(model: type[models.Model], subject: Subject) -> int:
    kept = [column for owner, column in columns() if owner is model]
    words = dict.fromkeys([*subject.needles, *(key.decode() for key in subject.ids)], "")
    return sum(holding(model, column, words).delete()[0] for column in kept)


def _remove_words(label: str, subject: Subject) -> int:
    model = apps.get_model(label)
    wanted = Q()
    for owner, column in columns():
        if owner is model and not column.choices:
            for word in (*subject.names, subject.user.email):
                wanted |= Q(**{f"{column.name}__iexact": word})
    return int(model._base_manager.filter(wanted).delete()[0])


def _forget_names_in_admin(subject: Subject) -> int:
    """What operators changed of the person's rows stays listed, without what the row was called."""
    entries = apps.get_model("admin.LogEntry")._base_manager
    own = entries.filter(object_id__in=[key.decode() for key in subject.ids])
    return int(own.update(object_repr=subject.pseudonym))
