"""Rows of an export written into the database: checked one by one, their references found again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import CharField, FileField, ForeignKey, Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from groundwork.accounts.models import User
from groundwork.learners.models import Learner
from groundwork.privacy import holdings, references
from groundwork.privacy.reading import Exported
from groundwork.privacy.refusals import UnknownHereError, UnreadableError

IMPORTED = "system:import"
"""Stands for everybody but the person: their ids mean nothing here."""

_MOST_NAMED = 10


class Rows:
    """Writes one person's tables in the order of `holdings.TAKEN_IN`; keys are drawn anew."""

    def __init__(self, *, exported: Exported, user: User, learner: Learner) -> None:
        self._tables = exported.tables
        self._files = exported.files
        self._stored: list[Any] = []
        self._user = user
        self._learner = learner
        # Table -> key in the file -> key here.
        self._keys: dict[str, dict[str, Any]] = {}

    def write(self, label: str) -> int:
        """Write the rows of one table; returns how many. Raises UnreadableError and UnknownHereError."""
        rows, model = self._tables.get(label, []), holdings.found()[label].model
        shared = {column: self._found_here(column, rows) for column in _shared(model)}
        keys = self._keys.setdefault(label, {})
        for number, values in enumerate(rows, start=1):
            row = model()
            for column in _columns(model):
                if not column.primary_key:
                    with _Place(label, number, column.name):
                        self._put(row, column, values, shared=shared)
            # As it is: neither a time of now nor the guards of what is made anew.
            row.save_base(raw=True, force_insert=True)
            keys[str(values.get(model._meta.pk.name))] = row.pk
        return len(rows)

    def fill(self, row: Model, *, label: str, names: Iterable[str]) -> None:
        """Take over single columns into a row that is here already."""
        for values in self._tables.get(label, []):
            for name in names:
                with _Place(label, 1, name):
                    column = row._meta.get_field(name)
                    setattr(row, name, _checked(column, values.get(name, getattr(row, name)), row))
            row.save(update_fields=list(names))

    def _put(self, row: Model, column: Any, values: Mapping[str, Any], *, shared: Mapping[Any, Any]) -> None:
        if column.name not in values:
            raise ValidationError("is missing")
        value = values[column.name]
        if isinstance(column, ForeignKey):
            value = self._key(column, value, shared=shared)
            if value is None and not column.null:
                raise ValidationError("names nothing in this file")
        elif isinstance(column, FileField):
            value = self._file(row, column, value)
        elif isinstance(column, CharField) and column.name.endswith("_by"):
            value = f"user:{self._user.pk}" if value == references.YOU else IMPORTED
        else:
            value = _checked(column, value, row)
        setattr(row, column.attname, value)

    def _key(self, column: ForeignKey[Any, Any], value: Any, *, shared: Mapping[Any, Any]) -> Any:
        label = column.related_model._meta.label
        if label == "learners.Learner":
            return self._learner.pk
        if label == holdings.ACCOUNT:
            return self._user.pk if not column.null or value == references.YOU else None
        if column in shared:
            return shared[column].get(str(value))
        # What is not taken in, or stood in no table of the file, is forgotten.
        return self._keys.get(label, {}).get(str(value))

    def _file(self, row: Model, column: FileField, name: Any) -> str:
        """Store the file anew, under a name of this installation."""
        if not name:
            return ""
        if name not in self._files:
            raise ValidationError("is not in this file")
        file = getattr(row, column.name)
        file.save(PurePosixPath(name).name, ContentFile(self._files[name]), save=False)
        self._stored.append(file)
        return str(file.name)

    def remove_files(self) -> None:
        """Delete the files that were stored: their rows will not be."""
        for file in self._stored:
            file.storage.delete(file.name)

    def _found_here(self, column: ForeignKey[Any, Any], rows: list[dict[str, Any]]) -> dict[Any, Any]:
        model = column.related_model
        name = references.NATURAL[model._meta.label]
        wanted = {str(row[column.name]) for row in rows if row.get(column.name) is not None}
        found = dict(model._base_manager.filter(**{f"{name}__in": wanted}).values_list(name, "pk"))
        unknown = sorted(wanted - found.keys())
        if unknown:
            raise UnknownHereError(
                _("This installation does not know %(kind)s: %(names)s. Load the same data first.")
                % {"kind": model._meta.verbose_name, "names": ", ".join(unknown[:_MOST_NAMED])},
                unknown=unknown,
            )
        return found


def _columns(model: type[Model]) -> list[Any]:
    """Files last: where they are stored may depend on the rest."""
    return sorted(model._meta.concrete_fields, key=lambda column: isinstance(column, FileField))


def _shared(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    columns = [one for one in model._meta.concrete_fields if isinstance(one, ForeignKey)]
    return [one for one in columns if one.related_model._meta.label in references.NATURAL]


def _checked(column: Any, value: Any, row: Model) -> Any:
    """The value in the column's type. Raises ValidationError."""
    value = column.to_python(value)
    if value is None:
        if not column.null:
            raise ValidationError("may not be empty")
    elif isinstance(value, datetime) and timezone.is_naive(value):
        raise ValidationError("has no time zone")
    elif value not in column.empty_values:
        value = column.clean(value, row)
    return value


class _Place:
    """Says where in the file a value stands that cannot be taken in."""

    def __init__(self, label: str, number: int, column: str) -> None:
        self._at = {"table": label, "number": number, "column": column}

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, (ValidationError, TypeError, ValueError, OverflowError)):
            raise UnreadableError(
                _("Row %(number)d of %(table)s cannot be read: its column %(column)s. Nothing was taken in.")
                % self._at
            ) from None
