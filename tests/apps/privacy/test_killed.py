"""Erasure whose process is really killed, by SIGKILL: another process goes on, and the person is nowhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from groundwork.accounts.models import User
from groundwork.learners.models import Evidence
from groundwork.plans.models import Plan
from groundwork.privacy import erasing
from groundwork.privacy.models import Erasure
from scripts import servers as processes
from tests.apps.privacy import lives
from tests.apps.privacy.lives import Life
from tests.apps.privacy.test_erasing import WORDS, ask, ids_of, leave_traces, places, servers

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SECONDS = 60.0
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> ALL(%s)
"""


@pytest.fixture(autouse=True)
def _empty_servers() -> Iterator[None]:
    for server in servers():
        server.flushdb()
    yield
    for server in servers():
        server.flushdb()


@pytest.fixture
def life() -> Life:
    life = lives.live()
    leave_traces(life)
    return life


def database() -> str:
    return urlunsplit(
        urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    )


def start(tmp_path: Path) -> subprocess.Popen[str]:
    """`manage.py erase_person` on the test's database, cache, queue and files, as a process of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "groundwork.settings",
        "DATABASE_URL": database(),
        "REDIS_URL": settings.REDIS_URL,
        "GROUNDWORK_VAR": str(tmp_path),
    }
    return subprocess.Popen(
        [sys.executable, str(settings.ROOT / "manage.py"), "erase_person", lives.ADDRESS, "--yes"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=processes.dies_with_parent(),  # noqa: PLW1509  # it must not outlive a killed test run
    )


@contextmanager
def holding(table: str, key: Any) -> Iterator[psycopg.Connection]:
    """A row locked by somebody else: who wants to change it waits."""
    with psycopg.connect(database()) as other:
        other.execute(f'SELECT 1 FROM "{table}" WHERE id = %s FOR UPDATE', [key])
        yield other


def wait_for_locks(count: int, process: subprocess.Popen[str]) -> None:
    """Until `count` sessions of this database wait for a row that somebody holds."""
    deadline = time.monotonic() + SECONDS
    with psycopg.connect(database(), autocommit=True) as watch:
        while True:
            row = watch.execute(WAITING, [[watch.info.backend_pid]]).fetchone()
            if row is not None and row[0] >= count:
                return
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
            assert time.monotonic() < deadline, "nobody waits for the row"
            time.sleep(0.02)


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def resume(tmp_path: Path) -> str:
    process = start(tmp_path)
    said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, said
    return said


def is_gone(life: Life, erasure: Erasure, said: str) -> bool:
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.DONE
    assert len(erasure.steps) == len(set(erasure.steps)) == erasing.number_of_steps()
    assert f"done, {erasing.number_of_steps()} steps" in said
    return places(*WORDS, *ids_of(life)) == set()


@pytest.mark.parametrize(
    ("model", "step"), [(Evidence, "trail"), (Plan, "plans.Plan")], ids=["sweeping", "deleting rows"]
)
def test_a_process_killed_in_a_step_leaves_nothing_of_that_step(
    life: Life, tmp_path: Path, model: type[Any], step: str
):
    erasure = ask(life)
    row = model.objects.filter(learner=life.learner).order_by("pk").last()
    before = places(*WORDS)
    with holding(model._meta.db_table, row.pk), start(tmp_path) as process:
        wait_for_locks(1, process)
        kill(process)
    erasure.refresh_from_db()
    names = [name for name, _step in erasing.steps()]
    assert erasure.steps == names[: names.index(step)]
    assert erasure.state == Erasure.State.RUNNING
    assert model.objects.filter(pk=row.pk).exists()
    assert not User.objects.get(pk=life.user.pk).is_active, "nobody signs in meanwhile"
    assert places(*WORDS) <= before
    assert is_gone(life, erasure, resume(tmp_path))


def test_a_process_killed_between_two_steps_has_done_the_first_whole(life: Life, tmp_path: Path):
    erasure = ask(life)
    plan = Plan.objects.filter(learner=life.learner).first()
    assert plan is not None
    with psycopg.connect(database()) as next_one, start(tmp_path) as process:
        with holding("plans_plan", plan.pk):
            wait_for_locks(1, process)
            # Asked for while the step holds a row of it, so it is had as soon as the step has ended, before
            # the next. The table, because it is handed to who waits; a row may be taken by who comes by.
            taking = threading.Thread(
                target=next_one.execute,
                args=('LOCK TABLE "privacy_erasure" IN EXCLUSIVE MODE',),
            )
            taking.start()
            wait_for_locks(2, process)
        taking.join(SECONDS)
        wait_for_locks(1, process)
        kill(process)
    erasure.refresh_from_db()
    assert erasure.steps[-1] == "plans.Plan"
    assert not Plan.objects.filter(learner=life.learner).exists()
    assert User.objects.filter(pk=life.user.pk).exists()
    assert is_gone(life, erasure, resume(tmp_path))


def test_whoever_asks_meanwhile_waits_and_does_nothing_twice(life: Life, tmp_path: Path):
    """A second process beside a first: no step is done by both, and both end well."""
    erasure = ask(life)
    plan = Plan.objects.filter(learner=life.learner).first()
    assert plan is not None
    with holding("plans_plan", plan.pk), start(tmp_path) as first:
        wait_for_locks(1, first)
        second = start(tmp_path)
        wait_for_locks(2, second)
        kill(first)
    said, _ = second.communicate(timeout=SECONDS)
    assert second.returncode == 0, said
    assert is_gone(life, erasure, said)
