"""An exported file, opened and looked at before anything is written."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from groundwork.privacy import exporting, holdings, signing
from groundwork.privacy.refusals import UnreadableError, UnsignedError

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 150 * 1024 * 1024

_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What a file holds: the rows by table, catalogues (packed) by digest, uploaded files by their names."""

    address: str
    tables: Mapping[str, list[dict[str, Any]]]
    catalogues: Mapping[str, bytes]
    files: Mapping[str, bytes]


def read(data: bytes, *, signed: bool) -> Exported:
    """The export in `data`. Raises UnreadableError; with `signed` also UnsignedError where nobody vouches."""
    if len(data) > MAX_BYTES:
        raise UnreadableError(_("The file is larger than 50 MB. That is no export of ours."))
    parts = _unpacked(data)
    body = parts.get(exporting.PERSON)
    if body is None:
        raise UnreadableError(_("There is no person.json in this file. Choose the ZIP you downloaded here."))
    if signed and not signing.is_ours(body, parts.get(exporting.SIGNATURE, b"").decode("ascii", "replace")):
        raise UnsignedError(
            _(
                "This file was changed, or was made by another installation, so its records prove nothing. "
                "The operator can take it in for you."
            )
        )
    document = _parsed(body)
    packed = _below(exporting.CATALOGUES, parts)
    return Exported(
        address=document["address"],
        tables=document["tables"],
        catalogues={name.partition(".")[0]: content for name, content in packed.items()},
        files=_below(exporting.FILES, parts),
    )


def _below(folder: str, parts: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name.removeprefix(folder): one for name, one in parts.items() if name.startswith(folder)}


def _unpacked(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if sum(one.file_size for one in infos) > MAX_UNPACKED:
                raise UnreadableError(_("This file unpacks to far more than any export of ours."))
            return {one.filename: archive.read(one) for one in infos}
    except _FAULTS:
        raise UnreadableError(
            _("This file cannot be opened. Choose the ZIP you downloaded here, unchanged.")
        ) from None


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableError(_("person.json is damaged: it is no JSON.")) from None
    if b"\\u0000" in body:
        # No database keeps it.
        raise UnreadableError(_("person.json is damaged: it holds characters that no text has."))
    if not isinstance(document, dict) or document.get("format") != exporting.FORMAT:
        raise UnreadableError(
            _("This is no export of a person in the format %(format)s.") % {"format": exporting.FORMAT}
        )
    tables = document.get("tables")
    if not isinstance(document.get("address"), str) or not _are_tables(tables):
        raise UnreadableError(_("person.json is damaged: address or tables are not what they should be."))
    return document


def _are_tables(tables: Any) -> bool:
    return (
        isinstance(tables, dict)
        and all(isinstance(rows, list) for rows in tables.values())
        and all(isinstance(row, dict) for rows in tables.values() for row in rows)
        and len(tables.get(holdings.ACCOUNT, [])) == 1
        and len(tables.get("learners.Learner", [])) <= 1
    )
