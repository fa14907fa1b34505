"""The text of a PDF, and the XML files that are attached to it."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from groundwork.learners.refusals import (
    MAX_CHARACTERS,
    MAX_PAGES,
    MAX_PDF_OPERATIONS,
    MAX_UNPACKED_BYTES,
    PdfEncryptedError,
    PdfUnreadableError,
    PdfWithoutTextError,
    TooLongError,
    TooManyPagesError,
    UnpacksTooLargeError,
)

if TYPE_CHECKING:
    from pypdf import PdfReader

logger = logging.getLogger(__name__)

T = TypeVar("T")

MAX_ATTACHMENTS = 8
_FEWEST_LETTERS = 10
# One of them stands in every PDF with attachments, the second where the rest of it is compressed.
_MARKS_OF_ATTACHMENTS = (b"/EmbeddedFile", b"/ObjStm")

# What pypdf lets escape on a damaged file, beside its own errors.
_FAULTS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    NotImplementedError,
    struct.error,
    zlib.error,
)


def text_of(data: bytes) -> str:
    """The text, page by page. Raises a DocumentError for one that is locked, damaged, a scan or too large."""
    try:
        text = "\n".join(_read(data, _pages))
    except PdfUnreadableError as fault:
        # The faults are caught widely, so one of our own must not pass for a damaged file unseen.
        logger.warning("a PDF could not be read: %s", type(fault.__cause__).__name__, exc_info=fault)
        raise
    if sum(map(str.isalnum, text)) < _FEWEST_LETTERS:
        raise PdfWithoutTextError
    return text


def attached_xml(data: bytes) -> list[bytes]:
    """The XML files attached to a PDF, as Europass attaches the CV; none where they cannot be had."""
    if not any(mark in data for mark in _MARKS_OF_ATTACHMENTS):
        return []
    try:
        return _read(data, _attachments)
    except (PdfUnreadableError, PdfEncryptedError, UnpacksTooLargeError):
        return []


def _read(data: bytes, ask: Callable[[PdfReader], Iterator[T]]) -> list[T]:
    # Takes a tenth of a second to import, and few processes ever read a PDF.
    import pypdf
    from pypdf import errors

    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        # Many PDFs are only locked against changes and open with an empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise PdfEncryptedError
        return list(ask(reader))
    except (errors.DependencyError, errors.WrongPasswordError, errors.FileNotDecryptedError):
        raise PdfEncryptedError from None
    except errors.LimitReachedError:
        raise UnpacksTooLargeError from None
    except (errors.PyPdfError, *_FAULTS) as fault:
        raise PdfUnreadableError from fault


def _pages(reader: PdfReader) -> Iterator[str]:
    if len(reader.pages) > MAX_PAGES:
        raise TooManyPagesError
    budget = _Budget()
    characters = 0
    for page in reader.pages:
        contents = page.get_contents()
        budget.spend_bytes(len(contents.get_data()) if contents is not None else 0)
        text = page.extract_text(visitor_operand_before=budget.spend_operation)
        characters += len(text)
        if characters > MAX_CHARACTERS:
            raise TooLongError
        yield text


def _attachments(reader: PdfReader) -> Iterator[bytes]:
    left = MAX_UNPACKED_BYTES
    for number, attached in enumerate(reader.attachment_list):
        if number >= MAX_ATTACHMENTS:
            return
        content = attached.content
        left -= len(content)
        if left < 0:
            return
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            yield content


class _Budget:
    """What reading one PDF may cost; a small file can ask for hours of drawing."""

    def __init__(self) -> None:
        self._bytes = MAX_UNPACKED_BYTES
        self._operations = MAX_PDF_OPERATIONS

    def spend_bytes(self, number: int) -> None:
        self._bytes -= number
        if self._bytes < 0:
            raise UnpacksTooLargeError

    def spend_operation(self, operator: bytes, *_: object) -> None:
        # Drawing a form means reading all of it again.
        self._operations -= 1_000 if operator == b"Do" else 1
        if self._operations < 0:
            raise UnpacksTooLargeError
