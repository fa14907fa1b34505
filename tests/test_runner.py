"""`make run` as a person meets it: up, told to stop, gone; and the refusals."""

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
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[1]
UP_WITHIN = 120
GONE_WITHIN = 5
# Who started the tests may ignore a signal, as nohup does, and a child inherits that.
OBEDIENT = ["env", "--default-signal=INT,TERM,HUP"]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("runner")]


def free_port() -> int:
    """A port that Linux hands to nobody who asks for any, so that it is still free when the run takes it."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    pytest.fail("a hundred ports are taken")


def lives(process: psutil.Process) -> bool:
    # It may end between any two questions.
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@dataclass
class Run:
    """One start of the runner, in a folder and on a port of its own."""

    process: subprocess.Popen[str]
    port: int
    log: Path
    family: frozenset[psutil.Process] = frozenset()

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + UP_WITHIN
        # The worker is the last part to be ready, and the greeting ends with how to stop.
        while "ready." not in self.said() or "Ctrl-C" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)
        self.meet_the_family()

    def meet_the_family(self) -> None:
        me = psutil.Process(self.process.pid)
        self.family = frozenset([me, *me.children(recursive=True)])

    def head(self, word: str) -> psutil.Process:
        """The process that leads the part whose command line has this word."""
        heads = [each for each in self.living() if each.pid == os.getpgid(each.pid)]
        return next(each for each in heads if word in each.cmdline())

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def living(self) -> list[psutil.Process]:
        return [each for each in self.family if lives(each)]

    def wait_until_gone(self) -> None:
        deadline = time.monotonic() + GONE_WITHIN
        while self.living() and time.monotonic() < deadline:
            self.process.poll()
            time.sleep(0.05)

    def assert_gone(self) -> None:
        self.wait_until_gone()
        assert self.living() == []
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", self.port))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all: the first start fills the database, the later ones find it."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def start(folder: Path, tmp_path: Path) -> Iterator:
    started: list[Run] = []

    def start_one(command: list[str] | None = None, *, var: Path = folder, **options) -> Run:
        port = options.pop("port", None) or free_port()
        log = tmp_path / f"log-{len(started)}"
        with log.open("w") as file:
            process = subprocess.Popen(
                [*OBEDIENT, *(command or [sys.executable, "-m", "scripts.run"])],
                cwd=ROOT,
                env=environment(var, port),
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                **options,
            )
        started.append(Run(process, port, log))
        return started[-1]

    yield start_one
    for run in started:
        run.process.kill()
        run.process.wait()
        # The next run waits for nobody: what is left of this one would still hold the folder.
        for each in run.living():
            with suppress(psutil.NoSuchProcess):
                each.kill()
        run.wait_until_gone()


def environment(folder: Path, port: int) -> dict[str, str]:
    mine = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MAKELEVEL", "MAKEFLAGS"}
    inherited = {name: value for name, value in os.environ.items() if name not in mine}
    paths = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    return {**inherited, "GROUNDWORK_VAR": str(folder), "PORT": str(port), "PYTHONPATH": paths}


def ignore_interrupts() -> None:
    """What a shell does to a command that it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def test_it_serves_and_a_second_start_is_quick_and_changes_nothing(start, folder):
    first = start()
    first.wait_until_up()
    assert first.get("/healthz") == 200
    assert first.get("/") == 200
    signed = (folder / "secret_key").read_text()
    first.process.terminate()
    first.assert_gone()
    assert first.process.wait(1) == 0

    again = start()
    again.wait_until_up()
    assert "Catalogue is up to date" in again.said()
    assert "Collecting the static files" not in again.said()
    assert "Demo sign-ins" in again.said()
    assert (folder / "secret_key").read_text() == signed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_runner_ends_everything(start, number):
    run = start()
    run.wait_until_up()
    run.process.send_signal(number)
    run.assert_gone()
    assert run.process.wait(1) == 0


def test_an_interrupt_ends_a_runner_that_a_shell_put_in_the_background(start):
    run = start(preexec_fn=ignore_interrupts)
    run.wait_until_up()
    run.process.send_signal(signal.SIGINT)
    run.assert_gone()


def test_a_killed_runner_leaves_nothing_behind(start):
    run = start()
    run.wait_until_up()
    run.process.kill()
    run.assert_gone()


def test_a_killed_worker_ends_the_run_with_a_failure(start):
    run = start()
    run.wait_until_up()
    run.head("celery").kill()
    run.assert_gone()
    assert run.process.wait(1) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_signal_to_make_alone_ends_everything(start, number):
    run = start(["make", "--no-print-directory", "run"])
    run.wait_until_up()
    run.process.send_signal(number)
    run.assert_gone()


def test_a_signal_while_the_data_is_loaded_ends_it_too(start, tmp_path):
    run = start(var=tmp_path / "empty")
    deadline = time.monotonic() + UP_WITHIN
    while "Loading the fixtures" not in run.said():
        assert time.monotonic() < deadline, run.said()
        time.sleep(0.02)
    run.meet_the_family()
    run.process.terminate()
    run.assert_gone()
    assert "Ready in" not in run.said()


def test_make_stop_ends_it_from_elsewhere(start, folder):
    run = start()
    run.wait_until_up()
    stopped = subprocess.run(
        [sys.executable, "-m", "scripts.run", "--stop"],
        cwd=ROOT,
        env=environment(folder, run.port),
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert stopped.stdout == "Stopped.\n"
    run.assert_gone()


def test_a_second_runner_in_the_same_folder_is_refused_and_told_where_the_first_is(start, folder):
    first = start()
    first.wait_until_up()
    second = start()
    assert second.process.wait(20) == 1
    assert f"already running here at http://127.0.0.1:{first.port}" in second.said()
    assert json.loads((folder / "runner.json").read_text())["pid"] == first.process.pid
    assert first.get("/healthz") == 200


def test_a_taken_port_gives_one_line_that_names_another(start):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = start(port=port)
        assert run.process.wait(20) == 1
    assert run.said().count("\n") == 1
    assert f"port {port} on 127.0.0.1 is taken" in run.said()
    assert f"make run PORT={port + 1}" in run.said()


def test_a_port_that_is_none_is_refused(start):
    run = start(port="http")
    assert run.process.wait(20) == 1
    assert run.said() == "make run: PORT=http is no port number; use one from 1 to 65535\n"
