"""A new key signs, the former ones are believed until they are retired or revoked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import stat
from datetime import timedelta
from io import StringIO
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone
from openbadgeslib import ob3
from openbadgeslib.keys import KeyEd25519

from groundwork.core.actors import SYSTEM
from groundwork.core.errors import ConflictError, InvalidError
from groundwork.credentials import documents, issuing, keys, rotating, verifying
from groundwork.credentials.models import Award, SigningKey
from groundwork.credentials.verifying import State
from groundwork.events.models import AuditEntry
from groundwork.learners import recording
from groundwork.learners.models import Evidence
from groundwork.learners.recording import Observation
from groundwork.privacy import signing
from tests import builders, cast
from tests.cast import Cast

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    """A key of this test's own: rotating replaces it."""
    settings.VAR, settings.CREDENTIAL_KEY = tmp_path, ""


@pytest.fixture
def people() -> Cast:
    return cast.gather()


def award_of(people: Cast, *, skill: str = "kernel-tuning") -> Award:
    one = builders.make_skill(skill)
    observed = Observation(
        skill=skill, level=4, kind=Evidence.Kind.CERTIFICATE, evidenced_on=NOW.date() - timedelta(days=9)
    )
    recording.record_evidence(
        actor=people.actor(people.hana), learner=people.ada_learner, observations=[observed]
    )
    return issue(people, one)


def issue(people: Cast, skill: Any) -> Award:
    return issuing.issue_for_skill(
        actor=people.actor(people.ada), learner=people.ada_learner, skill=skill, with_name=False, now=NOW
    )


def published() -> list[str]:
    return [one["kid"] for one in keys.jwks()["keys"]]


def run(*words: str) -> str:
    out = StringIO()
    call_command("credential_key", *words, stdout=out)
    return out.getvalue()


def pem_of_dashed_kid() -> str:
    """A key as somebody else may make it, whose kid looks like an option."""
    for seed in range(10_000):
        private = Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        if keys.kid_of(keys.x_of(pem)).startswith("-"):
            return pem
    raise AssertionError("one kid in 64 begins with a dash")


def without_kid(award: Award) -> str:
    """The same credential as it was signed before keys had names."""
    payload = jwt.decode(award.token, options={"verify_signature": False})
    return ob3.OB3Signer(keys.private_pem(), algorithm=keys.ALGORITHM).sign_payload(payload)


def test_a_token_names_its_key_by_the_thumbprint(people):
    head = jwt.get_unverified_header(award_of(people).token)
    [jwk] = keys.jwks()["keys"]
    assert head["kid"] == jwk["kid"]
    assert head["jwk"] == {name: jwk[name] for name in ("crv", "kty", "x")}


def test_what_the_former_key_signed_holds_after_a_rotation(people, settings):
    old = award_of(people)
    former = keys.jwks()["keys"][0]["kid"]
    fresh = rotating.rotate(actor=SYSTEM)
    assert fresh != former
    assert published() == [fresh, former]
    assert verifying.verify(old.token, now=NOW).state is State.VALID
    new = award_of(people, skill="second")
    assert jwt.get_unverified_header(new.token)["kid"] == fresh
    assert verifying.verify(new.token, now=NOW).state is State.VALID
    assert stat.S_IMODE((settings.VAR / keys.FILE).stat().st_mode) == 0o600
    assert [one.name for one in settings.VAR.iterdir()] == [keys.FILE]
    entry = AuditEntry.objects.get(action="credential-key.rotated")
    assert entry.subject_id == fresh


def test_a_credential_from_before_keys_had_names_holds_too(people):
    award = award_of(people)
    award.token = without_kid(award)
    award.save(update_fields=["token"])
    rotating.rotate(actor=SYSTEM)
    assert "kid" not in jwt.get_unverified_header(award.token)
    assert verifying.state_of(award, now=NOW) is State.VALID
    assert issuing.named_key(award) == published()[1]


