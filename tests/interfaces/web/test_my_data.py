"""The page of a person's data: seen, downloaded, taken in elsewhere."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from groundwork.accounts.models import User
from groundwork.events.models import AuditEntry
from groundwork.learners.models import Evidence
from groundwork.privacy import holdings
from groundwork.web import privacy_wording
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World, signed_in
from tests.interfaces.web.test_visitor import CHINESE, ENGLISH

pytestmark = pytest.mark.django_db


def downloaded(client: Client) -> bytes:
    answer = client.post("/me/data/download/")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"].startswith('attachment; filename="groundwork-my-data-')
    assert answer["Cache-Control"] == "no-store"
    return answer.content


def upload(client: Client, data: bytes, *, headers: dict[str, str]) -> Any:
    file = SimpleUploadedFile("export.zip", data, content_type="application/zip")
    return client.post("/me/data/import/", {"file": file}, follow=True, headers=headers)


def newcomer(email: str = "ada@example.com") -> User:
    user = builders.make_user(email)
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def test_every_table_has_words():
    missing = holdings.found().keys() - privacy_wording.HELD.keys() - {""}
    assert not missing, f"say in web/privacy_wording.py what {sorted(missing)} are to a person"


def test_the_page_says_what_is_held(ada: Client, people: Cast):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    page = ada.get("/me/data/", headers=ENGLISH).content.decode()
    assert "Evidence of your skills" in page
    assert "Your level in each skill" in page
    assert "Download all my data" in page
    chinese = ada.get("/me/data/", headers=CHINESE).content.decode()
    assert "下载我的全部数据" in chinese
    assert "Evidence of" not in chinese


def test_the_page_asks_a_fixed_number_of_questions(ada: Client, people: Cast, django_assert_num_queries):
    ada.get("/me/data/")
    with django_assert_num_queries(8):
        ada.get("/me/data/")
    builders.give_levels(people.ada_learner, {f"skill-{n}": 2 for n in range(9)})
    with django_assert_num_queries(8):
        ada.get("/me/data/")


def test_the_download_holds_oneself_and_is_on_the_trail(ada: Client, people: Cast):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    with zipfile.ZipFile(io.BytesIO(downloaded(ada))) as archive:
        names, document = set(archive.namelist()), json.loads(archive.read("person.json"))
    assert {"README.txt", "person.json", "signature.jws"} <= names
    assert document["address"] == "ada@example.com"
    assert [row["skill"] for row in document["tables"]["learners.Evidence"]] == ["kernel-tuning"]
    assert document["tables"]["accounts.Membership"][0]["organisation"] == "Lovelace Works"
    assert "Hana" not in json.dumps(document)
    assert AuditEntry.objects.get(action="person.exported").actor == f"user:{people.ada.pk}"


def test_a_new_account_takes_its_own_export_in(ada: Client, people: Cast, world: World):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    builders.make_plan(people.ada_learner, world.role)
    data = downloaded(ada)
    people.ada.delete()
    client = signed_in(newcomer())
    assert 'enctype="multipart/form-data"' in client.get("/me/data/").content.decode()
    answer = upload(client, data, headers=ENGLISH)
    assert answer.redirect_chain == [("/me/", 302)]
    page = answer.content.decode()
    assert "Your records are here" in page
    assert "Kernel engineer" in page
    assert Evidence.objects.get().learner.user == User.objects.get(email="ada@example.com")


def test_a_refused_file_is_explained_beside_the_field_and_changes_nothing(ada: Client, people: Cast):
    data = downloaded(ada)
    people.ada.delete()
    client = signed_in(newcomer())
    before = AuditEntry.objects.count()
    for wrong, words in ((b"nothing", "无法打开"), (data[:-40], "无法打开")):
        answer = upload(client, wrong, headers=CHINESE)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    answer = client.post("/me/data/import/", {}, headers=ENGLISH)
    assert answer.status_code == 422
    assert AuditEntry.objects.count() == before


def test_somebody_elses_export_is_not_taken_in(ada: Client, people: Cast):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    answer = upload(signed_in(newcomer("eve@example.com")), downloaded(ada), headers=ENGLISH)
    assert answer.status_code == 422
    assert "your account has another one" in answer.content.decode()


def test_an_account_in_use_says_why_it_takes_nothing_in(ada: Client, people: Cast):
    builders.give_levels(people.ada_learner, {"kernel-tuning": 2})
    assert "multipart" not in ada.get("/me/data/").content.decode()
    answer = upload(ada, downloaded(ada), headers=ENGLISH)
    assert answer.status_code == 422


def test_the_page_is_reached_from_the_account_and_from_ones_plans(ada: Client):
    for address in ("/account/", "/me/"):
        assert 'href="/me/data/"' in ada.get(address).content.decode()
