"""The way in: exported CVs, skills to confirm in groups, coming back to a half-filled form."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

pytestmark = pytest.mark.django_db

POSITIONS = (
    b"Company Name,Title,Description,Location,Started On,Finished On\n"
    b"Acme,Kernel tuning engineer,Kernel tuning all day.,,Mar 2015,Dec 2019\n"
)


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_several_tables_of_an_export_are_read_together(visitor: Client):
    files = [upload("Positions.csv", POSITIONS), upload("Skills.csv", b"Name\nZig tooling\n")]
    visitor.post("/cv/", {"file": files})
    rows = {row["skill"].slug: row["found"] for row in visitor.get("/skills/").context["certain"]}
    assert rows["kernel-tuning"].evidenced_on == "2019-12-31"
    assert set(rows) == {"kernel-tuning", "zig-tooling"}


def test_of_several_files_the_refused_one_is_named(visitor: Client):
    files = [upload("Positions.csv", POSITIONS), upload("photo.png", b"\x89PNG\r\n\x1a\n")]
    answer = visitor.post("/cv/", {"file": files})
    assert answer.status_code == 422
    assert "photo.png: We read text" in answer.content.decode()
    assert "found" not in visitor.session


def test_a_pasted_export_is_read_as_one(visitor: Client):
    pasted = '{"basics": {"label": "x"}, "skills": [{"name": "Zig tooling", "level": "Master"}]}'
    visitor.post("/cv/", {"text": pasted})
    (row,) = visitor.get("/skills/").context["certain"]
    assert (row["found"].level, row["found"].reason["code"]) == (4, "adverb")
