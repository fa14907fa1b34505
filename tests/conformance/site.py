"""Groundwork as `make run` starts it: a PostgreSQL database, a folder, a port of its own, and people."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "var" / "conformance" / "node_modules"
UP_WITHIN = 180
SEED = "import django; django.setup(); from tests.conformance import seeding; seeding.main()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a GET brought, redirects not followed."""

    status: int
    kind: str
    body: bytes

    @property
    def is_page(self) -> bool:
        """Errors but "not found" included: it stands for whatever is not theirs, and is one of the states."""
        is_seen = self.status not in {404, 405} and self.status not in range(300, 400)
        return is_seen and self.kind.startswith("text/html")

    @property
    def is_for_programs(self) -> bool:
        return bool(self.kind) and not self.kind.startswith("text/html")

    @property
    def answers_forms_only(self) -> bool:
        return self.status == 405


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Site:
    """A running Groundwork: its address, session cookies by persona, and paths by route and by name."""

    url: str
    folder: Path
    sessions: dict[str, str]
    routes: dict[str, str]
    places: dict[str, str]

    def cookies(self, persona: str, *, language: str = "en") -> list[dict[str, str]]:
        """As Playwright wants them."""
        wanted = {"groundwork_session": self.sessions.get(persona, ""), "groundwork_language": language}
        return [{"name": name, "value": value, "url": self.url} for name, value in wanted.items() if value]

    def get(self, path: str, *, persona: str = "visitor", language: str = "en") -> Answer:
        """Ask for a path as a browser would that is signed in as `persona`."""
        cookies = self.cookies(persona, language=language)
        request = urllib.request.Request(self.url + path, headers={"Accept": "text/html"})
        request.add_header("Cookie", "; ".join(f"{one['name']}={one['value']}" for one in cookies))
        try:
            with _opener.open(request, timeout=120) as answer:
                return Answer(
                    status=answer.status, kind=answer.headers.get("Content-Type", ""), body=answer.read()
                )
        except urllib.error.HTTPError as error:
            with error:
                return Answer(
                    status=error.code, kind=error.headers.get("Content-Type", ""), body=error.read()
                )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirects)


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    """The real web server and worker on an empty database, then people (tests/conformance/seeding.py)."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with _database() as database:
        environment = {
            **{name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "MAKELEVEL"}},
            "DJANGO_SETTINGS_MODULE": "groundwork.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
            "DATABASE_URL": database,
            "GROUNDWORK_VAR": str(folder / "var"),
            "GROUNDWORK_BASE_URL": url,
            "PORT": str(port),
        }
        with _runner(environment, log=folder / "log"):
            queue = json.loads((folder / "var" / "runner.json").read_text())["redis_url"]
            yield Site(url=url, folder=folder, **_seed({**environment, "REDIS_URL": queue}))


def _seed(environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-c", SEED]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    seeded: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seeded


@contextmanager
def _runner(environment: dict[str, str], *, log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"], env=environment, cwd=ROOT, stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + UP_WITHIN
        while b"Ctrl-C" not in log.read_bytes() or b"ready." not in log.read_bytes():
            said = log.read_text(errors="replace")[-4000:]
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@contextmanager
def _database() -> Iterator[str]:
    """A database of our own on the suite's server."""
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"groundwork_audit_{os.getpid()}"
    with psycopg.connect(urlunsplit(server), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield urlunsplit(server._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(urlunsplit(server), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def free_port() -> int:
    """A port that Linux hands to nobody who asks for any, so that it is still free when the run takes it."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("a hundred ports are taken")
