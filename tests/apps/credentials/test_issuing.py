"""Credentials: what may be claimed, what is signed, and what becomes of it."""

from __future__ import annotations

import json
import stat
import uuid
from datetime import UTC, date, datetime, time, timedelta

import jwt
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone
from openbadgeslib import ob3

from groundwork.core.errors import ConflictError, ForbiddenError
from groundwork.credentials import claims, documents, issuing, keys, verifying
from groundwork.credentials.models import Award, StatusList
from groundwork.credentials.verifying import State
from groundwork.events.models import AuditEntry
from groundwork.frameworks.models import Skill
from groundwork.learners import disputing, recording
from groundwork.learners.models import Clocks, Evidence
from groundwork.learners.recording import Observation
from groundwork.plans import enrolling
from groundwork.plans.models import Plan
from tests import builders, cast
from tests.cast import Cast

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = timezone.localdate()
TOOL_DAYS = 18 * 365 // 12
"""A half-life of 18 months in days, rounded down."""


@pytest.fixture
def people() -> Cast:
    return cast.gather()


@pytest.fixture
def plan(people: Cast) -> Plan:
    """Two steps to a role that asks for a tool and a method."""
    builders.make_skill("fast", half_life=Skill.HalfLife.TOOL)
    builders.make_skill("slow", half_life=Skill.HalfLife.FOUNDATION)
    builders.make_course("to-fast", teaches={"fast": 2})
    builders.make_course("to-slow", teaches={"slow": 2})
    role = builders.make_role("both", requires={"fast": 2, "slow": 2}, name_en="Both", name_zh="两者")
    return builders.make_plan(people.ada_learner, role)


def finish(people: Cast, plan: Plan, *, steps: int = 2) -> None:
    for step in list(plan.steps.select_related("plan__learner", "course"))[:steps]:
        enrolling.complete(actor=people.actor(people.ada), step=step, on_date=TODAY)


def test_a_plan_that_gives_way_on_the_role_earns_no_credential_for_it(people: Cast, plan: Plan):
    finish(people, plan)
    Plan.objects.filter(pk=plan.pk).update(given_way={"fast": 4})
    assert claims.of(people.ada_learner, now=NOW) == []
    with pytest.raises(ConflictError, match="gives way"):
        issuing.issue_for_plan(actor=people.actor(people.ada), plan=plan, with_name=False, now=NOW)
    assert not Award.objects.exists()


def verify_level(people: Cast, *, level: int = 3, days: int = 10, kind: str = "certificate") -> Skill:
    skill = builders.make_skill("fast", half_life=Skill.HalfLife.TOOL)
    observed = Observation(skill="fast", level=level, kind=kind, evidenced_on=TODAY - timedelta(days=days))
    recording.record_evidence(
        actor=people.actor(people.hana), learner=people.ada_learner, observations=[observed]
    )
    return skill


def award_plan(people: Cast, plan: Plan, *, with_name: bool = False, now: datetime = NOW) -> Award:
    return issuing.issue_for_plan(actor=people.actor(people.ada), plan=plan, with_name=with_name, now=now)


def award_skill(people: Cast, skill: Skill, *, with_name: bool = False, now: datetime = NOW) -> Award:
    return issuing.issue_for_skill(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        skill=skill,
        with_name=with_name,
        now=now,
    )


def midnight_after(day: date, days: int) -> datetime:
    return datetime.combine(day + timedelta(days=days), time.min, tzinfo=UTC)


# --- who gets one ---


def test_a_plan_gives_one_only_when_every_step_is_finished(people, plan):
    finish(people, plan, steps=1)
    assert claims.of(people.ada_learner, now=NOW) == []
    with pytest.raises(ConflictError):
        award_plan(people, plan)
    finish(people, Plan.objects.get(pk=plan.pk), steps=0)
    last = plan.steps.select_related("plan__learner", "course").get(completed_on=None)
    enrolling.complete(actor=people.actor(people.ada), step=last, on_date=TODAY)
    [claim] = claims.of(people.ada_learner, now=NOW)
    assert claim.value == f"plan:{plan.pk}"
    award = award_plan(people, plan)
    assert claims.is_met(claim, award)
    assert verifying.state_of(award, now=NOW) is State.VALID


