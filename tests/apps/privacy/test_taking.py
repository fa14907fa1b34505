"""All of a person leaves as a file; an empty account takes it in and then gets the same plan."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.utils import timezone

from groundwork.accounts import actors
from groundwork.accounts.models import User
from groundwork.catalogue.models import Course
from groundwork.core.actors import SYSTEM
from groundwork.core.errors import ForbiddenError
from groundwork.events.models import AuditEntry
from groundwork.learners.models import Evidence, Learner, Mark, Proficiency
from groundwork.plans import planning, snapshot
from groundwork.plans.enrolments import Enrolment
from groundwork.plans.models import CatalogueSnapshot, Plan, PlanStep
from groundwork.plans.planning import Planned
from groundwork.plans.proofs import Proof
from groundwork.plans.sessions import StudySession
from groundwork.privacy import exporting, holdings, reading, signing, taking
from groundwork.privacy.refusals import NotEmptyError, UnknownHereError, UnreadableError, UnsignedError
from tests import builders
from tests.apps.privacy import lives
from tests.apps.privacy.lives import Life

pytestmark = pytest.mark.django_db


@pytest.fixture
def life() -> Life:
    return lives.live()


def packed(life: Life) -> bytes:
    return exporting.archive(user=life.user, actor=SYSTEM, now=timezone.now())


def opened(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        document: dict[str, Any] = json.loads(archive.read("person.json"))
    return document


def changed(data: bytes, change: Any) -> bytes:
    """The same file with `change` made to its document, the signature as it was."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "person.json":
                document = json.loads(content)
                change(document)
                content = json.dumps(document).encode()
            new.writestr(name, content)
    return written.getvalue()


def plan_anew(life: Life, learner: Learner) -> Planned:
    """What the engine answers now, from rows alone."""
    cache.clear()
    problem = snapshot.take(levels=learner.levels(on_date=lives.TODAY), role=life.role, learner=learner)
    return planning.compute(problem, hours_per_week=learner.hours_per_week, starts_on=lives.TODAY)


def forget(life: Life) -> None:
    """Everything of the person goes, and what only their plans needed."""
    life.user.delete()
    CatalogueSnapshot.objects.all().delete()


def stored_files() -> set[str]:
    return {str(path) for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}


def come_back() -> User:
    user = builders.make_user(lives.ADDRESS)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def test_every_table_that_holds_people_is_decided_on():
    undecided = holdings.found().keys() - holdings.DECIDED.keys()
    assert not undecided, f"say in privacy/holdings.py what an export does with {sorted(undecided)}"


def test_the_file_holds_rows_of_every_table_the_person_is_in(life):
    tables = opened(packed(life))["tables"]
    held = holdings.counts(life.user)
    assert {label: len(rows) for label, rows in tables.items() if rows} == held | {holdings.ACCOUNT: 1}
    entrance = {"mfa.", "socialaccount.", "usersessions."}
    never = {"accounts.User_groups", "accounts.User_user_permissions", "admin.LogEntry"}
    # Rows of signing in, which nobody does here; tests of the account page make them.
    never |= {"mfa.Authenticator", "usersessions.UserSession"}
    never |= {"socialaccount.SocialAccount", "socialaccount.SocialToken"}
    by_the_employer = {"plans.Assignment", "plans.PlanningJobItem", "accounts.Membership"}
    missing = holdings.found().keys() - held.keys() - {holdings.ACCOUNT} - never - by_the_employer
    missing = {label for label in missing if not label.startswith(tuple(entrance))}
    assert missing == {"account.EmailConfirmation", "accounts.Team_members"}, "let lives.live make a row"


def test_the_file_holds_no_secret_and_nobody_else(life):
    data = packed(life)
    text = json.dumps(opened(data))
    assert life.user.password not in text
    assert "secret_digest" not in {
        key for rows in opened(data)["tables"].values() for row in rows for key in row
    }
    assert f'"user:{life.user.pk}' not in text, "the person is called `you`"
    marks = opened(data)["tables"]["learners.Mark"]
    assert [(row["kind"], row["made_by"]) for row in marks] == [("withdrawn", "you"), ("disputed", "you")]
    assert any(entry["action"] == "plan.made" and entry["who"] == "you" for entry in opened(data)["audit"])


