"""Credentials in the browser: their owners issue and revoke them, anybody verifies them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from groundwork.credentials.models import Award
from groundwork.learners import recording
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from groundwork.plans import enrolling
from groundwork.plans.models import Plan
from tests import builders
from tests.cast import Cast
from tests.interfaces.web.conftest import World

pytestmark = pytest.mark.django_db

MINE = "/me/credentials/"
CHINESE = {"Accept-Language": "zh-CN"}
Counter = Callable[[int], AbstractContextManager[object]]


def certify(people: Cast, skill: str = "kernel-tuning", *, level: int = 4) -> None:
    builders.make_skill(skill)
    observed = Observation(
        skill=skill,
        level=level,
        kind=Evidence.Kind.CERTIFICATE,
        evidenced_on=timezone.localdate() - timedelta(days=9),
    )
    recording.record_evidence(
        actor=people.actor(people.hana), learner=people.ada_learner, observations=[observed]
    )


def issue(client: Client, *, what: str = "skill:kernel-tuning", **more: str) -> Award:
    answer = client.post(f"{MINE}issue/", {"what": what, **more})
    return Award.objects.get(pk=answer["Location"].split("/")[2])


def text(client: Client, address: str, **more: object) -> str:
    answer = client.get(address, **more)  # type: ignore[arg-type]  # headers
    assert answer.status_code == 200
    return answer.content.decode()


def verify(client: Client, shown: str) -> str:
    answer = client.post("/credentials/", {"text": shown})
    assert answer.status_code == 200
    return answer.content.decode()


def test_with_nothing_to_show_the_page_says_how_to_get_there(ada: Client):
    page = text(ada, MINE)
    assert "No credential yet." in page
    assert 'href="/assessments/"' in page
    assert f'href="{MINE}"' in text(ada, "/me/")


def test_a_completed_plan_becomes_a_credential_that_anybody_verifies(ada: Client, people: Cast, world: World):
    plan = builders.make_plan(people.ada_learner, world.role)
    for step in plan.steps.select_related("plan__learner", "course"):
        assert "Ready to be issued" not in text(ada, MINE)
        assert MINE not in text(ada, f"/me/plans/{plan.pk}/")
        enrolling.complete(actor=people.actor(people.ada), step=step, on_date=timezone.localdate())
    assert f'class="button small" href="{MINE}"' in text(ada, f"/me/plans/{plan.pk}/")
    assert "Kernel engineer" in text(ada, MINE).partition("Ready to be issued")[2]
    award = issue(ada, what=f"plan:{plan.pk}", with_name="yes")
    page = text(Client(), f"/credentials/{award.pk}/")
    assert "Valid" in page
    assert "Kernel engineer" in page
    assert "Ada Ahlgren" in page
    assert "Ready to be issued" not in text(ada, MINE)
    token = Client().get(f"/credentials/{award.pk}.jwt").content.decode()
    assert "unchanged, and still holds" in verify(Client(), token)
    chinese = text(Client(), f"/credentials/{award.pk}/", headers=CHINESE)
    assert "内核工程师" in chinese
    assert "Valid" not in chinese


def test_without_consent_the_public_page_names_nobody(ada: Client, people: Cast):
    certify(people)
    award = issue(ada)
    for address in (f"/credentials/{award.pk}/", f"/credentials/{award.pk}.json"):
        page = text(Client(), address)
        assert "Ada" not in page
        assert "ada@" not in page
        assert "sha256$" in page
    assert "chose not to be named" in text(Client(), f"/credentials/{award.pk}/")


def test_revoking_is_told_to_everybody(ada: Client, people: Cast):
    certify(people)
    award = issue(ada)
    assert "for good" in text(ada, MINE)
    page = ada.post(f"{MINE}{award.pk}/revoke/", follow=True).content.decode()
    assert "The credential is revoked." in page
    assert "was revoked. Do not rely on it." in text(Client(), f"/credentials/{award.pk}/")
    assert "was revoked. Do not rely on it." in verify(Client(), award.token)
    again = ada.post(f"{MINE}{award.pk}/revoke/", follow=True).content.decode()
    assert "revoked already" in again


def test_a_tampered_one_is_refused_and_nothing_of_it_is_shown(ada: Client, people: Cast):
    certify(people)
    award = issue(ada)
    head, body, signature = award.token.split(".")
    page = verify(Client(), f"{head}.{body[:-4]}AAAA.{signature}")
    assert "Not genuine" in page
    assert "Kernel tuning" not in page
    Award.objects.filter(pk=award.pk).update(token=f"{head}.{body}.{signature[::-1]}")
    page = text(Client(), f"/credentials/{award.pk}/")
    assert "Not genuine" in page
    assert "Kernel tuning" not in page


def test_an_expired_one_says_so(ada: Client, people: Cast, monkeypatch: pytest.MonkeyPatch):
    certify(people)
    award = issue(ada)
    monkeypatch.setattr(timezone, "now", lambda: award.valid_until)
    assert "the time it vouched for is over" in text(Client(), f"/credentials/{award.pk}/")
    assert "the time it vouched for is over" in verify(Client(), award.token)


@pytest.mark.parametrize(
    "address",
    ["/credentials/{}/", "/credentials/{}.jwt", "/credentials/{}.json", "/credentials/status/9.jwt"],
)
def test_unknown_addresses_are_not_found(visitor: Client, address: str):
    assert visitor.get(address.format(uuid.uuid4())).status_code == 404


def test_there_is_no_third_form(ada: Client, people: Cast):
    certify(people)
    assert Client().get(f"/credentials/{issue(ada).pk}.pdf").status_code == 404


@pytest.mark.parametrize(
    "shown", ["hello", "{", "http://[no/credentials/", f"https://example.com/credentials/{uuid.UUID(int=7)}/"]
)
def test_what_is_no_credential_is_said_to_be_unknown(visitor: Client, shown: str):
    assert "No credential of ours is known by this." in verify(visitor, shown)


def test_nothing_pasted_is_asked_for_again(visitor: Client):
    answer = visitor.post("/credentials/", {"text": " "})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_what_is_pasted_comes_back_escaped(visitor: Client):
    assert "<script>alert" not in verify(visitor, "</textarea><script>alert(1)</script>")


@pytest.mark.parametrize("what", ["", "skill", "plan:1", "plan:" + "-" * 36, "role:x", "skill:Ä"])
def test_what_cannot_be_read_changes_nothing(ada: Client, what: str):
    page = ada.post(f"{MINE}issue/", {"what": what}, follow=True).content.decode()
    assert "Nothing was changed." in page
    assert not Award.objects.exists()


def test_what_is_not_there_is_not_found(ada: Client, otto: Client, people: Cast, world: World):
    plan: Plan = builders.make_plan(people.ada_learner, world.role)
    assert ada.post(f"{MINE}issue/", {"what": "skill:no-such"}).status_code == 404
    assert ada.post(f"{MINE}issue/", {"what": f"plan:{uuid.uuid4()}"}).status_code == 404
    assert otto.post(f"{MINE}issue/", {"what": f"plan:{plan.pk}"}).status_code == 404
    page = ada.post(f"{MINE}issue/", {"what": f"plan:{plan.pk}"}, follow=True).content.decode()
    assert "Not every step of this plan is finished." in page
    assert (
        "No level of this skill is verified."
        in ada.post(f"{MINE}issue/", {"what": "skill:kernel-tuning"}, follow=True).content.decode()
    )


def test_the_public_key_and_the_issuer_are_there_for_every_site(ada: Client, people: Cast):
    certify(people)
    award = issue(ada)
    keys = Client().get("/.well-known/jwks.json")
    assert keys["Access-Control-Allow-Origin"] == "*"
    [jwk] = json.loads(keys.content)["keys"]
    signed = jwt.decode(award.token, jwt.PyJWK(jwk), algorithms=["EdDSA"])
    issuer = json.loads(Client().get("/credentials/issuer.json").content)
    assert issuer["id"] == signed["iss"] == signed["issuer"]["id"]
    status = signed["credentialStatus"]["statusListCredential"]
    listed = Client().get("/" + status.split("/", 3)[3])
    assert listed["Content-Type"] == "application/vc+jwt"
    assert jwt.decode(listed.content.decode(), jwt.PyJWK(jwk), algorithms=["EdDSA"])["id"] == status


def test_the_pages_cost_the_same_for_one_and_for_six(
    ada: Client, people: Cast, world: World, django_assert_num_queries: Counter
):
    certify(people)
    certify(people, "zig-tooling")
    award = issue(ada)
    with django_assert_num_queries(14):
        text(ada, MINE)
    for number in range(5):
        certify(people, f"one-{number}")
        certify(people, f"two-{number}")
        issue(ada, what=f"skill:one-{number}")
    with django_assert_num_queries(14):
        assert "Two 4" in text(ada, MINE)
    # The award, and the keys for its state and for what it says.
    with django_assert_num_queries(3):
        text(Client(), f"/credentials/{award.pk}/")