def test_the_key_that_a_token_brings_is_never_believed(people):
    award = award_of(people)
    payload = jwt.decode(award.token, options={"verify_signature": False})
    stranger = keys.make()
    x = keys.x_of(stranger)
    for kid in (keys.kid_of(x), published()[0], None):
        head = {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": x}} | ({"kid": kid} if kid else {})
        forged = jwt.encode(payload, stranger, algorithm="EdDSA", headers=head)
        assert verifying.verify(forged, now=NOW).state is State.TAMPERED


def test_a_public_key_taken_for_a_shared_secret_is_refused(people):
    """RFC 8725, 2.1: HMAC with the bytes of a public key."""
    award = award_of(people)
    head, body, _signature = award.token.split(".")
    named = json.loads(base64.urlsafe_b64decode(head + "=="))
    named["alg"] = "HS256"
    changed = base64.urlsafe_b64encode(json.dumps(named).encode()).rstrip(b"=").decode()
    mac = hmac.new(keys.public_pem(), f"{changed}.{body}".encode(), hashlib.sha256).digest()
    forged = f"{changed}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert verifying.verify(forged, now=NOW).state is State.TAMPERED


def test_a_key_is_retired_only_when_nothing_it_signed_is_valid(people):
    award = award_of(people)
    former = published()[0]
    with pytest.raises(ConflictError, match="Rotate it first"):
        rotating.retire(former, actor=SYSTEM, now=NOW)
    rotating.rotate(actor=SYSTEM)
    with pytest.raises(ConflictError, match="1 credentials"):
        rotating.retire(former, actor=SYSTEM, now=NOW)
    later = award.valid_until + timedelta(days=1)
    rotating.retire(former, actor=SYSTEM, now=later)
    assert former not in published()
    assert verifying.verify(award.token, now=later).state is State.EXPIRED


def test_what_a_revoked_key_signed_is_revoked_and_can_be_issued_anew(people):
    award = award_of(people)
    former = published()[0]
    with pytest.raises(ConflictError, match="Rotate it first"):
        rotating.revoke(former, actor=SYSTEM, now=NOW)
    rotating.rotate(actor=SYSTEM)
    assert rotating.revoke(former, actor=SYSTEM, now=NOW) == 1
    assert former not in published()
    assert verifying.verify(award.token, now=NOW).state is State.REVOKED
    award.refresh_from_db()
    assert award.status_index in award.status_list.revoked
    assert award.achievement.skill
    anew = issue(people, award.achievement.skill)
    assert anew.pk != award.pk
    assert verifying.verify(anew.token, now=NOW).state is State.VALID


def test_whoever_took_a_revoked_key_cannot_make_credentials_with_it(people):
    award, stolen = award_of(people), keys.private_pem()
    former = published()[0]
    payload = jwt.decode(award.token, options={"verify_signature": False})
    other = str(award.pk)[:-4] + "0000"
    payload["id"] = payload["jti"] = payload["id"].replace(str(award.pk), other)
    forged = jwt.encode(payload, stolen, algorithm="EdDSA", headers={"kid": former})
    rotating.rotate(actor=SYSTEM)
    rotating.revoke(former, actor=SYSTEM, now=NOW)
    assert verifying.verify(forged, now=NOW).state is State.TAMPERED


def test_an_export_of_a_former_key_is_ours_and_one_of_a_revoked_key_is_not(db):
    keys.put_on_record()
    signature = signing.sign(b"body", now=NOW)
    former = published()[0]
    rotating.rotate(actor=SYSTEM)
    assert signing.is_ours(b"body", signature)
    assert not signing.is_ours(b"other", signature)
    rotating.revoke(former, actor=SYSTEM, now=NOW)
    assert not signing.is_ours(b"body", signature)


def test_a_key_of_the_settings_is_put_on_record_and_changed_by_the_operator(people, settings):
    settings.CREDENTIAL_KEY = keys.make()
    former = published()[0]
    SigningKey.objects.all().delete()
    with pytest.raises(CommandError, match=former):
        run("rotate")
    assert [one.kid for one in SigningKey.objects.all()] == [former]
    award = award_of(people)
    settings.CREDENTIAL_KEY = keys.make()
    assert published()[1:] == [former]
    assert verifying.verify(award.token, now=NOW).state is State.VALID


def test_a_revoked_key_given_again_signs_nothing(people, settings):
    settings.CREDENTIAL_KEY = lost = keys.make()
    award = award_of(people)
    former = published()[0]
    settings.CREDENTIAL_KEY = keys.make()
    rotating.revoke(former, actor=SYSTEM, now=NOW)
    settings.CREDENTIAL_KEY = lost
    assert published() == []
    with pytest.raises(ImproperlyConfigured, match="revoked"):
        documents.sign(award, email="ada@example.com")


def test_the_command_takes_a_kid_that_looks_like_an_option(settings):
    settings.CREDENTIAL_KEY = pem_of_dashed_kid()
    [dashed] = published()
    run("list")
    settings.CREDENTIAL_KEY = keys.make()
    assert run("retire", "--", dashed) == f"{dashed}: retired\n"
    with pytest.raises(CommandError):
        run("revoke", dashed)


def test_no_key_we_make_looks_like_an_option(monkeypatch):
    dashed, plain = pem_of_dashed_kid(), keys.make()
    given = iter([(one.encode(), b"") for one in (dashed, dashed, plain)])
    monkeypatch.setattr(KeyEd25519, "generate_keypair", lambda _self: next(given))
    assert keys.make() == plain


def test_the_command_lists_rotates_retires_and_revokes(db):
    first = published()[0]
    assert run() == f"{first}  current\n"
    second = run("rotate").split(":")[0]
    assert run("list") == f"{second}  current\n{first}  former\n"
    assert run("retire", first) == f"{first}: retired\n"
    assert run("list").endswith(f"{first}  retired\n")
    assert run("revoke", first) == f"{first}: revoked, and 0 credentials with it\n"
    assert run("list").endswith(f"{first}  revoked\n")
    for words in (["retire"], ["rotate", first], ["revoke", second], ["retire", "nobody"]):
        with pytest.raises(CommandError):
            run(*words)
    with pytest.raises(InvalidError):
        rotating.retire("nobody", actor=SYSTEM, now=NOW)
