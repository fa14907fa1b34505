"""The text of a Word document."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from groundwork.learners import archives
from groundwork.learners.refusals import NotADocxError

if TYPE_CHECKING:
    from docx.oxml.document import CT_Body

logger = logging.getLogger(__name__)

MAIN_PART = "word/document.xml"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def text_of(data: bytes) -> str:
    """All text in reading order. Raises NotADocxError for a damaged file, UnpacksTooLargeError for a bomb."""
    # Takes a tenth of a second to import, with the XML library below it.
    import docx
    from docx.opc.exceptions import OpcError

    archives.check_size(data)
    try:
        return "".join(_words(docx.Document(io.BytesIO(data)).element.body))
    # lxml's errors of syntax are SyntaxErrors.
    except (OpcError, SyntaxError, *archives.FAULTS) as fault:
        logger.warning("a DOCX could not be read: %s", type(fault).__name__, exc_info=fault)
        raise NotADocxError from fault


def _words(body: CT_Body) -> Iterator[str]:
    """All text, tables and text boxes included, which CV templates like to use."""
    from docx.oxml.ns import qn

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
