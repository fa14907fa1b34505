"""After erasure the person is nowhere: no table, file, cache entry, queue or session names them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from groundwork.accounts import actors, provisioning
from groundwork.accounts.models import Membership, Organisation, User
from groundwork.core.actors import SYSTEM
from groundwork.core.errors import ConflictError, ForbiddenError
from groundwork.credentials import verifying
from groundwork.credentials.models import Award
from groundwork.credentials.verifying import State
from groundwork.events.models import AuditEntry, IdempotencyKey
from groundwork.frameworks.models import UnknownTerm
from groundwork.learners import recording
from groundwork.learners.models import Evidence, Learner
from groundwork.learners.recording import Observation
from groundwork.plans import assigning, jobs
from groundwork.plans import tasks as plan_tasks
from groundwork.privacy import erasing, holdings, queues, tasks
from groundwork.privacy.models import Erasure
from tests import builders, cast
from tests.apps.privacy import lives
from tests.apps.privacy.lives import Life

pytestmark = pytest.mark.django_db
WORDS = ("quillfeather", "zenobia")


@pytest.fixture(autouse=True)
def _empty_servers() -> Iterator[None]:
    for server in servers():
        server.flushdb()
    yield
    for server in servers():
        server.flushdb()


@pytest.fixture
def people() -> cast.Cast:
    return cast.gather()


@pytest.fixture
def life(people: cast.Cast) -> Life:
    """Zenobia works at Hana's, who has done everything to her that employers do."""
    user = builders.make_user(lives.ADDRESS, name=lives.NAME, organisation=people.ours)
    life = lives.live(user)
    _employ(people, life)
    _note_down(life)
    return life


def _employ(people: cast.Cast, life: Life) -> None:
    hana = people.actor(people.hana)
    due_on = lives.TODAY + timedelta(days=900)
    assigning.assign(actor=hana, learner=life.learner, role=life.role, due_on=due_on, on_date=lives.TODAY)
    provisioning.form_team(actor=hana, name="Analysts", members=[life.user.membership])
    jobs.request(actor=hana, pairs=[(life.learner, life.role)])
    provisioning.invite(actor=hana, email=lives.ADDRESS, kind="member")
    # As an administrator Zenobia has herself left her id on others' rows.
    Membership.objects.filter(user=life.user).update(kind=Membership.Kind.ADMINISTRATOR)
    zenobia = actors.of_user(User.objects.get(pk=life.user.pk))
    seen = Observation(skill="python", level=2, kind=Evidence.Kind.MANAGER, evidenced_on=lives.TODAY)
    recording.record_evidence(actor=zenobia, learner=people.ada_learner, observations=[seen])
    assigning.assign(
        actor=zenobia, learner=people.ada_learner, role=life.role, due_on=due_on, on_date=lives.TODAY
    )
    # Elsewhere an employer entered her, and she never joined.
    other = builders.administrator_of(people.theirs)
    recording.enter_person(actor=other, name="Z. Quillfeather", email=lives.ADDRESS, external_id="Z-1")


def _note_down(life: Life) -> None:
    """What frameworks, operators and the API remember in passing."""
    UnknownTerm.objects.create(
        term=lives.NAME.lower(),
        example=lives.NAME,
        language="en",
        last_text="",
        texts=1,
        plain=True,
        first_seen=lives.TODAY,
        last_seen=lives.TODAY,
    )
    body = {"id": str(life.learner.pk), "name": lives.NAME}
    IdempotencyKey.objects.create(actor="service:1", key="k", request_digest="", status=201, body=body)
    operator = builders.make_user("operator@example.com")
    apps.get_model("admin.LogEntry").objects.create(
        user=operator, object_id=str(life.user.pk), object_repr=lives.NAME, action_flag=2, change_message="[]"
    )


def ask(life: Life, *, at_once: bool = True) -> Erasure:
    user = User.objects.get(pk=life.user.pk)
    return erasing.request(user=user, actor=actors.of_user(user), now=timezone.now(), at_once=at_once)