def test_a_path_is_valid_as_long_as_its_shortest_lived_skill(people, plan):
    finish(people, plan)
    assert award_plan(people, plan).valid_until == midnight_after(TODAY, TOOL_DAYS)


def test_an_organisations_own_half_lives_count(people):
    skill = verify_level(people)
    Clocks.objects.create(organisation=people.ours, currency_tool=12)
    award = award_skill(people, skill)
    assert award.valid_until == midnight_after(TODAY - timedelta(days=10), 365)


def test_a_word_of_ones_own_verifies_nothing(people):
    skill = verify_level(people, kind="self-report")
    assert claims.of(people.ada_learner, now=NOW) == []
    with pytest.raises(ConflictError):
        award_skill(people, skill)


def test_a_verification_of_long_ago_gives_none(people):
    skill = verify_level(people, days=TOOL_DAYS + 1)
    assert claims.of(people.ada_learner, now=NOW) == []
    with pytest.raises(ConflictError):
        award_skill(people, skill)


def test_a_contested_level_gives_none(people):
    skill = verify_level(people, level=4, days=90)
    row = people.ada_learner.proficiencies.get(skill=skill)
    row.is_contested = True
    row.save()
    assert claims.of(people.ada_learner, now=NOW) == []
    with pytest.raises(ConflictError, match="contests"):
        award_skill(people, skill)


def test_only_the_learner_issues_and_revokes(people, plan):
    finish(people, plan)
    hana = people.actor(people.hana)
    with pytest.raises(ForbiddenError):
        issuing.issue_for_plan(actor=hana, plan=plan, with_name=True, now=NOW)
    award = award_plan(people, plan)
    with pytest.raises(ForbiddenError):
        issuing.revoke(actor=hana, award=award, now=NOW)
    assert Award.objects.visible_to(hana).get() == award
    assert not Award.objects.visible_to(people.actor(people.otto)).exists()


# --- once each, and audited ---


def test_the_same_claim_gives_the_same_award(people, plan):
    finish(people, plan)
    skill = Skill.objects.get(slug="fast")
    verify_level(people)
    assert award_plan(people, plan) == award_plan(people, plan, with_name=True)
    assert award_skill(people, skill) == award_skill(people, skill)
    actions = AuditEntry.objects.filter(action__startswith="credential.").values_list("action", flat=True)
    assert list(actions) == ["credential.issued"] * 2


def test_a_level_shown_again_gives_a_new_award(people):
    first = award_skill(people, verify_level(people, days=30))
    second = award_skill(people, verify_level(people, days=2))
    assert second != first
    assert second.valid_until > first.valid_until
    assert second.achievement == first.achievement


def test_revoked_is_for_good_and_a_new_one_has_another_number(people, plan):
    finish(people, plan)
    first = award_plan(people, plan)
    issuing.revoke(actor=people.actor(people.ada), award=first, now=NOW)
    first.refresh_from_db()
    assert verifying.state_of(first, now=NOW) is State.REVOKED
    assert verifying.verify(first.token, now=NOW).state is State.REVOKED
    with pytest.raises(ConflictError):
        issuing.revoke(actor=people.actor(people.ada), award=first, now=NOW)
    second = award_plan(people, plan)
    assert second.status_index != first.status_index
    assert verifying.state_of(second, now=NOW) is State.VALID
    assert AuditEntry.objects.filter(action="credential.revoked").count() == 1


def test_the_operator_revokes_what_should_not_have_been_issued(people, capsys):
    award = award_skill(people, verify_level(people))
    with pytest.raises(CommandError, match="Nothing was revoked"):
        call_command("revoke_credential", str(award.pk), str(uuid.uuid4()))
    assert verifying.verify(award.token, now=NOW).state is State.VALID
    call_command("revoke_credential", str(award.pk))
    assert verifying.verify(award.token, now=NOW).state is State.REVOKED
    call_command("revoke_credential", str(award.pk))
    said = capsys.readouterr()
    assert said.out == f"{award.pk}: revoked\n"
    assert "revoked already" in said.err
    assert AuditEntry.objects.get(action="credential.revoked").actor == "system:groundwork"


