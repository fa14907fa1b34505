"""Honcho's process manager with what `make run` needs of it: stages, and nothing left behind."""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import os
import queue
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import FrameType, MappingProxyType, TracebackType
from typing import Any, NoReturn, Self

import honcho.manager
import honcho.process
from honcho.printer import Message, Printer

from scripts import servers

GRACE = 3.5
"""Seconds that all parts together have between the polite signal and the other one."""

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that end everything."""

_RUNNER_ENDED = signal.SIGUSR1


class Stopped(BaseException):
    """A signal asked for the end before everything ran."""


def stop(*_: object) -> NoReturn:
    """Handle a signal by raising Stopped, once: a second one must not interrupt the clean-up."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


class _Process(honcho.process.Process):  # type: ignore[misc]  # honcho ships no types
    """A part of Groundwork, and the small process of honcho's that reads its lines and outlives none of it.

    A part is the group of its head. When the head or the runner has ended, what is left of it is killed.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._child_ctor = _popen
        self._runner = os.getpid()

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:  # noqa: FBT001, FBT002  # honcho's
        # Before anything else: the terminal sends Ctrl-C to the whole group, and the reader must stay.
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        signal.signal(_RUNNER_ENDED, self._end_with_the_runner)
        servers.signal_on_parents_death(_RUNNER_ENDED, parent=self._runner)
        super().run(events, ignore_signals=False)

    def _end_with_the_runner(self, number: int, frame: FrameType | None) -> NoReturn:
        if self._child is not None:
            _kill_group(self._child.pid)
        os._exit(1)


def _popen(command: str, **options: Any) -> subprocess.Popen[bytes]:
    head = subprocess.Popen(
        shlex.split(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=servers.dies_with_parent(),  # noqa: PLW1509  # a fork with one thread
        **options,
    )
    threading.Thread(target=_kill_what_outlives, args=(head.pid,), daemon=True).start()
    return head


def _kill_what_outlives(head: int) -> None:
    """Children of a killed head would hold its output open, and the reader would wait for their last line."""
    with contextlib.suppress(ChildProcessError):
        os.waitid(os.P_PID, head, os.WEXITED | os.WNOWAIT)
    _kill_group(head)


def _kill_group(head: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(head, signal.SIGKILL)


class _Signals:
    """Asks the head of a part first, so that it may end its children in order; then ends the whole group."""

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)

    def kill(self, pid: int) -> None:
        _kill_group(pid)


class Manager(honcho.manager.Manager):  # type: ignore[misc]  # honcho ships no types
    """Starts parts in stages, ends all when one ends, and kills what has not ended after GRACE seconds."""

    def __init__(self) -> None:
        super().__init__(Printer())
        self._procmgr = _Signals()
        self._process_ctor = _Process
        self._when_up: Callable[[], None] | None = None
        self._asked_to_end = False
        # Its put() is safe within a signal handler, as no lock of threading is.
        self._requests: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._last: set[str] = set()
        self._make_listens = _make_listens()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Whatever happened, leave no process behind."""
        alive = [
            part for part in self._processes.values() if "process" in part and part["process"].is_alive()
        ]
        for part in alive:
            self._procmgr.terminate(part["pid"])
        deadline = time.monotonic() + GRACE
        for part in alive:
            part["process"].join(max(0.0, deadline - time.monotonic()))
            if part["process"].is_alive():
                self._procmgr.kill(part["pid"])
                # It may have lines to hand over that nobody reads any more.
                part["process"].kill()
                part["process"].join()

    def add(
        self,
        name: str,
        command: list[str],
        *,
        environment: Mapping[str, str] = MappingProxyType({}),
        ends_last: bool = False,
    ) -> None:
        """A part for the next start() or run(); one that `ends_last` stays up for the others."""
        self.add_process(name, shlex.join(command), env={**os.environ, **environment})
        if ends_last:
            self._last.add(name)

    def when_up(self, tell: Callable[[], None]) -> None:
        """Call `tell`, in a thread, when all parts have been started."""
        self._when_up = tell

    def start(self) -> None:
        """Start the parts that have been added and do not run yet; returns when each has its process id."""
        for name, part in self._processes.items():
            if "process" in part:
                continue
            reader = multiprocessing.Process(name=name, target=part["obj"].run, args=(self.events, True))
            # A signal between the start and the process id would find a part that it cannot end.
            with _signals_held():
                reader.start()
                while "pid" not in part:
                    self._take(self.events.get(timeout=10))
                part["process"] = reader

    def _take(self, message: Message) -> None:
        if message.type == "line":
            self._printer.write(message)
        elif message.type == "start":
            self._processes[message.name]["pid"] = message.data["pid"]
        else:
            self._processes[message.name]["returncode"] = message.data["returncode"]

    def run(self) -> int:
        """Start the rest and pass lines on until all have ended; 0 when a signal asked for that, else 1."""
        self.loop()
        return 0 if self._asked_to_end else 1

    def say(self, text: str) -> None:
        """Print a line among the parts' lines."""
        self._system_print(text + "\n")

    def _start(self) -> None:
        # loop() has installed handlers of its own by now; they print, which a signal amid a print must not.
        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._end_as_asked)
        self.start()
        threading.Thread(target=self._end_all, daemon=True).start()
        if self._when_up:
            threading.Thread(target=self._when_up, daemon=True).start()
        if self._make_listens:
            threading.Thread(target=_follow_make, daemon=True).start()

    def _end_as_asked(self, number: int, frame: FrameType | None) -> None:
        self._asked_to_end = self._asked_to_end or not self._any_stopped()
        self.terminate()

    def terminate(self) -> None:
        """Ask every part to end, and see to it that it does."""
        if not self._all_started():
            stop()
        self._requests.put(None)

    def _end_all(self) -> None:
        """When asked: first the parts that need the others (two thirds of the grace), then those others."""
        self._requests.get()
        first = [name for name in self._processes if name not in self._last]
        self._end(first, seconds=GRACE * 2 / 3)
        self._end(list(self._last), seconds=GRACE / 3)

    def _end(self, names: list[str], *, seconds: float) -> None:
        for name in names:
            if not self._ended(name):
                self._procmgr.terminate(self._processes[name]["pid"])
        deadline = time.monotonic() + seconds
        while not all(map(self._ended, names)) and time.monotonic() < deadline:
            time.sleep(0.02)
        for name in names:
            if not self._ended(name):
                self._procmgr.kill(self._processes[name]["pid"])

    def _ended(self, name: str) -> bool:
        return "returncode" in self._processes[name]


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    held = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _make_listens() -> bool:
    """Whether make is our parent and ends on Ctrl-C.

    It then waits for us without a word when the signal came to it alone, and not from a terminal to both.
    """
    return "MAKELEVEL" in os.environ and _caught(os.getppid(), signal.SIGINT)


def _follow_make() -> None:
    """End when make has been told to: it no longer catches the signal once it has got it."""
    make = os.getppid()
    while _caught(make, signal.SIGINT):
        time.sleep(0.25)
    os.kill(os.getpid(), signal.SIGINT)


def _caught(pid: int, number: int) -> bool:
    """Whether the process handles the signal, as Linux tells; False elsewhere, and when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return False
    masks = [line.split()[1] for line in lines if line.startswith("SigCgt:")]
    return bool(masks) and bool(int(masks[0], 16) >> (number - 1) & 1)


def wait_for_page(host: str, port: int, path: str, *, seconds: float) -> bool:
    """Whether a web server on this machine answers `path` with 200 within `seconds`."""
    # A server that listens on every address is asked on the loopback one.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(host, port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return True
        time.sleep(0.1)
    return False
