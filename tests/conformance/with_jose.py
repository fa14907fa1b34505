"""Another implementation, in another language, verifies our credentials over HTTP: jose on Node.

Not collected by `make test`, which needs no Node; `make audit` installs what this needs and runs it.
"""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from groundwork.core.actors import SYSTEM
from groundwork.credentials import documents, issuing, keys, rotating
from groundwork.credentials.models import Award
from groundwork.learners import recording
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from tests import builders, cast
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "var" / "conformance" / "verify.mjs"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(live_server: Any, settings: Any, tmp_path: Path) -> Cast:
    """Everybody, on a server that knows its own address and has a key of its own."""
    settings.BASE_URL, settings.VAR, settings.CREDENTIAL_KEY = live_server.url, tmp_path, ""
    return cast.gather()


@pytest.fixture
def award(people: Cast) -> Award:
    skill = builders.make_skill("kernel-tuning", name_zh="内核调优")
    today = timezone.localdate()
    observed = Observation(
        skill=skill.slug,
        level=4,
        kind=Evidence.Kind.CERTIFICATE,
        evidenced_on=today - timedelta(days=9),
    )
    recording.record_evidence(
        actor=people.actor(people.hana), learner=people.ada_learner, observations=[observed]
    )
    return issuing.issue_for_skill(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        skill=skill,
        with_name=True,
        now=timezone.now(),
    )


def ask_jose(token: str, *, server: str) -> tuple[int, str]:
    """The exit status and the answer."""
    done = subprocess.run(
        ["node", str(SCRIPT), server],
        input=token,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout.strip()


def test_what_is_downloaded_is_verified_with_the_public_key_alone(live_server, people, award):
    token = Client().get(f"/credentials/{award.pk}.jwt").content.decode()
    status, said = ask_jose(token, server=live_server.url)
    assert status == 0, said
    assert json.loads(said) == {
        "id": f"{live_server.url}/credentials/{award.pk}/",
        "issuer": f"{live_server.url}/credentials/issuer.json",
        "revoked": False,
        "types": ["VerifiableCredential", "OpenBadgeCredential"],
    }


def test_the_public_list_says_revoked(live_server, people, award):
    issuing.revoke(actor=people.actor(people.ada), award=award, now=timezone.now())
    status, said = ask_jose(award.token, server=live_server.url)
    assert status == 0, said
    assert json.loads(said)["revoked"] is True


@pytest.mark.parametrize("part", [0, 1, 2])
def test_one_changed_character_is_refused(live_server, people, award, part):
    parts = award.token.split(".")
    middle = len(parts[part]) // 2
    other = "B" if parts[part][middle] == "A" else "A"
    parts[part] = parts[part][:middle] + other + parts[part][middle + 1 :]
    status, said = ask_jose(".".join(parts), server=live_server.url)
    assert status == 1
    assert said.startswith("ERR_J")


@pytest.mark.parametrize("named", [True, False])
def test_old_and_new_ones_are_verified_by_the_published_keys(live_server, people, award, named):
    if not named:
        payload = jwt.decode(award.token, options={"verify_signature": False})
        award.token = jwt.encode(payload, keys.private_pem(), algorithm=keys.ALGORITHM)
        award.save(update_fields=["token"])
    rotating.rotate(actor=SYSTEM)
    fresh = documents.sign(award, email="ada@example.com")
    assert fresh != award.token
    for token in (award.token, fresh):
        status, said = ask_jose(token, server=live_server.url)
        assert status == 0, said
        assert json.loads(said)["revoked"] is False


def test_one_of_a_revoked_key_is_refused(live_server, people, award):
    former = keys.jwks()["keys"][0]["kid"]
    rotating.rotate(actor=SYSTEM)
    rotating.revoke(former, actor=SYSTEM, now=timezone.now())
    assert ask_jose(award.token, server=live_server.url) == (1, "ERR_JWKS_NO_MATCHING_KEY")


def test_one_of_another_key_is_refused(live_server, people, award, settings):
    ours = keys.jwks()["keys"][0]["kid"]
    settings.CREDENTIAL_KEY = keys.make()
    forged = documents.sign(award, email="ada@example.com")
    payload = jwt.decode(forged, options={"verify_signature": False})
    named = keys.sign(payload, head={"kid": ours})
    settings.CREDENTIAL_KEY = ""
    assert ask_jose(forged, server=live_server.url) == (1, "ERR_JWKS_NO_MATCHING_KEY")
    assert ask_jose(named, server=live_server.url) == (1, "ERR_JWS_SIGNATURE_VERIFICATION_FAILED")


def test_one_whose_time_is_over_is_refused(live_server, people, award):
    award.issued_at -= timedelta(days=900)
    award.valid_until -= timedelta(days=2000)
    expired = documents.sign(award, email="ada@example.com")
    assert ask_jose(expired, server=live_server.url) == (1, "ERR_JWT_EXPIRED")