def test_the_same_person_gets_the_same_plan_in_an_empty_installation(life):
    before = plan_anew(life, life.learner)
    levels = life.learner.levels(on_date=lives.TODAY)
    data = packed(life)
    forget(life)
    user = come_back()
    taking.take_in_own(reading.read(data, signed=True), user=user, actor=actors.of_user(user))
    learner = Learner.objects.get(user=user)
    assert learner.levels(on_date=lives.TODAY) == levels
    after = plan_anew(life, learner)
    assert [step.course for step in after.steps] == [step.course for step in before.steps]
    assert after.steps == before.steps
    assert (after.hours, after.price) == (before.hours, before.price)
    assert after.solution.status == before.solution.status
    assert (after.solution.cost, after.solution.bound) == (before.solution.cost, before.solution.bound)
    assert after.solution.certificate == before.solution.certificate
    assert snapshot.problem_document(after.problem) == snapshot.problem_document(before.problem)
    assert before.steps, "a plan without steps proves nothing"


def test_what_comes_back_leaves_as_the_same_file(life):
    data = packed(life)
    forget(life)
    user = come_back()
    taking.take_in(reading.read(data, signed=True), user=user, actor=SYSTEM)
    again = exporting.archive(user=user, actor=SYSTEM, now=timezone.now())
    for label in holdings.TAKEN_IN:
        if label not in holdings.DESCRIBING:
            assert _contents(again, label) == _contents(data, label), label
    with Proof.objects.get().file.open("rb") as file:
        assert file.read() == lives.FILE
    assert (user.name, user.language, user.time_zone) == (lives.NAME, "zh-hans", "Asia/Shanghai")
    entry = AuditEntry.objects.get(action="person.imported")
    assert entry.details["rows"]["learners.Evidence"] == Evidence.objects.filter(learner__user=user).count()


def _contents(data: bytes, label: str) -> list[dict[str, Any]]:
    """Rows without keys, which are drawn anew, and without who else recorded them, which is forgotten."""
    model = holdings.found()[label].model
    keys = {column.name for column in model._meta.concrete_fields if column.primary_key or column.is_relation}
    keys -= {"course", "skill", "role", "also", "catalogue"}
    left = keys | {"recorded_by", "file"}
    rows = opened(data)["tables"][label]
    return sorted(({k: v for k, v in row.items() if k not in left} for row in rows), key=json.dumps)


def test_marks_steps_and_attempts_find_their_rows_again(life):
    data = packed(life)
    forget(life)
    user = come_back()
    taking.take_in(reading.read(data, signed=True), user=user, actor=SYSTEM)
    [withdrawn, disputed] = Mark.objects.order_by("pk")
    assert (withdrawn.evidence.skill.slug, withdrawn.made_by) == ("git", f"user:{user.pk}")
    assert (disputed.evidence.skill.slug, disputed.kind) == ("sql", "disputed")
    assert not Proficiency.objects.filter(skill__slug="git").exists()
    finished = Enrolment.objects.get(state="finished")
    assert finished.step is not None
    assert finished.step.course == finished.course
    assert finished.step.plan.learner.user == user
    assert StudySession.objects.get().enrolment == Enrolment.objects.get(state="started")
    assert Plan.objects.filter(superseded_at=None).count() == 2
    # A finished course counts in every plan it is part of.
    assert PlanStep.objects.filter(completed_on=lives.TODAY).count() == 2


def test_a_plan_taken_in_is_known_when_it_is_asked_for_again(life):
    data = packed(life)
    forget(life)
    user = come_back()
    taking.take_in(reading.read(data, signed=True), user=user, actor=SYSTEM)
    learner = Learner.objects.get(user=user)
    [kept] = Plan.objects.filter(role=life.second)
    again = planning.make_plan(
        actor=actors.of_user(user), learner=learner, role=life.second, starts_on=lives.TODAY
    )
    assert set(again.steps.values_list("course__slug")) <= set(kept.steps.values_list("course__slug"))


def test_choices_of_the_account_are_replaced_and_records_are_not(life):
    data = packed(life)
    with pytest.raises(NotEmptyError):
        taking.take_in(reading.read(data, signed=True), user=life.user, actor=SYSTEM)


def test_an_edited_file_proves_nothing(life):
    def promote(document: dict[str, Any]) -> None:
        for row in document["tables"]["learners.Evidence"]:
            row["level"] = 5

    data = packed(life)
    with pytest.raises(UnsignedError):
        reading.read(changed(data, promote), signed=True)
    with pytest.raises(UnsignedError):
        reading.read(changed(data, lambda _document: None), signed=True)


def test_a_credential_is_no_signature_of_an_export(life):
    token = life.learner.awards.get().token
    assert not signing.is_ours(b"{}", token)


