"""Files, links and results for finished courses: checked, private, never run, deleted on demand."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundwork.events.models import AuditEntry
from groundwork.plans import proving
from groundwork.plans.models import Plan
from groundwork.plans.proofs import Proof
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7 a certificate"
CHINESE = {"accept-language": "zh-hans"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def plan(people: Cast, world: World) -> Plan:
    return builders.make_plan(people.ada_learner, world.role)


def steps(plan: Plan) -> str:
    return f"/me/plans/{plan.pk}/steps/{plan.steps.get(position=1).pk}"


def upload(content: bytes = PDF, name: str = "Zeugnis 2026.pdf", media_type: str = "text/html"):
    return SimpleUploadedFile(name, content, content_type=media_type)


def finish(client: Client, plan: Plan, **shown: object):
    return client.post(f"{steps(plan)}/complete/", shown, follow=True)


def files(media: Path) -> list[Path]:
    return [one for one in media.rglob("*") if one.is_file()]


def test_a_course_is_finished_with_a_file_a_link_and_a_result(ada: Client, plan: Plan, media: Path):
    page = finish(ada, plan, file=upload(), link="https://example.com/x", result="A <b>").content.decode()
    proof = Proof.objects.get()
    assert (proof.media_type, proof.size, proof.name) == ("application/pdf", len(PDF), "Zeugnis 2026.pdf")
    skill = ada.get("/me/skills/kernel-tuning/").content.decode()
    for where in (page, skill):
        assert f'href="/me/proofs/{proof.pk}/"' in where
        assert 'href="https://example.com/x" rel="noreferrer noopener nofollow"' in where
        assert "A &lt;b&gt;" in where
    [kept] = files(media)
    assert kept.read_bytes() == PDF
    assert kept.suffix == ""
    assert AuditEntry.objects.filter(action="proof.added").count() == 1


def test_a_file_is_saved_never_shown(ada: Client, plan: Plan):
    finish(ada, plan, file=upload())
    answer = ada.get(f"/me/proofs/{Proof.objects.get().pk}/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Zeugnis 2026.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ({"file": (b"<script>alert(1)</script>", "x.pdf")}, "Only PDF, PNG and JPEG"),
        ({"file": (b"<svg onload=alert(1)>", "x.png")}, "Only PDF, PNG and JPEG"),
        ({"file": (b"MZ\x90\x00", "x.jpg")}, "Only PDF, PNG and JPEG"),
        ({"file": (PDF + b" " * proving.MOST_BYTES, "x.pdf")}, "larger than 5 MB"),
        ({"file": (b"", "x.pdf")}, "The file is empty."),
        ({"link": "javascript:alert(1)"}, "Nothing was changed."),
        ({"link": "ftp://example.com/x"}, "A link begins with https:// or http://."),
        ({"result": "x" * 61}, "Nothing was changed."),
    ],
    ids=["script", "svg", "program", "large", "empty", "javascript", "ftp", "long"],
)
def test_what_cannot_be_kept_changes_nothing(ada: Client, plan: Plan, media: Path, shown: dict, words: str):
    sent = {key: upload(*value) if key == "file" else value for key, value in shown.items()}
    assert words in finish(ada, plan, **sent).content.decode()
    assert plan.steps.get(position=1).completed_on is None
    assert not Proof.objects.exists()
    assert not files(media)


def test_a_refused_step_leaves_no_file_behind(ada: Client, plan: Plan, media: Path):
    finish(ada, plan)
    page = finish(ada, plan, file=upload()).content.decode()
    assert "This step is finished already." in page
    assert not files(media)


def test_something_is_shown_later_and_deleted(ada: Client, plan: Plan, media: Path):
    finish(ada, plan)
    page = ada.post(f"{steps(plan)}/proofs/", {"file": upload(b"\x89PNG\r\n\x1a\n...", "a.png")}, follow=True)
    assert "It stands beside the evidence" in page.content.decode()
    proof = Proof.objects.get()
    answer = ada.post(f"/me/proofs/{proof.pk}/delete/", {"next": "/me/skills/kernel-tuning/"})
    assert answer["Location"] == "/me/skills/kernel-tuning/"
    assert not Proof.objects.exists()
    assert not files(media)
    assert AuditEntry.objects.filter(action="proof.deleted").count() == 1
    page = ada.post(f"{steps(plan)}/proofs/", {}, follow=True)
    assert "Give a file, a link or a result." in page.content.decode()


def test_a_course_has_ten_proofs_at_most(ada: Client, plan: Plan):
    finish(ada, plan)
    for number in range(11):
        page = ada.post(f"{steps(plan)}/proofs/", {"result": f"{number}"}, follow=True)
    assert "A course can have 10 proofs." in page.content.decode()
    assert Proof.objects.count() == 10


def test_the_employer_reads_and_strangers_do_not(ada: Client, hana: Client, otto: Client, plan: Plan):
    finish(ada, plan, file=upload())
    proof = Proof.objects.get()
    assert hana.get(f"/me/proofs/{proof.pk}/").content == PDF
    hana.post(f"/me/proofs/{proof.pk}/delete/")
    assert otto.get(f"/me/proofs/{proof.pk}/").status_code == 404
    assert otto.post(f"/me/proofs/{proof.pk}/delete/").status_code == 404
    assert Proof.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\files\\a.pdf", "a.pdf"),
        ('a"b;\r\nX: y.pdf', "a b X: y.pdf"),
        ("证书.pdf", "证书.pdf"),
        ("\u202e", "proof"),
    ],
    ids=["path", "windows", "header", "chinese", "direction"],
)
def test_a_name_is_only_a_name(given: str, kept: str):
    assert proving.plain(given) == kept


def test_the_forms_speak_chinese(ada: Client, plan: Plan):
    finish(ada, plan, result="98")
    page = ada.get(f"/me/plans/{plan.pk}/", headers=CHINESE).content.decode()
    assert "成绩" in page
    assert "Result" not in page