@pytest.mark.django_db(transaction=True)
def test_a_reopened_step_revokes_the_credential_of_its_plan(people, plan):
    finish(people, plan)
    award = award_plan(people, plan)
    step = plan.steps.select_related("plan__learner", "course").first()
    enrolling.reopen(actor=people.actor(people.ada), step=step, on_date=TODAY)
    award.refresh_from_db()
    assert award.revoked_at
    assert StatusList.objects.get().revoked == [award.status_index]


@pytest.mark.django_db(transaction=True)
def test_a_struck_certificate_revokes_what_stood_on_it_and_nothing_else(people):
    award = award_skill(people, verify_level(people, days=30))
    later = award_skill(people, verify_level(people, days=2))
    first, second = Evidence.objects.filter(learner=people.ada_learner).order_by("evidenced_on")
    for line in (first, second):
        disputing.dispute(actor=people.actor(people.ada), line=line, words="Not so")
    assert not Award.objects.exclude(revoked_at=None).exists()
    disputing.uphold(actor=people.actor(people.hana), line=second)
    disputing.strike(actor=people.actor(people.hana), line=first)
    award.refresh_from_db()
    later.refresh_from_db()
    assert award.revoked_at
    assert later.revoked_at is None


@pytest.mark.django_db(transaction=True)
def test_another_line_of_the_same_level_keeps_it(people):
    verify_level(people, days=31)
    award = award_skill(people, verify_level(people, days=30))
    line = Evidence.objects.filter(learner=people.ada_learner).latest("pk")
    disputing.dispute(actor=people.actor(people.ada), line=line, words="Not so")
    disputing.strike(actor=people.actor(people.hana), line=line)
    award.refresh_from_db()
    assert award.revoked_at is None


# --- what is signed ---


def test_another_verifier_reads_it(people):
    skill = verify_level(people)
    award = award_skill(people, skill)
    read = ob3.OB3Verifier(keys.public_pem()).verify(award.token)
    assert read.achievement.name.startswith("Fast")
    assert read.achievement.name.endswith("level 3 of 5")
    assert read.expiration_date == award.valid_until
    assert read.results[0].value == "3"
    assert read.recipient_id is None


def test_the_name_stands_in_it_only_where_that_is_wanted(people, plan):
    finish(people, plan)
    bare = award_plan(people, plan)
    assert "Ada" not in json.dumps(verifying.document_of(bare))
    [hashed] = ob3.OB3Verifier(keys.public_pem()).verify(bare.token).identifiers
    again = ob3.IdentityObject.create("ada@example.com", salt=hashed.salt)
    assert hashed.identity_hash == again.identity_hash
    verify_level(people)
    named = award_skill(people, Skill.objects.get(slug="fast"), with_name=True)
    assert "Ada Ahlgren" in json.dumps(verifying.document_of(named))
    assert "ada@example.com" not in json.dumps(verifying.document_of(named))


def test_the_public_list_tells_of_revocation_to_any_verifier(people):
    skill = verify_level(people)
    award = award_skill(people, skill)
    read = ob3.OB3Verifier(keys.public_pem()).verify(award.token)

    def fetch(address: str) -> bytes:
        assert address == documents.address("web:credential_status", award.status_list_id)
        found = StatusList.objects.get(pk=award.status_list_id)
        return documents.sign_status_list(found, now=timezone.now()).encode()

    def check() -> None:
        ob3.check_credential_status(read, download=fetch, verify_list=True, list_pubkey_pem=keys.public_pem())

    check()
    issuing.revoke(actor=people.actor(people.ada), award=award, now=NOW)
    with pytest.raises(ob3.OB3VerificationError, match="revo"):
        check()


def test_what_was_revoked_stays_so_when_its_holder_is_erased(people):
    award = award_skill(people, verify_level(people))
    issuing.revoke(actor=people.actor(people.ada), award=award, now=NOW)
    token, index = award.token, award.status_index
    people.ada_learner.delete()
    assert StatusList.objects.get().revoked == [index]
    assert verifying.verify(token, now=NOW).state is State.UNKNOWN


# --- verifying ---