def test_another_installation_is_trusted_by_its_public_key(life, settings):  # pytest-django's
    from groundwork.credentials import keys
    from groundwork.credentials.models import SigningKey

    data = packed(life)
    theirs = keys.jwks()["keys"][0]["x"]
    settings.CREDENTIAL_KEY = _new_key()
    # Another installation has never heard of the key.
    SigningKey.objects.all().delete()
    with pytest.raises(UnsignedError):
        reading.read(data, signed=True)
    settings.TRUSTED_KEYS = [theirs]
    assert reading.read(data, signed=True).address == lives.ADDRESS


def _new_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return (
        Ed25519PrivateKey.generate()
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def test_only_the_owner_of_the_address_takes_it_in(life):
    exported = reading.read(packed(life), signed=True)
    forget(life)
    other = builders.make_user("other@example.com")
    with pytest.raises(ForbiddenError, match="another one"):
        taking.take_in_own(exported, user=other, actor=actors.of_user(other))
    unproven = builders.make_user(lives.ADDRESS)
    with pytest.raises(ForbiddenError, match="Confirm"):
        taking.take_in_own(exported, user=unproven, actor=actors.of_user(unproven))


def _drop(*path: str) -> Any:
    def change(document: dict[str, Any]) -> None:
        rows = document["tables"][path[0]]
        del rows[0][path[1]]

    return change


def _set(label: str, column: str, value: Any) -> Any:
    def change(document: dict[str, Any]) -> None:
        document["tables"][label][0][column] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _drop("learners.Evidence", "level"),
        _set("learners.Evidence", "level", 9),
        _set("learners.Evidence", "level", "high"),
        _set("learners.Evidence", "kind", "rumour"),
        _set("learners.Evidence", "evidenced_on", "yesterday"),
        _set("learners.Evidence", "recorded_at", "2026-01-01T00:00:00"),
        _set("learners.Mark", "evidence", 123456789),
        _set("plans.Plan", "catalogue", "0" * 64),
        _set("plans.Plan", "starts_on", None),
        _set("plans.PlanStep", "position", -1),
        _set("plans.PlanStep", "position", [1]),
        _set("plans.Enrolment", "ended_on", "1999-01-01"),
        _set("learners.Learner", "hours_per_week", 0),
        _set("accounts.User", "theme", "pink"),
        _set("plans.Proof", "file", "proofs/elsewhere"),
        _set("notifications.KindChoice", "mail", "by pigeon"),
    ],
    ids=lambda change: change.__qualname__.partition(".")[0],
)
def test_a_row_that_cannot_be_is_named_and_nothing_is_written(life, change):
    data = changed(packed(life), change)
    forget(life)
    user, before = come_back(), stored_files()
    with pytest.raises(UnreadableError) as caught:
        taking.take_in(reading.read(data, signed=False), user=user, actor=SYSTEM)
    assert str(caught.value.message)
    assert not Evidence.objects.exists()
    assert not Plan.objects.exists()
    assert not CatalogueSnapshot.objects.exists()
    assert stored_files() == before
    assert User.objects.get(pk=user.pk).language == ""


def test_what_this_installation_does_not_know_is_named(life):
    data = packed(life)
    forget(life)
    Course.objects.filter(slug="shortcut").delete()
    user = come_back()
    with pytest.raises(UnknownHereError, match="shortcut"):
        taking.take_in(reading.read(data, signed=True), user=user, actor=SYSTEM)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 broken", b"no archive at all", b"x" * (reading.MAX_BYTES + 1)],
    ids=["empty", "broken", "text", "huge"],
)
def test_a_file_that_is_no_export_is_refused_in_words(data):
    with pytest.raises(UnreadableError):
        reading.read(data, signed=False)


@pytest.mark.parametrize(
    "document",
    [b"[1", b"[]", b'{"format": "other/1"}', b'{"format": "groundwork-person/1", "tables": 3}', b'"\\u0000"'],
    ids=["cut", "list", "other", "bare", "nul"],
)
def test_a_document_that_is_no_export_is_refused_in_words(document):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("person.json", document)
    with pytest.raises(UnreadableError):
        reading.read(written.getvalue(), signed=False)


def test_the_operator_takes_a_file_in_by_command(life, tmp_path, capsys):
    path = tmp_path / "person.zip"
    call_command("export_person", lives.ADDRESS, str(path))
    assert path.stat().st_mode & 0o077 == 0
    forget(life)
    call_command("import_person", str(path))
    user = User.objects.get(email=lives.ADDRESS)
    assert not user.has_usable_password()
    assert Evidence.objects.filter(learner__user=user).exists()
    assert "learners.Evidence:" in capsys.readouterr().out
    with pytest.raises(CommandError, match="already holds"):
        call_command("import_person", str(path))
    with pytest.raises(CommandError):
        call_command("import_person", str(tmp_path / "nowhere.zip"))
