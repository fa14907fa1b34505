"""Bad input: a clear message, the right status, and nothing written."""

from __future__ import annotations

import io
import zipfile

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundwork.learners.models import Evidence, Learner
from groundwork.plans.models import Plan
from tests.interfaces.web.conftest import CV
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH, rows_about_people

pytestmark = pytest.mark.django_db


def empty_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=200, height=200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zip_without_document() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "not a document")
    return out.getvalue()


FILES = [
    ("cv.txt", b"", "The file is empty.", "文件是空的。"),
    ("cv.txt", b"a" * (6 * 1024 * 1024), "The file is larger than 5 MB.", "文件超过 5 MB。"),
    ("cv.pdf", empty_pdf(), "This PDF holds no text", "此 PDF 只有图片，没有文字。"),
    ("cv.docx", b"\x00\x01\x02\xff" * 500, "is not a Word document", "但不是 Word 文档"),
    ("cv.docx", zip_without_document(), "is not a Word document", "但不是 Word 文档"),
    ("cv.exe", b"MZ\x90\x00" * 100, "We read text, PDF and DOCX files", "我们支持文本、PDF 和 DOCX 文件"),
    ("cv.zip", zip_without_document(), "tables of a LinkedIn export", "领英"),
    ("cv.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "which we never follow", "我们从不解析"),
    ("cv.json", b'{"basics": ', "This JSON file is damaged", "此 JSON 文件已损坏"),
    ("cv.json", b'{"a": 1}', "neither JSON Resume nor Europass", "既不是 JSON Resume"),
]


@pytest.mark.parametrize(("name", "data", "english", "chinese"), FILES, ids=lambda value: str(value)[:20])
def test_a_file_that_is_no_cv_is_refused(visitor: Client, name: str, data: bytes, english: str, chinese: str):
    before = rows_about_people()
    for headers, message in ((ENGLISH, english), (CHINESE, chinese)):
        upload = SimpleUploadedFile(name, data)
        answer = visitor.post("/cv/", {"file": upload, "text": "typed by hand"}, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert message in page
        assert name in page
        assert "typed by hand" in page, "what was typed is still there"
    assert "found" not in visitor.session
    assert rows_about_people() == before


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_an_empty_cv_is_refused(visitor: Client, text: str):
    answer = visitor.post("/cv/", {"text": text})
    assert answer.status_code == 422
    assert "There is nothing to read yet" in answer.content.decode()
    assert "found" not in visitor.session


def test_a_cv_without_any_known_skill_offers_other_ways(visitor: Client):
    page = visitor.post("/cv/", {"text": "Lorem ipsum dolor sit amet."}, follow=True)
    assert "We read the text but found no skill of our vocabulary in it." in page.content.decode()
    assert "Nothing is here yet." in page.content.decode()


@pytest.mark.parametrize("address", ["/roles/no-such-role/", "/roles/no-such-role/path/", "/nowhere/"])
def test_an_unknown_role_is_a_page_with_a_way_back(confirmed: Client, address: str):
    answer = confirmed.get(address)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert 'href="/roles/"' in answer.content.decode()
    assert "这里没有内容" in confirmed.get(address, headers=CHINESE).content.decode()


@pytest.mark.parametrize("hours", ["-3", "0", "61", "abc"])
def test_hours_out_of_range_are_refused_beside_the_field(confirmed: Client, hours: str):
    answer = confirmed.get(f"/roles/kernel-engineer/path/?hours={hours}")
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"hours"}
    assert 'id="id_hours_error"><li>Choose a whole number of hours from 1 to 60.' in answer.content.decode()
    assert "path" not in answer.context


def test_a_negative_price_limit_is_refused(confirmed: Client):
    answer = confirmed.get("/roles/kernel-engineer/path/?max_price=-1")
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"max_price"}


def test_negative_hours_change_nothing_in_an_account(ada: Client):
    page = ada.post("/me/hours/", {"hours": "-3"}, follow=True)
    assert "Hours per week must be a whole number from 1 to 60. Nothing was changed." in page.content.decode()
    assert set(Learner.objects.values_list("hours_per_week", flat=True)) == {8}
    ada.post("/roles/kernel-engineer/keep/?hours=-3")
    assert not Plan.objects.exists()


def test_a_refused_file_writes_no_evidence_for_a_learner(ada: Client):
    answer = ada.post("/cv/", {"file": SimpleUploadedFile("cv.docx", b"\x00\xff" * 500)})
    assert answer.status_code == 422
    assert not Evidence.objects.exists()


def test_a_confirmation_without_a_tick_is_refused(visitor: Client):
    visitor.post("/cv/", {"text": CV})
    page = visitor.post("/skills/save/", {}, follow=True)
    assert "Tick at least one skill" in page.content.decode()
    assert "levels" not in visitor.session