def servers() -> list[redis.Redis]:
    addresses = (settings.REDIS_URL, settings.CACHES["default"]["LOCATION"])
    return [redis.Redis.from_url(address) for address in addresses]


# --- searching, by nothing of the code under test ---


def everything_in_the_database() -> Iterator[tuple[str, str]]:
    """Each table and each row of it as PostgreSQL writes it out, bytes as text where they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row.encode().decode("unicode_escape", "replace") + row


def everything_in_valkey() -> Iterator[tuple[str, bytes]]:
    for server in servers():
        for key in server.scan_iter():
            values = _values(server, key, server.type(key))
            for value in values:
                yield key.decode(), key + value
                for body in _bodies(value):
                    yield key.decode(), body


def _values(server: Any, key: bytes, kind: Any) -> list[bytes]:
    if kind == b"hash":
        return [part for pair in server.hgetall(key).items() for part in pair]
    read = {b"string": "get", b"list": "lrange", b"set": "smembers", b"zset": "zrange"}[kind]
    ends = (0, -1) if kind in (b"list", b"zset") else ()
    found = getattr(server, read)(key, *ends)
    return [found] if isinstance(found, bytes) else list(found)


def _bodies(value: bytes) -> Iterator[bytes]:
    try:
        yield base64.b64decode(json.loads(value)["body"])
    except (ValueError, KeyError, TypeError):
        return


def everything_in_media() -> Iterator[tuple[str, bytes]]:
    for path in settings.MEDIA_ROOT.rglob("*"):
        if path.is_file():
            yield str(path), path.name.encode() + path.read_bytes()


def places(*words: str) -> set[str]:
    """Where any of the words stands, whatever the case."""
    found = {table for table, row in everything_in_the_database() if any(w in row.lower() for w in words)}
    for source in (everything_in_valkey(), everything_in_media()):
        found |= {place for place, held in source if any(w.encode() in held.lower() for w in words)}
    return found


def ids_of(life: Life) -> set[str]:
    return {str(life.user.pk), str(life.learner.pk)}


def leave_traces(life: Life) -> None:
    """In a session, the cache and the queue."""
    client = Client()
    client.force_login(life.user)
    session = SessionStore(client.session.session_key)
    session["found"] = [{"words": lives.NAME}]
    session.save()
    cache.set("of-a-person", {"who": lives.NAME, "id": life.user.pk})
    cache.set(f"limit:{lives.ADDRESS}", [1.0])
    cache.set("of-nobody", {"solution": 7})
    plan_tasks.work_off.apply_async(kwargs={"job_id": str(life.learner.pk)})
    plan_tasks.work_off.apply_async(kwargs={"job_id": "none", "name": lives.NAME})
    plan_tasks.work_off.apply_async(kwargs={"job_id": "of-nobody"})
    broker = servers()[0]
    broker.set("celery-task-meta-1", json.dumps({"result": lives.ADDRESS}))
    broker.hset("unacked", "tag-1", json.dumps([{"body": _packed(life.user.pk)}, "", "celery"]))
    broker.hset("unacked", "tag-2", json.dumps([{"body": _packed(uuid4())}, "", "celery"]))


def _packed(key: object) -> str:
    return base64.b64encode(json.dumps([[], {"user_id": str(key)}, {}]).encode()).decode()


def test_the_search_finds_a_person_who_is_there(life):
    leave_traces(life)
    found = places(*WORDS)
    assert {
        "accounts_user",
        "learners_learner",
        "learners_evidence",
        "plans_proof",
        "accounts_invitation",
        "credentials_award",
        "django_admin_log",
        "events_idempotencykey",
        "frameworks_unknownterm",
        "celery",
        "celery-task-meta-1",
    } <= found
    assert any("of-a-person" in place for place in found)
    assert any(settings.MEDIA_ROOT.as_posix() in place for place in found)
    assert "events_auditentry" in places(*ids_of(life))


def test_after_erasure_the_person_is_nowhere(life):
    leave_traces(life)
    erasure = ask(life)
    assert erasing.run(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.DONE
    assert len(erasure.steps) == erasing.number_of_steps()
    assert places(*WORDS) == set()
    assert places(*ids_of(life)) == set()
    assert not any(held.of(life.user).exists() for held in holdings.found().values())


def test_what_is_nobodys_stays(life, people):
    leave_traces(life)
    erasing.run(ask(life).pk)
    assert cache.get("of-nobody") == {"solution": 7}
    broker = servers()[0]
    assert broker.hkeys("unacked") == [b"tag-2"]
    [waiting] = [one for one in broker.lrange("celery", 0, -1) if b"work_off" in one]
    assert b"of-nobody" in base64.b64decode(json.loads(waiting)["body"])
    assert User.objects.filter(pk=people.ada.pk, is_active=True).exists()
    assert Evidence.objects.filter(learner=people.ada_learner).exists()


def test_a_pseudonym_is_left_in_the_trail_and_beside_what_others_have(life, people):
    erasure = ask(life)
    erasing.run(erasure.pk)
    label = f"erased:{erasure.pseudonym}"
    done = set(AuditEntry.objects.filter(actor=label).values_list("action", flat=True))
    assert {"plan.made", "evidence.recorded", "erasure.requested"} <= done
    assert Evidence.objects.get(learner=people.ada_learner).recorded_by == label
    assert people.ada_learner.assignments.get().assigned_by is None
    assert not any(str(life.user.pk) in str(entry.details) for entry in AuditEntry.objects.all())


def test_a_credential_of_an_erased_person_is_revoked_and_nameless(life):
    award = Award.objects.get(learner=life.learner)
    token, shown = award.token, json.dumps(verifying.document_of(award))
    address = f"/credentials/{award.pk}/"
    assert lives.NAME in Client().get(address).content.decode()
    erasing.run(ask(life).pk)
    page = Client().get(address, headers={"accept-language": "en"}).content.decode()
    assert "Revoked" in page
    assert "A person whose data were erased" in page
    assert lives.NAME not in page
    assert Client().get(f"/credentials/{award.pk}.jwt").status_code == 404
    for text in (token, shown, f"https://here{address}"):
        assert verifying.verify(text, now=timezone.now()).state is State.REVOKED
    award.refresh_from_db()
    assert award.status_index in award.status_list.revoked


class Killed(BaseException):
    """What a killed worker looks like from inside."""


@pytest.mark.parametrize("survived", [0, 3, 12])
def test_a_run_that_is_killed_goes_on_where_it_ended(life, monkeypatch, survived):
    leave_traces(life)
    erasure = ask(life)
    count = 0
    one_step = erasing._one_step

    def killed_later(key: Any) -> bool:
        nonlocal count
        if count == survived:
            raise Killed
        count += 1
        return bool(one_step(key))

    monkeypatch.setattr(erasing, "_one_step", killed_later)
    with pytest.raises(Killed):
        erasing.run(erasure.pk)
    monkeypatch.undo()
    erasure.refresh_from_db()
    assert len(erasure.steps) == survived
    assert erasing.run(erasure.pk)
    assert places(*WORDS, *ids_of(life)) == set()


def test_a_step_that_fails_is_done_again_as_a_whole(life, monkeypatch):
    erasure = ask(life)
    names = [name for name, _step in erasing.steps()]

    def broken(*_args: Any) -> None:
        Learner.objects.filter(pk=life.learner.pk).update(name="half erased")
        raise ConnectionError

    monkeypatch.setattr(queues, "clear_cache", broken)
    with pytest.raises(ConnectionError):
        erasing.run(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.steps == names[: names.index("cache")]
    assert not Learner.objects.filter(name="half erased").exists()
    monkeypatch.undo()
    assert erasing.run(erasure.pk)


def test_a_run_out_of_time_stops_between_steps(life):
    erasure = ask(life)
    turns = iter([True, True, False])
    assert not erasing.run(erasure.pk, has_time=lambda: next(turns))
    erasure.refresh_from_db()
    assert (erasure.state, len(erasure.steps)) == (Erasure.State.RUNNING, 2)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_real_worker_erases(celery_worker_process):
    life = lives.live()
    erasure = ask(life)
    tasks.erase.delay(erasure_id=str(erasure.pk))
    deadline = timezone.now() + timedelta(seconds=60)
    while Erasure.objects.get(pk=erasure.pk).state != Erasure.State.DONE:
        assert timezone.now() < deadline
    assert places(*WORDS) == set()


def test_during_the_days_of_grace_nothing_is_erased_and_it_can_be_taken_back(
    life, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        erasure = ask(life, at_once=False)
    assert erasure.due_at - erasure.requested_at == timedelta(days=7)
    [letter] = mail.outbox
    assert letter.to == [lives.ADDRESS]
    assert "/me/data/" in letter.body
    assert not Erasure.objects.due(timezone.now()).exists()
    assert Erasure.objects.due(timezone.now() + timedelta(days=8)).get() == erasure
    assert User.objects.get(pk=life.user.pk).is_active
    user = User.objects.get(pk=life.user.pk)
    erasing.keep(user=user, actor=actors.of_user(user))
    erasure.refresh_from_db()
    assert (erasure.state, erasure.user_id) == (Erasure.State.KEPT, None)
    assert erasing.run(erasure.pk)
    assert User.objects.filter(pk=user.pk).exists()
    with pytest.raises(ConflictError):
        erasing.keep(user=user, actor=actors.of_user(user))


def test_asking_twice_is_one_request_and_the_sooner_day_counts(life):
    first = ask(life, at_once=False)
    second = ask(life)
    assert first.pk == second.pk
    assert second.due_at <= timezone.now()
    assert Erasure.objects.count() == 1


def test_nobody_asks_for_somebody_else(life, people):
    with pytest.raises(ForbiddenError):
        erasing.request(user=life.user, actor=people.actor(people.hana), now=timezone.now(), at_once=True)


def test_the_only_administrator_of_others_is_told_what_to_do(people):
    builders.make_user("colleague@example.org", organisation=people.theirs)
    with pytest.raises(erasing.SoleAdministratorError, match="Otterbein Ltd"):
        erasing.request(user=people.otto, actor=people.actor(people.otto), now=timezone.now(), at_once=True)
    assert User.objects.get(pk=people.otto.pk).is_active


def test_who_becomes_the_only_administrator_in_between_is_held_up(people):
    kind = Membership.Kind.ADMINISTRATOR
    second = builders.make_user("second@example.org", organisation=people.theirs, kind=kind)
    erasure = erasing.request(
        user=people.otto, actor=people.actor(people.otto), now=timezone.now(), at_once=False
    )
    Membership.objects.filter(user=second).update(kind=Membership.Kind.MEMBER)
    erasing.run(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.BLOCKED
    assert User.objects.filter(pk=people.otto.pk).exists()
    Membership.objects.filter(user=second).update(kind=kind)
    assert erasing.run(erasure.pk)
    assert not User.objects.filter(pk=people.otto.pk).exists()
    assert Organisation.objects.filter(pk=people.theirs.pk).exists()


def test_an_organisation_of_one_goes_with_its_only_person(people):
    erasing.run(
        erasing.request(
            user=people.otto, actor=people.actor(people.otto), now=timezone.now(), at_once=True
        ).pk
    )
    assert not Organisation.objects.filter(pk=people.theirs.pk).exists()
    assert places("otto@example.org", "otto olsen") == set()


def test_an_address_that_was_never_confirmed_erases_nobody_elses_entry(people):
    entered = recording.enter_person(
        actor=builders.administrator_of(people.theirs), name="Eve", email="eve@example.com"
    )
    impostor = builders.make_user("eve@example.com", name="Impostor")
    erasing.run(
        erasing.request(user=impostor, actor=actors.of_user(impostor), now=timezone.now(), at_once=True).pk
    )
    entered.refresh_from_db()
    assert entered.email == "eve@example.com"
    assert not User.objects.filter(pk=impostor.pk).exists()


def test_the_operator_erases_by_command(life, capsys):
    call_command("erase_person", lives.ADDRESS.upper(), "--yes")
    assert "done" in capsys.readouterr().out
    assert places(*WORDS, *ids_of(life)) == set()
    assert SYSTEM.label != erasing.ACTOR.label
