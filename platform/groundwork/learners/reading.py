"""An uploaded CV -> its text: plain text, PDF or DOCX, told apart by their content and never trusted."""

from __future__ import annotations

import io
import logging
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import ClassVar

import docx
import docx.opc.exceptions
import pypdf
import pypdf.errors
from docx.oxml.document import CT_Body
from docx.oxml.ns import qn

logger = logging.getLogger(__name__)

MAX_BYTES = 5 * 1024 * 1024
"""Largest file that is read: 5 MB."""
MAX_UNPACKED_BYTES = 20 * 1024 * 1024
"""Largest content a packed file may unfold to."""
MAX_PDF_OPERATIONS = 500_000
"""Largest number of drawing operations that are followed in search of text."""
MAX_PARTS = 2_000
MAX_PAGES = 100
MAX_CHARACTERS = 200_000

_FEWEST_LETTERS = 10
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FOREIGN = (
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
)
_TEXT_ENDINGS = frozenset({"", ".txt", ".text", ".md", ".markdown", ".rst", ".csv", ".log"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")

# What pypdf lets escape on a damaged file, beside its own errors.
_PDF_FAULTS = (
    pypdf.errors.PyPdfError,
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
_DOCX_FAULTS = (
    docx.opc.exceptions.OpcError,
    SyntaxError,  # lxml's errors of syntax are ones of these
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    AttributeError,
)


class DocumentError(Exception):
    """A file cannot be read as a CV. `code` is stable; the sentence is for logs and commands."""

    code: ClassVar[str] = "unreadable"
    sentence: ClassVar[str] = "The file cannot be read."

    def __init__(self) -> None:
        super().__init__(self.sentence)


class EmptyError(DocumentError):
    code = "empty"
    sentence = "The file is empty."


class TooLargeError(DocumentError):
    code = "too-large"
    sentence = f"The file is larger than {MAX_BYTES // (1024 * 1024)} MB."


class UnpacksTooLargeError(DocumentError):
    code = "unpacks-too-large"
    sentence = "The content of the file is too large once it is unpacked."


class TooManyPagesError(DocumentError):
    code = "too-many-pages"
    sentence = f"The document has more than {MAX_PAGES} pages."


class TooLongError(DocumentError):
    code = "too-long"
    sentence = f"The document holds more than {MAX_CHARACTERS:,} characters of text."


class PdfWithoutTextError(DocumentError):
    code = "pdf-without-text"
    sentence = "The PDF holds no text; it may be a scan."


class PdfEncryptedError(DocumentError):
    code = "pdf-encrypted"
    sentence = "The PDF is protected by a password."


class PdfUnreadableError(DocumentError):
    code = "pdf-unreadable"
    sentence = "The PDF is damaged and cannot be read."


class NotADocxError(DocumentError):
    code = "not-a-docx"
    sentence = "The file is named .docx but is not a Word document."


class UnknownTypeError(DocumentError):
    code = "unknown-type"
    sentence = "The file is neither plain text nor PDF nor DOCX."


class UndecodableError(DocumentError):
    code = "undecodable"
    sentence = "The characters of the file can be read neither as UTF-8 nor as GB 18030."


def read_document(name: str, data: bytes) -> str:
    """The text of an uploaded file called `name`; lines end in a line feed.

    The content decides the type; the name only says what was promised. Raises a DocumentError whose `code`
    tells what is wrong.
    """
    if len(data) > MAX_BYTES:
        raise TooLargeError
    if not data.strip():
        raise EmptyError
    text = _tidy(_reader_of(PurePath(name).suffix.lower(), data)(data))
    if len(text) > MAX_CHARACTERS:
        raise TooLongError
    if not text:
        raise EmptyError
    return text


def _reader_of(ending: str, data: bytes) -> Callable[[bytes], str]:
    if b"%PDF-" in data[:1024]:
        return _read_pdf
    if data.startswith(b"PK\x03\x04") and _holds_word_document(data):
        return _read_docx
    if ending == ".docx":
        raise NotADocxError
    if data.startswith((b"PK\x03\x04", *_FOREIGN)) or ending not in _TEXT_ENDINGS:
        raise UnknownTypeError
    return _read_text


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return _BLANK_LINES.sub("\n\n", _CONTROL.sub(" ", text)).strip()


def _read_pdf(data: bytes) -> str:
    try:
        text = "\n".join(_pages(pypdf.PdfReader(io.BytesIO(data), strict=False)))
    except (
        pypdf.errors.DependencyError,
        pypdf.errors.WrongPasswordError,
        pypdf.errors.FileNotDecryptedError,
    ):
        raise PdfEncryptedError from None
    except pypdf.errors.LimitReachedError:
        raise UnpacksTooLargeError from None
    except _PDF_FAULTS as fault:
        _log(fault, "PDF")
        raise PdfUnreadableError from fault
    if sum(map(str.isalnum, text)) < _FEWEST_LETTERS:
        raise PdfWithoutTextError
    return text


def _log(fault: Exception, kind: str) -> None:
    """The faults are caught widely, so one of our own must not pass for a damaged file unseen."""
    logger.warning("a %s could not be read: %s", kind, type(fault).__name__, exc_info=fault)


def _pages(reader: pypdf.PdfReader) -> Iterator[str]:
    # Many PDFs are only locked against changes and open with an empty password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise PdfEncryptedError
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


def _holds_word_document(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except _DOCX_FAULTS:
        return False
    # The sizes are the file's own words, but unpacking stops at them.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise UnpacksTooLargeError
    return "word/document.xml" in {part.filename for part in parts}


def _read_docx(data: bytes) -> str:
    try:
        body = docx.Document(io.BytesIO(data)).element.body
        return "".join(_words(body))
    except _DOCX_FAULTS as fault:
        _log(fault, "DOCX")
        raise NotADocxError from fault


def _words(body: CT_Body) -> Iterator[str]:
    """All text in reading order, tables and text boxes included, which CV templates like to use."""
    for twin in list(body.iter(_FALLBACK)):
        # A text box is stored twice, the second time for old programs.
        parent = twin.getparent()
        if parent is not None:
            parent.remove(twin)
    marks = {
        qn("w:p"): "\n",
        qn("w:br"): "\n",
        qn("w:cr"): "\n",
        qn("w:tab"): "\t",
        qn("w:noBreakHyphen"): "-",
    }
    for element in body.iter():
        if element.tag == qn("w:t"):
            yield element.text or ""
        elif element.tag in marks and element.getparent().tag != qn("w:tabs"):
            yield marks[element.tag]


def _read_text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(data, "utf-16")
    if b"\x00" in data:
        raise UndecodableError
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252" if _looks_western(data) else "gb18030")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise UndecodableError from None
    private = sum("\ue000" <= character <= "\uf8ff" or character == "\ufffd" for character in text)
    if len(_CONTROL.findall(text)) + private > len(text) // 50:
        raise UndecodableError
    return text


def _looks_western(data: bytes) -> bool:
    """Whether bytes above ASCII mostly stand alone between letters, as accents do; Chinese comes in pairs."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data)]
    alone = sum(length == 1 for length in runs)
    accents = re.findall(rb"(?<=[A-Za-z])[\xc0-\xff](?=[a-z\s,.;)]|$)", data)
    return alone * 2 > len(runs) and len(accents) * 2 > len(runs)
