"""Badges of others: what is read of them, which of them verify a level, and what is refused."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from openbadgeslib import baking, ob3
from openbadgeslib.keys import key_to_pem, public_jwk_from_pem
from openbadgeslib.ob3 import did

from groundwork.core.errors import ConflictError, ForbiddenError, InvalidError
from groundwork.credentials import accepting, issuing, keys, receiving
from groundwork.credentials.badges import Badge
from groundwork.credentials.receiving import Doubt, Find, Received
from groundwork.credentials.refusals import BadgeError
from groundwork.events.models import AuditEntry
from groundwork.frameworks.models import Skill
from groundwork.learners import disputing, recording
from groundwork.learners.models import Evidence, Mark
from tests import builders, cast
from tests.cast import Cast
from tests.foreign_badges import HOST, KEY_SETS, REVOKED, Academy, make_key

pytestmark = pytest.mark.django_db

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="1" height="1"/></svg>'
BLANK = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = b"".join(
    [
        b"\x89PNG\r\n\x1a\n",
        png_chunk(b"IHDR", BLANK),
        png_chunk(b"IDAT", zlib.compress(b"\0\0")),
        png_chunk(b"IEND", b""),
    ]
)


@pytest.fixture
def people() -> Cast:
    people = cast.gather()
    EmailAddress.objects.create(user=people.ada, email="ada@example.com", primary=True, verified=True)
    builders.make_skill("kernel-tuning", name_en="Kernel tuning", name_zh="内核调优")
    builders.make_skill("sql", name_en="SQL", name_zh="SQL", esco_uri="http://data.europa.eu/esco/skill/sql")
    return people


@pytest.fixture
def academy(settings: Any) -> Academy:
    """An issuer that the operator trusts."""
    settings.BADGE_ISSUERS = [f"{HOST}/issuer"]
    return Academy()


def read(people: Cast, badge: str | bytes, academy: Academy) -> Received:
    data = badge.encode() if isinstance(badge, str) else badge
    return receiving.read(data, user=people.ada, now=timezone.now(), download=academy.download)


def accept(people: Cast, received: Received, **levels: int) -> Badge:
    return accepting.accept(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        received=received,
        levels={slug.replace("_", "-"): level for slug, level in levels.items()},
    )


# --- what verifies a level ---


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "RS256"])
def test_a_badge_of_a_trusted_issuer_verifies_the_level_it_states(people, settings, algorithm):
    settings.BADGE_ISSUERS = [f"{HOST}/issuer"]
    academy = Academy(algorithm=algorithm)
    received = read(people, academy.issue(number=7), academy)
    assert received.doubt is None
    assert received.finds == (Find(skill="kernel-tuning", stated=3, likely=3),)
    assert academy.asked == [KEY_SETS, REVOKED]
    badge = accept(people, received, kernel_tuning=3)
    [line] = Evidence.objects.filter(learner=people.ada_learner)
    assert (line.kind, line.level, line.evidenced_on) == ("certificate", 3, received.awarded_on)
    assert line.words == "Kernel tuning (The Academy)"
    assert people.ada_learner.proficiencies.get().floor == 3
    assert (badge.doubt, badge.issuer) == ("", "The Academy")


def test_the_keys_may_lie_at_another_address(people, settings):
    settings.BADGE_ISSUERS = [f"{HOST}/issuer https://keys.example/set.json"]
    academy = Academy()
    academy.published["https://keys.example/set.json"] = academy.published.pop(KEY_SETS)
    assert read(people, academy.issue(), academy).doubt is None


def test_an_issuer_may_be_a_did_that_is_its_key(people, settings):
    key = make_key()
    issuer = did.did_key_from_pem(key_to_pem(key.public_key()))
    settings.BADGE_ISSUERS = [issuer]
    academy = Academy(id=issuer, key=key)
    assert read(people, academy.issue(), academy).doubt is None
    assert academy.asked == []


def test_an_issuer_may_be_a_did_on_the_web(people, settings):
    issuer = "did:web:academy.example"
    settings.BADGE_ISSUERS = [issuer]
    academy = Academy(id=issuer)
    document = did.build_did_document(
        issuer, [(f"{issuer}#key", public_jwk_from_pem(key_to_pem(academy.key.public_key())))]
    )
    academy.published = {f"{HOST}/.well-known/did.json": json.dumps(document).encode()}
    assert read(people, academy.issue(), academy).doubt is None
    academy.published = {}
    assert read(people, academy.issue(), academy).doubt is Doubt.UNREACHABLE


def test_a_key_that_was_rotated_still_verifies_while_its_issuer_publishes_it(people, academy):
    badge = academy.issue(number=7)
    former, academy.key = academy.key, make_key()
    academy.publish_keys(academy.key, former)
    academy.revoke([], key=academy.key)
    assert read(people, badge, academy).doubt is None
    academy.publish_keys(academy.key)
    with pytest.raises(BadgeError, match="signature does not fit"):
        read(people, badge, academy)


def test_a_credential_of_another_groundwork_is_understood(people, settings, academy):
    """Signed elsewhere, with what this product signs: its skill by code, its level by the scale."""
    skill = Skill.objects.get(slug="kernel-tuning")
    seen = recording.Observation(
        skill="kernel-tuning", level=4, kind="certificate", evidenced_on=timezone.localdate()
    )
    recording.record_evidence(
        actor=people.actor(people.hana), learner=people.ada_learner, observations=[seen]
    )
    award = issuing.issue_for_skill(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        skill=skill,
        with_name=False,
        now=timezone.now(),
    )
    signed = keys.read(award.token)
    assert signed is not None
    payload = json.loads(json.dumps(signed.payload).replace(settings.BASE_URL, HOST))
    academy.id = payload["issuer"]["id"]
    settings.BADGE_ISSUERS = [academy.id]
    entry = (
        payload["credentialStatus"][0]
        if isinstance(payload["credentialStatus"], list)
        else payload["credentialStatus"]
    )
    academy.revoke([])
    academy.published[entry["statusListCredential"]] = academy.published[REVOKED]
    # Over there the person has the names of the skill in other words.
    Skill.objects.filter(pk=skill.pk).update(name_en="Tuning of kernels", name_zh="调内核")
    received = read(people, academy._signed(payload, key=None), academy)
    assert received.verifies == {"kernel-tuning": 4}


# --- what does not, but may be said ---


@pytest.mark.parametrize(
    ("said", "doubt"),
    [
        ({"lasts": 10}, Doubt.EXPIRED),
        ({"to": None}, Doubt.NAMELESS),
        ({"to": "ada@private.example"}, Doubt.UNCONFIRMED),
    ],
)
def test_what_a_trusted_issuer_does_not_vouch_for_is_ones_own_word(people, academy, said, doubt):
    EmailAddress.objects.create(user=people.ada, email="Ada@Private.example", verified=False)
    received = read(people, academy.issue(**said), academy)
    assert received.doubt is doubt
    accept(people, received, kernel_tuning=5)
    assert Evidence.objects.get(learner=people.ada_learner).kind == "self-report"
    assert not people.ada_learner.proficiencies.filter(floor__gt=0).exists()
    assert Badge.objects.get().doubt == doubt


def test_nothing_is_fetched_for_an_issuer_that_is_not_listed(people, academy, settings):
    settings.BADGE_ISSUERS = []
    received = read(people, academy.issue(number=7), academy)
    assert received.doubt is Doubt.UNLISTED
    assert received.verifies == {}
    assert academy.asked == []


@pytest.mark.parametrize("missing", [KEY_SETS, REVOKED])
def test_an_issuer_that_cannot_be_reached_is_said_so(people, academy, missing):
    badge = academy.issue(number=7)
    del academy.published[missing]
    assert read(people, badge, academy).doubt is Doubt.UNREACHABLE


@pytest.mark.parametrize(
    "junk", [b"", b"[]", b"{}", b'{"keys": 7}', b'{"keys": [7, {}]}', b"\xff", b"[" * 90_000]
)
def test_keys_that_are_none_verify_nothing(people, academy, junk):
    academy.published[KEY_SETS] = junk
    assert read(people, academy.issue(), academy).doubt is Doubt.UNREACHABLE


def test_json_without_a_signature_is_ones_own_word(people, academy):
    received = read(people, json.dumps(academy.credential().to_vc()), academy)
    assert (received.doubt, received.verifies) == (Doubt.UNSIGNED, {})


def test_a_level_on_another_scale_is_not_ours(people, academy):
    stars = ob3.ResultDescription(
        id="urn:scale", name="Stars", result_type="PerformanceLevel", value_min="0", value_max="5"
    )
    received = read(people, academy.issue(result_descriptions=[stars]), academy)
    assert received.doubt is None
    assert received.verifies == {}


def test_a_level_of_a_badge_about_two_skills_is_said_of_neither(people, academy):
    received = read(people, academy.issue(name="Kernel tuning · SQL"), academy)
    assert {one.skill for one in received.finds} == {"kernel-tuning", "sql"}
    assert received.verifies == {}


def test_skills_are_found_by_esco_and_in_the_words(people, academy):
    esco = ob3.Alignment(target_name="query language", target_url="http://data.europa.eu/esco/skill/sql")
    badge = academy.issue(name="Data expert", alignments=[esco], description="Kernel tuning for databases.")
    received = read(people, badge, academy)
    assert [one.skill for one in received.finds] == ["sql", "kernel-tuning"]
    assert received.verifies == {"sql": 3}


# --- what is refused ---


def test_a_badge_that_was_changed_is_refused(people, academy):
    head, payload, signature = academy.issue().split(".")
    other = academy.issue(level=5).split(".")[1]
    assert other != payload
    with pytest.raises(BadgeError, match="signature does not fit"):
        read(people, f"{head}.{other}.{signature}", academy)


def test_the_key_in_a_badge_of_its_own_is_not_believed(people, academy):
    with pytest.raises(BadgeError, match="signature does not fit"):
        read(people, academy.issue(key=make_key()), academy)


def test_a_revoked_badge_is_refused(people, academy):
    academy.revoke([7])
    with pytest.raises(BadgeError, match="revoked this badge"):
        read(people, academy.issue(number=7), academy)
    assert read(people, academy.issue(number=8), academy).doubt is None


def test_a_list_of_revoked_badges_that_another_signed_hides_nothing(people, academy):
    academy.revoke([], key=make_key())
    with pytest.raises(BadgeError, match="no valid list"):
        read(people, academy.issue(number=7), academy)


@pytest.mark.parametrize("hashed", [True, False])
def test_somebody_elses_badge_is_refused_even_if_nothing_else_is_known_of_it(
    people, academy, settings, hashed
):
    settings.BADGE_ISSUERS = []
    with pytest.raises(BadgeError, match="another e-mail address"):
        read(people, academy.issue(to="otto@example.org", hashed=hashed), academy)
    assert read(people, academy.issue(to="ADA@example.com", hashed=False), academy).name == "Kernel tuning"


def test_a_badge_of_ours_is_not_taken_as_evidence_of_itself(people, academy):
    accept(people, read(people, academy.issue(), academy), kernel_tuning=3)
    award = issuing.issue_for_skill(
        actor=people.actor(people.ada),
        learner=people.ada_learner,
        skill=Skill.objects.get(slug="kernel-tuning"),
        with_name=False,
        now=timezone.now(),
    )
    signed = keys.read(award.token)
    assert signed is not None
    for shown in (award.token, json.dumps(signed.payload)):
        with pytest.raises(BadgeError, match="issued here"):
            read(people, shown, academy)


@pytest.mark.parametrize("until", ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"])
def test_a_badge_for_ever_is_read_wherever_the_person_lives(people, academy, until):
    shown = {**academy.credential().to_vc(), "validUntil": until}
    with timezone.override("Asia/Shanghai"):
        assert str(read(people, json.dumps(shown), academy).valid_until) == "9999-12-31"
    shown["validFrom"] = "0001-01-01T00:00:00+12:00"
    with timezone.override("America/New_York"):
        assert read(people, json.dumps(shown), academy).awarded_on.year == 1


def test_a_badge_of_tomorrow_is_refused(people, academy):
    with pytest.raises(BadgeError, match="not valid yet"):
        read(people, academy.issue(days_ago=-1), academy)


@pytest.mark.parametrize(
    ("junk", "says"),
    [
        (b"", "nothing in it"),
        (b" \n", "nothing in it"),
        (b"hello", "no badge"),
        (b"a.b.c", "no badge"),
        (b"\xff\xfe\x00", "no badge"),
        (b"x" * 2_000_001, "larger than 2 MB"),
        (b"x" * 60_001, "longer than any badge"),
        (b"https://academy.example/badge/1", "not fetched"),
        (b"{", "cannot be read"),
        (b'{"a":' * 9_000, "cannot be read"),
        (b"{}", "no Open Badge"),
        (b'{"type": "Assertion", "badge": "https://x.example"}', "version 2"),
        (b'{"@context": ["https://www.w3.org/ns/credentials/v2"], "issuer": 7}', "no Open Badge"),
        (b"<svg/>", "carries no badge"),
        (b"<!DOCTYPE x [<!ENTITY e 'e'>]><svg>&e;</svg>", "cannot be read"),
        (b"<html", "cannot be read"),
        (PNG, "carries no badge"),
        (PNG[:20], "cannot be read"),
        (baking.bake_png(PNG, "a.b.c"), "version 2"),
        (baking.bake_svg(SVG, "a.b.c"), "version 2"),
    ],
)
def test_what_is_no_badge_is_refused_with_a_sentence(people, academy, junk, says):
    with pytest.raises(BadgeError, match=says):
        read(people, junk, academy)


def test_a_strangers_words_break_nothing(people, academy):
    shown = json.dumps(academy.credential(name="Kernel tuning XX").to_vc())
    received = read(people, shown.replace("XX", "\\u0000"), academy)
    assert received.name == "Kernel tuning"
    assert accept(people, received, kernel_tuning=2).name == "Kernel tuning"
    with pytest.raises(BadgeError, match="no Open Badge"):
        read(people, shown.replace("XX", "\\ud800"), academy)


def test_images_carry_badges(people, academy):
    token = academy.issue()
    png = baking.bake_png(PNG, token, keyword=baking.ITXT_KEYWORD_OB3)
    svg = baking.bake_svg(SVG, token, element=baking.SVG_ELEMENT_OB3, namespace=baking.SVG_NS_OB3)
    assert (
        read(people, png, academy) == read(people, svg, academy) == read(people, f"\ufeff {token}\n", academy)
    )


# --- taking it, and taking it back ---


def test_only_the_person_takes_it_only_once_and_only_as_it_says(people, academy):
    received = read(people, academy.issue(), academy)
    with pytest.raises(ForbiddenError):
        accepting.accept(
            actor=people.actor(people.hana), learner=people.ada_learner, received=received, levels={}
        )
    for levels in ({}, {"sql": 3}, {"kernel_tuning": 4}):
        with pytest.raises(InvalidError):
            accept(people, received, **levels)
    assert not Evidence.objects.exists()
    accept(people, received, kernel_tuning=3)
    with pytest.raises(ConflictError, match="already"):
        accept(people, received, kernel_tuning=3)
    assert Evidence.objects.count() == Badge.objects.count() == 1


def test_what_a_badge_verified_cannot_be_corrected_upwards(people, academy):
    accept(people, read(people, academy.issue(), academy), kernel_tuning=3)
    line = Evidence.objects.select_related("skill", "learner").get()
    with pytest.raises(ConflictError, match="says what it says"):
        disputing.correct(actor=people.actor(people.ada), line=line, level=5, on_date=line.evidenced_on)
    assert Evidence.objects.count() == 1
    assert not Mark.objects.exists()


def test_a_removed_badge_takes_its_lines_along_and_can_come_again(people, academy):
    received = read(people, academy.issue(), academy)
    badge = accept(people, received, kernel_tuning=3)
    for _click in range(2):
        accepting.remove(actor=people.actor(people.ada), badge=Badge(pk=badge.pk, learner=people.ada_learner))
    assert not people.ada_learner.proficiencies.exists()
    assert Mark.objects.get().kind == Mark.Kind.WITHDRAWN
    assert not Badge.objects.exists()
    accept(people, received, kernel_tuning=3)
    assert people.ada_learner.proficiencies.get().floor == 3
    actions = AuditEntry.objects.filter(action__startswith="badge.").order_by("pk")
    assert [one.action for one in actions] == ["badge.accepted", "badge.removed", "badge.accepted"]


def test_a_badge_is_seen_by_whom_sees_the_evidence(people, academy):
    badge = accept(people, read(people, academy.issue(), academy), kernel_tuning=3)
    for user, sees in ((people.ada, True), (people.hana, True), (people.otto, False)):
        assert Badge.objects.visible_to(people.actor(user)).filter(pk=badge.pk).exists() is sees
        assert badge.lines.model.objects.visible_to(people.actor(user)).exists() is sees
