"""One record is an audit entry and an event; the relay delivers at least once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from groundwork.core.actors import SYSTEM
from groundwork.events import outbox
from groundwork.events.models import AuditEntry, Event
from tests import builders, cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def handlers(monkeypatch):
    """No subscribers but the test's own."""
    mine: dict = {}
    monkeypatch.setattr(outbox, "_handlers", type(outbox._handlers)(list, mine))
    return outbox._handlers


def record(kind="thing.done"):
    outbox.record(actor=SYSTEM, action=kind, subject=builders.make_organisation(), details={"n": 1})


def test_a_record_is_one_audit_entry_and_one_event():
    record()
    entry, event = AuditEntry.objects.get(action="thing.done"), Event.objects.get(kind="thing.done")
    assert entry.actor == "system:groundwork"
    assert (entry.subject_id, entry.details) == (event.subject_id, event.payload)


def test_an_event_is_handed_over_once(handlers):
    seen = []
    outbox.subscribe("thing.done", lambda event: seen.append(event.pk))
    record()
    assert outbox.relay() >= 1
    outbox.relay()
    assert len(seen) == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_a_handler_in_no_hurry_waits_for_the_schedule(handlers, django_capture_on_commit_callbacks, at_once):
    seen = []
    kind = f"thing.{'urgent' if at_once else 'patient'}"
    outbox.subscribe(kind, lambda event: seen.append(event.kind), at_once=at_once)
    with django_capture_on_commit_callbacks(execute=True):
        record(kind)
    assert bool(seen) is at_once
    outbox.relay()
    assert seen == [kind]


def test_a_failing_handler_leaves_its_event_waiting_and_stops_no_other(handlers, caplog):
    seen = []

    def fail(event):
        raise RuntimeError("no")

    outbox.subscribe("bad", fail)
    outbox.subscribe("good", lambda event: seen.append(event.kind))
    record("bad")
    record("good")
    outbox.relay()
    assert seen == ["good"]
    assert Event.objects.get(kind="bad").relayed_at is None
    assert "could not be relayed" in caplog.text


def test_what_a_failing_handler_wrote_is_rolled_back(handlers):
    def half(event):
        builders.make_organisation("half")
        raise RuntimeError("no")

    outbox.subscribe("bad", half)
    record("bad")
    outbox.relay()
    assert not type(builders.make_organisation()).objects.filter(name="half").exists()


def test_the_trail_is_seen_by_administrators_of_the_organisation_only():
    people = cast.gather()
    assert AuditEntry.objects.visible_to(people.actor(people.hana)).exists()
    assert not AuditEntry.objects.visible_to(people.actor(people.ada)).exists()
    theirs = AuditEntry.objects.visible_to(people.actor(people.otto))
    assert set(theirs.values_list("organisation_id", flat=True)) == {people.theirs.pk}


def test_events_that_always_fail_hold_up_no_other(handlers):
    def fail(event):
        raise RuntimeError("no")

    seen = []
    outbox.subscribe("bad", fail)
    outbox.subscribe("good", lambda event: seen.append(event.kind))
    for _ in range(3):
        record("bad")
    record("good")
    for _ in range(2):
        outbox.relay(limit=3)
    assert seen == ["good"]
    assert set(Event.objects.filter(kind="bad").values_list("failures", flat=True)) == {1}


def test_a_failing_event_is_tried_again_after_its_pause(handlers):
    tries = []

    def fail_once(event):
        tries.append(event.pk)
        if len(tries) == 1:
            raise RuntimeError("no")

    outbox.subscribe("bad", fail_once)
    record("bad")
    outbox.relay()
    outbox.relay()
    assert len(tries) == 1
    Event.objects.filter(kind="bad").update(due_at=timezone.now())
    outbox.relay()
    assert len(tries) == 2
    assert Event.objects.get(kind="bad").relayed_at


def test_an_event_nobody_waits_for_does_not_wait(handlers):
    record()
    assert Event.objects.get(kind="thing.done").relayed_at
