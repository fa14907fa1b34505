"""What may be uploaded as a CV at most, and the refusals of what cannot be read as one."""

from __future__ import annotations

from typing import ClassVar

MAX_BYTES = 5 * 1024 * 1024
"""Largest file that is read: 5 MB."""
MAX_FILES = 10
"""Files of one upload, such as the tables of a LinkedIn export; together no larger than one file."""
MAX_UNPACKED_BYTES = 20 * 1024 * 1024
"""Largest content a packed file may unfold to."""
MAX_PDF_OPERATIONS = 500_000
"""Largest number of drawing operations that are followed in search of text."""
MAX_PARTS = 2_000
"""Parts of a packed file."""
MAX_PAGES = 100
MAX_CHARACTERS = 200_000
MAX_ELEMENTS = 50_000
"""Elements of an XML file."""
MAX_VALUES = 100_000
"""Values in the lists and objects of a JSON file."""
MAX_DEPTH = 60
"""How deeply the elements of an XML file, or the values of a JSON file, may stand in one another."""


class DocumentError(Exception):
    """A file cannot be read as a CV. `code` is stable; the sentence is for logs and commands.

    `file` is its name, where it was one of several.
    """

    code: ClassVar[str] = "unreadable"
    sentence: ClassVar[str] = "The file cannot be read."

    def __init__(self) -> None:
        super().__init__(self.sentence)
        self.file = ""


class EmptyError(DocumentError):
    code = "empty"
    sentence = "The file is empty."


class TooLargeError(DocumentError):
    code = "too-large"
    sentence = f"The file is larger than {MAX_BYTES // (1024 * 1024)} MB."


class TooManyFilesError(DocumentError):
    code = "too-many-files"
    sentence = f"There are more than {MAX_FILES} files."


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


class ArchiveWithoutCvError(DocumentError):
    code = "archive-without-cv"
    sentence = "The archive holds neither a Word document nor the tables of a LinkedIn export."


class ArchiveEncryptedError(DocumentError):
    code = "archive-encrypted"
    sentence = "The archive is protected by a password."


class ArchiveUnreadableError(DocumentError):
    code = "archive-unreadable"
    sentence = "The archive is damaged and cannot be read."


class XmlUnreadableError(DocumentError):
    code = "xml-unreadable"
    sentence = "The XML is damaged, or larger or deeper than any CV."


class XmlUnsafeError(DocumentError):
    code = "xml-unsafe"
    sentence = "The XML declares a document type or entities of its own, which are never followed."


class JsonUnreadableError(DocumentError):
    code = "json-unreadable"
    sentence = "The JSON is damaged, or larger or deeper than any CV."


class UnknownExportError(DocumentError):
    code = "unknown-export"
    sentence = "The file is neither JSON Resume nor Europass."


class ExportWithoutContentError(DocumentError):
    code = "export-without-content"
    sentence = "The export names no positions, education, certificates or skills."


class UnknownTypeError(DocumentError):
    code = "unknown-type"
    sentence = "The file is no text, PDF, DOCX, LinkedIn export, Europass or JSON Resume."


class UndecodableError(DocumentError):
    code = "undecodable"
    sentence = "The characters of the file can be read neither as UTF-8 nor as GB 18030."
