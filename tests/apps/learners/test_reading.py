"""Uploaded CVs: what is read, and what is refused with which code."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

import docx
import pypdf
import pytest
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwork.learners import reading, refusals

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def make_pdf(*pages: str) -> bytes:
    """A PDF of one line of text a page, written by hand."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for text in pages:
        stream = b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % text.encode() if text else b""
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _numbered(objects)


def make_pdf_of(stream: bytes, entries: bytes) -> bytes:
    """A PDF of one page whose content is `stream`, with further dictionary entries."""
    return _numbered(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(stream), stream),
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R "
                b"/Resources << /Font << /F1 5 0 R >> >> >>"
            ),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )


def _numbered(objects: list[bytes]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table)
    return bytes(out)


def encrypted(pdf: bytes, *, user_password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
    writer.encrypt(user_password=user_password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def make_docx(*paragraphs: str, cells: Sequence[str] = ()) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if cells:
        table = document.add_table(rows=1, cols=len(cells))
        for cell, text in zip(table.rows[0].cells, cells, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def make_zip(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def outcome(name: str, data: bytes) -> str:
    """The text, or the code of the refusal."""
    try:
        return reading.read_document(name, data)
    except reading.DocumentError as refusal:
        return refusal.code


def test_plain_text_is_read_with_one_kind_of_line_end():
    assert reading.read_document("cv.txt", b"Ada\r\nPython\rC++\n") == "Ada\nPython\nC++"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_text_is_read_in_its_usual_encodings(encoding):
    text = "陈伟，Java后端开发工程师\n熟悉Python和机器学习，五年经验"
    assert reading.read_document("简历.txt", text.encode(encoding)) == text


def test_a_western_text_from_an_old_computer_keeps_its_accents():
    text = "Résumé of Jörg Müller, Zürich, né à Genève"
    assert reading.read_document("cv.txt", text.encode("cp1252")) == text


def test_a_pdf_is_read_page_by_page():
    text = reading.read_document("cv.pdf", make_pdf("Python and C++", "Kubernetes"))
    assert text.splitlines() == ["Python and C++", "Kubernetes"]


def test_the_content_decides_not_the_name():
    assert reading.read_document("cv.txt", make_pdf("Python and C++")) == "Python and C++"
    assert reading.read_document("cv", make_docx("Python")) == "Python"


def test_a_pdf_locked_only_against_changes_is_read():
    locked = encrypted(make_pdf("Python and C++"), user_password="")
    assert reading.read_document("cv.pdf", locked) == "Python and C++"


def test_a_docx_is_read_with_its_tables():
    text = reading.read_document("cv.docx", make_docx("Ada", "精通Python", cells=["Java", "C++"]))
    assert text.splitlines() == ["Ada", "精通Python", "Java", "C++"]


def test_a_text_box_of_a_docx_is_read_once():
    box = (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        "<mc:Choice><w:txbxContent><w:p><w:r><w:t>Kubernetes</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>Kubernetes</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    document = docx.Document()
    document.add_paragraph("Ada")._p.append(parse_xml(box))
    out = io.BytesIO()
    document.save(out)
    assert reading.read_document("cv.docx", out.getvalue()).count("Kubernetes") == 1


def bomb() -> bytes:
    return make_zip({"word/document.xml": b"0" * (refusals.MAX_UNPACKED_BYTES + 1)})


REFUSALS = {
    "an empty file": ("cv.txt", b"", "empty"),
    "a file of blanks": ("cv.txt", b" \n\t ", "empty"),
    "a docx without text": ("cv.docx", make_docx(), "empty"),
    "six megabytes": ("cv.txt", b"a" * 6 * 1024 * 1024, "too-large"),
    "a pdf of pictures": ("cv.pdf", make_pdf("", ""), "pdf-without-text"),
    "a pdf with a password": ("cv.pdf", encrypted(make_pdf("Ada"), user_password="secret"), "pdf-encrypted"),
    "a damaged pdf": ("cv.pdf", b"%PDF-1.7 and then nothing of use", "pdf-unreadable"),
    "a book": ("cv.pdf", make_pdf(*["page"] * (refusals.MAX_PAGES + 1)), "too-many-pages"),
    "a binary named .docx": ("cv.docx", bytes(range(256)) * 20, "not-a-docx"),
    "a picture named .docx": ("cv.docx", PNG, "not-a-docx"),
    "a zip named .docx": ("cv.docx", make_zip({"readme": "hello"}), "not-a-docx"),
    "half a docx": ("cv.docx", make_docx("Ada" * 50)[:800], "not-a-docx"),
    "a docx with broken xml": ("cv.docx", make_zip({"word/document.xml": "<w:body"}), "not-a-docx"),
    "a picture": ("cv.png", PNG, "unknown-type"),
    "a picture named .txt": ("cv.txt", PNG, "unknown-type"),
    "a rich text file": ("cv.rtf", b"{\\rtf1 Ada}", "unknown-type"),
    "an old Word file": ("cv.doc", b"\xd0\xcf\x11\xe0" + bytes(64), "unknown-type"),
    "a text named .pdf": ("cv.pdf", b"just text", "unknown-type"),
    "a binary named .txt": ("cv.txt", struct.pack("<64I", *range(64)), "undecodable"),
    "bytes of no encoding": ("cv.txt", b"\xff\xff\xff\x80\x80" * 40, "undecodable"),
    "a very long text": ("cv.txt", b"word " * 100_000, "too-long"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_has_a_stable_code_and_a_clear_sentence(case):
    name, data, code = REFUSALS[case]
    with pytest.raises(reading.DocumentError) as refusal:
        reading.read_document(name, data)
    assert refusal.value.code == code
    assert str(refusal.value).endswith(".")


def test_a_small_file_that_unfolds_to_a_huge_one_is_not_unfolded():
    packed = bomb()
    assert len(packed) < reading.MAX_BYTES
    with pytest.raises(refusals.UnpacksTooLargeError):
        reading.read_document("cv.docx", packed)


def test_a_pdf_that_unfolds_or_draws_without_end_is_given_up():
    blanks = b" " * (refusals.MAX_UNPACKED_BYTES + 1)
    assert (
        outcome("cv.pdf", make_pdf_of(zlib.compress(blanks), b"/Filter /FlateDecode")) == "unpacks-too-large"
    )
    endless = b"q Q\n" * (refusals.MAX_PDF_OPERATIONS // 2 + 1)
    assert (
        outcome("cv.pdf", make_pdf_of(zlib.compress(endless), b"/Filter /FlateDecode")) == "unpacks-too-large"
    )


def test_a_docx_cannot_pull_in_files_of_the_server(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("TOP-SECRET")
    entity = f'<!DOCTYPE d [<!ENTITY e SYSTEM "file://{secret}">]>'
    original = zipfile.ZipFile(io.BytesIO(make_docx("Ada MARK")))
    parts = {name: original.read(name) for name in original.namelist()}
    xml = parts["word/document.xml"].decode().replace("MARK", "&e;")
    start = xml.index("<w:document")
    parts["word/document.xml"] = (xml[:start] + entity + xml[start:]).encode()
    assert "TOP-SECRET" not in outcome("cv.docx", make_zip(parts))


@settings(max_examples=100, deadline=None)
@given(
    name=st.sampled_from(["cv.txt", "cv.pdf", "cv.docx", "cv", "cv.png"]),
    start=st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04"]),
    data=st.binary(max_size=400),
)
def test_any_bytes_are_read_or_refused_never_crash(name, start, data):
    assert outcome(name, start + data)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_document_is_read_or_refused_never_crashes(data):
    name, whole = data.draw(
        st.sampled_from(
            [("cv.pdf", make_pdf("Python and C++")), ("cv.docx", make_docx("Python", cells=["C"]))]
        )
    )
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    assert outcome(name, bytes(damaged))


def test_what_cannot_be_read_leaves_a_trace_in_the_log(caplog):
    with pytest.raises(refusals.PdfUnreadableError):
        reading.read_document("cv.pdf", b"%PDF-1.4\nnothing else")
    (entry,) = [one for one in caplog.records if one.name.startswith("groundwork.learners")]
    assert entry.levelname == "WARNING"
    assert entry.exc_info
