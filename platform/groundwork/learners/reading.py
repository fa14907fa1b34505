"""An uploaded CV -> its text, told apart by content and never trusted.

Plain text, PDF and DOCX are read as they are; an export of LinkedIn, Europass or JSON Resume is written out
as the CV it stands for, so that everything after this reads one kind of text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from groundwork.learners import archives, pdfs, word_documents
from groundwork.learners.refusals import (
    MAX_BYTES,
    MAX_CHARACTERS,
    MAX_FILES,
    ArchiveWithoutCvError,
    DocumentError,
    EmptyError,
    NotADocxError,
    TooLargeError,
    TooLongError,
    TooManyFilesError,
    UndecodableError,
    UnknownExportError,
    UnknownTypeError,
)
from groundwork.learners.resumes import linkedin_pdf, recognising, rendering
from groundwork.learners.resumes.values import Resume

__all__ = ["MAX_BYTES", "MAX_FILES", "DocumentError", "read_document", "read_documents"]

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
_TEXT_ENDINGS = frozenset({"", ".txt", ".text", ".md", ".markdown", ".rst", ".csv", ".log", ".json", ".xml"})
_EXPORT_ENDINGS = frozenset({".json", ".xml"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")


def read_documents(files: Sequence[tuple[str, bytes]]) -> str:
    """The text of several uploaded files (name, content) together, one after the other.

    Raises as `read_document` does, TooManyFilesError, and TooLargeError when they are too large together.
    """
    if len(files) > MAX_FILES:
        raise TooManyFilesError
    if sum(len(data) for _name, data in files) > MAX_BYTES:
        raise TooLargeError
    text = "\n\n".join(_named(name, data) for name, data in files)
    if len(text) > MAX_CHARACTERS:
        raise TooLongError
    return text


def _named(name: str, data: bytes) -> str:
    try:
        return read_document(name, data)
    except DocumentError as refusal:
        refusal.file = name
        raise


def read_document(name: str, data: bytes) -> str:
    """The text of an uploaded file called `name`; lines end in a line feed.

    The content decides the type; the name only says what was promised. Raises a DocumentError whose `code`
    tells what is wrong.
    """
    if len(data) > MAX_BYTES:
        raise TooLargeError
    if not data.strip():
        raise EmptyError
    text = _tidy(_text_of(name, data))
    if len(text) > MAX_CHARACTERS:
        raise TooLongError
    if not text:
        raise EmptyError
    return text


def _text_of(name: str, data: bytes) -> str:
    ending = PurePath(name).suffix.lower()
    if b"%PDF-" in data[:1024]:
        return _of_pdf(data)
    if data.startswith(archives.SIGNATURE):
        return _of_archive(ending, data)
    if ending == ".docx":
        raise NotADocxError
    if data.startswith(_FOREIGN) or ending not in _TEXT_ENDINGS:
        raise UnknownTypeError
    return _of_text(name, ending, data)


def _of_pdf(data: bytes) -> str:
    """The CV that is attached to the PDF, as Europass does, or else the text on its pages."""
    for attached in pdfs.attached_xml(data):
        try:
            found = recognising.of_xml(attached)
        except DocumentError:
            continue
        if found is not None:
            return rendering.text_of(found)
    return linkedin_pdf.apart(pdfs.text_of(data))


def _of_archive(ending: str, data: bytes) -> str:
    parts = archives.names(data)
    if word_documents.MAIN_PART in parts:
        return word_documents.text_of(data)
    if ending == ".docx":
        raise NotADocxError
    found = recognising.of_archive(data) if parts else None
    if found is None:
        raise ArchiveWithoutCvError if parts else UnknownTypeError
    return rendering.text_of(found)


def _of_text(name: str, ending: str, data: bytes) -> str:
    found: Resume | None = None
    if recognising.looks_like_xml(data):
        found = recognising.of_xml(data, strict=ending == ".xml")
    text = "" if found else _read_text(data)
    if found is None and (ending == ".json" or text.lstrip("\ufeff \t\r\n").startswith("{")):
        found = recognising.of_json(text, strict=ending == ".json")
    if found is None:
        found = recognising.of_table(name, text)
    if found is not None:
        return rendering.text_of(found)
    if ending in _EXPORT_ENDINGS:
        raise UnknownExportError
    return text


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n")
    return _BLANK_LINES.sub("\n\n", _CONTROL.sub(" ", text)).strip()


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
