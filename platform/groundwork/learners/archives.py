"""Packed files: what parts they have, and how much of them may be unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

from groundwork.learners.refusals import (
    MAX_PARTS,
    MAX_UNPACKED_BYTES,
    ArchiveEncryptedError,
    ArchiveUnreadableError,
    UnpacksTooLargeError,
)

SIGNATURE = b"PK\x03\x04"
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    AttributeError,
)
"""What zipfile lets escape on a damaged file."""

_ENCRYPTED = 0x1


def names(data: bytes) -> frozenset[str]:
    """The names of all parts; none for what is no archive. Raises UnpacksTooLargeError for too many parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except FAULTS:
        return frozenset()
    if len(parts) > MAX_PARTS:
        raise UnpacksTooLargeError
    return frozenset(part.filename for part in parts)


def check_size(data: bytes) -> None:
    """Raise UnpacksTooLargeError where the parts would unfold to too much.

    The sizes are the file's own words, but unpacking stops at them.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise UnpacksTooLargeError


def unpacked(data: bytes, *, wanted: Callable[[str], bool]) -> dict[str, bytes]:
    """The parts whose names are `wanted`, by name; nothing else is unpacked.

    Raises ArchiveEncryptedError, ArchiveUnreadableError, UnpacksTooLargeError.
    """
    found: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                if not wanted(part.filename):
                    continue
                if part.flag_bits & _ENCRYPTED:
                    raise ArchiveEncryptedError
                with archive.open(part) as stream:
                    found[part.filename] = stream.read(left + 1)
                left -= len(found[part.filename])
                if left < 0:
                    raise UnpacksTooLargeError
    except FAULTS as fault:
        raise ArchiveUnreadableError from fault
    return found
