"""Secrets that stand in addresses reach no log: neither ours nor the web server's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from logging.config import dictConfig
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from groundwork.logs import masked

PLATFORM = Path(__file__).parents[2] / "platform"
SECRET = "Zq3_-x" * 7
KEPT_FROM_LOGS = (
    f"/shared/{SECRET}/",
    f"/shared/{SECRET}",
    f"/shared/{SECRET}/?language=en",
    f"/calendar/{SECRET}.ics",
    f"/join/{SECRET}/",
    f"/accounts/confirm-email/{SECRET}:1abc/",
    f"/accounts/password/reset/key/3-{SECRET}/",
)


@pytest.mark.parametrize("number", range(len(KEPT_FROM_LOGS)))
def test_a_secret_is_masked_wherever_its_address_stands(number: int):
    address = KEPT_FROM_LOGS[number]
    line = f'"GET {address} HTTP/1.1" 200 "http://127.0.0.1:8000{address}" "Agent"'
    shown = masked(line)
    assert SECRET not in shown
    assert shown.count("***") == 2
    assert shown.startswith('"GET /')
    assert shown.endswith('"Agent"')


def test_other_addresses_stay_as_they_are():
    for address in ("/me/calendar/open/", "/roles/kernel-engineer/path/?hours=8", "/calendar/", "/shared/"):
        assert masked(f"GET {address} HTTP/1.1") == f"GET {address} HTTP/1.1"


@pytest.mark.django_db
def test_our_log_names_the_page_that_was_not_found_without_its_secret(capsys: pytest.CaptureFixture[str]):
    # A handler keeps the stream it was made with; this one is made while the test listens.
    dictConfig(settings.LOGGING)
    Client().get(f"/shared/{SECRET}/")
    logged = capsys.readouterr().err
    assert "/shared/***/" in logged
    assert SECRET not in logged


def test_the_web_servers_log_keeps_them_out_too(tmp_path: Path):
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "access.log"
    options = ["--bind", f"127.0.0.1:{port}", "--access-logfile", str(log), "--no-control-socket"]
    options += ["--logger-class", "groundwork.access_logs.MaskedLogger", "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", *options, "wsgiref.simple_server:demo_app"]
    with subprocess.Popen(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(PLATFORM)}) as server:
        try:
            _get(port, f"/shared/{SECRET}/", referrer=f"http://127.0.0.1:{port}/join/{SECRET}/")
        finally:
            server.terminate()
    logged = log.read_text(encoding="utf-8")
    assert '"GET /shared/***/ HTTP/1.1" 200' in logged
    assert "/join/***/" in logged
    assert SECRET not in logged


def _get(port: int, path: str, *, referrer: str) -> None:
    """Ask until the server is up."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Referer": referrer})
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert answer.status == 200
                return
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "the web server did not start"
            time.sleep(0.05)