def test_after_its_time_it_is_expired_and_nothing_else(people):
    award = award_skill(people, verify_level(people))
    later = award.valid_until
    assert verifying.state_of(award, now=later - timedelta(seconds=1)) is State.VALID
    assert verifying.state_of(award, now=later) is State.EXPIRED
    assert verifying.verify(award.token, now=later).state is State.EXPIRED


def test_a_changed_one_is_refused(people):
    award = award_skill(people, verify_level(people))
    head, body, signature = award.token.split(".")
    payload = jwt.decode(award.token, options={"verify_signature": False})
    payload["credentialSubject"]["result"][0]["value"] = "5"
    raised = jwt.utils.base64url_encode(json.dumps(payload).encode()).decode()
    assert verifying.verify(f"{head}.{raised}.{signature}", now=NOW).state is State.TAMPERED
    flipped = ("A" if signature[5] != "A" else "B").join((signature[:5], signature[6:]))
    assert verifying.verify(f"{head}.{body}.{flipped}", now=NOW).state is State.TAMPERED
    unsigned = jwt.encode(payload, "", algorithm="none")
    assert verifying.verify(unsigned, now=NOW).state is State.TAMPERED


def test_one_signed_with_another_key_is_refused(people, settings):
    award = award_skill(people, verify_level(people))
    settings.CREDENTIAL_KEY = keys.make()
    forged = documents.sign(award, email="ada@example.com")
    settings.CREDENTIAL_KEY = ""
    assert verifying.verify(forged, now=NOW).state is State.TAMPERED
    assert verifying.verify(award.token, now=NOW).state is State.VALID


def test_a_row_that_was_changed_behind_our_back_is_refused(people):
    award = award_skill(people, verify_level(people))
    award.valid_until += timedelta(days=365)
    assert verifying.state_of(award, now=NOW) is State.TAMPERED


def test_the_readable_form_must_say_what_was_signed(people):
    award = award_skill(people, verify_level(people))
    shown = verifying.document_of(award)
    assert verifying.verify(json.dumps(shown), now=NOW).state is State.VALID
    shown["validUntil"] = "2099-01-01T00:00:00Z"
    assert verifying.verify(json.dumps(shown), now=NOW).state is State.TAMPERED


@pytest.mark.parametrize(
    "text",
    ["", "hello", "{", "[1]", "{}", "https://example.com/", '{"id": 3}', "[" * 9000, "a/b.c.d", "{" * 9000],
)
def test_what_is_no_credential_is_unknown(db, text):
    assert verifying.verify(text, now=NOW).state is State.UNKNOWN


@pytest.mark.parametrize("text", ["a.b.c", "..", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA"])
def test_what_only_looks_signed_is_refused(db, text):
    assert verifying.verify(text, now=NOW).state is State.TAMPERED


def test_an_address_of_ours_names_it(people):
    award = award_skill(people, verify_level(people))
    for address in (documents.address("web:credential", award.pk), f"/credentials/{award.pk}.jwt"):
        assert verifying.verify(address, now=NOW).award == award


# --- keys ---


def test_the_key_is_made_once_and_only_its_owner_may_read_it(settings, tmp_path):
    settings.VAR, settings.CREDENTIAL_KEY = tmp_path, ""
    first = keys.private_pem()
    assert keys.private_pem() == first
    [path] = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size == len(first)


def test_a_given_key_on_one_line_is_the_same_key(settings):
    settings.CREDENTIAL_KEY = keys.make()
    several = keys.jwks()
    settings.CREDENTIAL_KEY = settings.CREDENTIAL_KEY.replace("\n", "\\n")
    assert keys.jwks() == several
    [jwk] = several["keys"]
    assert "d" not in jwk
    assert jwt.PyJWK(jwk).algorithm_name == "EdDSA"


def test_a_wrong_key_is_named_without_being_shown(settings):
    settings.CREDENTIAL_KEY = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"
    with pytest.raises(ImproperlyConfigured) as raised:
        keys.public_pem()
    assert "c2VjcmV0" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_full_list_is_followed_by_a_new_one(people, monkeypatch):
    first = award_skill(people, verify_level(people, days=30))
    monkeypatch.setattr(StatusList, "SIZE", 2)
    second = award_skill(people, verify_level(people, days=2))
    assert second.status_list_id != first.status_list_id
    assert second.status_index < 2
