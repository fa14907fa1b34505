"""Runs Groundwork: embedded servers where none are named, the web server, and one worker with the schedule.

INT, TERM and HUP end everything within five seconds. Every process dies with the one that started it, so
that not even a killed runner leaves anything behind.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from scripts import processes, servers, state, worker

PYTHON = sys.executable


class CannotStart(Exception):
    """One sentence for the person at the keyboard."""


def main() -> int:
    """Run until told to stop; exit code 0 then, 1 when a part could not start or ended by itself."""
    if sys.argv[1:] == ["--stop"]:
        return stop()
    _take_signals()
    try:
        return run()
    except (CannotStart, servers.Unavailable) as error:
        print(f"make run: {error}", file=sys.stderr)
        return 1
    except processes.Stopped:
        return 0


def run() -> int:
    """Claim the folder and the port, start the servers, bring the data up to date, serve."""
    host, port = os.environ.get("HOST", "127.0.0.1"), _port()
    lock = state.claim()
    if lock is None:
        other = state.running()
        where = f" at {other.address} (process {other.pid})" if other else ""
        raise CannotStart(f"Groundwork is already running here{where}; `make stop` ends it")
    with lock:
        _require_free(host, port)
        address = f"http://{host}:{port}"
        os.environ.setdefault("GROUNDWORK_BASE_URL", address)
        with processes.Manager() as manager:
            os.environ["REDIS_URL"] = os.environ.get("REDIS_URL") or _start_valkey(manager)
            state.announce(
                lock, state.Running(pid=os.getpid(), address=address, redis_url=os.environ["REDIS_URL"])
            )
            _prepare()
            manager.add("web", _web_command(host, port))
            # A worker's usual farewell waits for its task; this one hands the task back after a second.
            quick = {"REMAP_SIGTERM": "SIGQUIT", "GROUNDWORK_SOFT_SHUTDOWN": "1"}
            # Its checks would load every page; `make check` runs them.
            quick["CELERY_SKIP_CHECKS"] = "1"
            manager.add("worker", worker.command(beat=True), environment=quick)
            manager.when_up(lambda: _greet(host, port, manager))
            return manager.run()


def stop() -> int:
    """End the runner of this folder and wait until it is gone; exit code 1 when it would not go."""
    other = state.running()
    if other is None:
        print("Groundwork is not running here.")
        return 0
    os.kill(other.pid, signal.SIGTERM)
    for _ in range(100):
        if state.running() is None:
            print("Stopped.")
            return 0
        time.sleep(0.1)
    print(f"make stop: process {other.pid} does not end", file=sys.stderr)
    return 1


def _take_signals() -> None:
    """Listen to the signals that end us even where a shell started us with them ignored (`make run &`)."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, processes.stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
        signal.signal(signal.SIGHUP, processes.stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, processes.ENDING)
    if os.environ.get("MAKELEVEL"):
        servers.signal_on_parents_death(signal.SIGTERM, parent=os.getppid())


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotStart(f"PORT={text} is no port number; use one from 1 to 65535")
    return int(text)


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(
                f"port {port} needs rights you do not have; choose another: make run PORT=8001"
            ) from None
        except OSError as error:
            raise CannotStart(
                f"port {port} on {host} is taken ({error.strerror}); choose another: make run PORT={port + 1}"
            ) from None


def _start_valkey(manager: processes.Manager) -> str:
    folder = state.var() / "valkey"
    listen = servers.valkey_socket(folder)
    manager.add("valkey", servers.valkey_command(folder, listen=listen, keep=True), ends_last=True)
    manager.start()
    if not servers.wait_for_valkey(listen):
        raise CannotStart(f"the embedded Valkey did not start: see {folder / 'valkey.log'}, or set REDIS_URL")
    return servers.valkey_url(listen)


def _prepare() -> None:
    """Run the steps that must be done before anything serves; a signal ends them too."""
    with subprocess.Popen(
        [PYTHON, "-m", "scripts.prepare"],
        start_new_session=True,
        preexec_fn=servers.dies_with_parent(),  # noqa: PLW1509  # the runner has one thread at this point
    ) as steps:
        try:
            code = steps.wait()
        except BaseException:
            steps.terminate()
            raise
    if code:
        raise CannotStart("the data could not be brought up to date; the lines above say why")


def _web_command(host: str, port: int) -> list[str]:
    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": 2,
        "worker-class": "gthread",
        "threads": 4,
        "timeout": 60,
        "graceful-timeout": 1,
        "keep-alive": 5,
        "max-requests": 5000,
        "max-requests-jitter": 500,
        "access-logfile": "-",
        "logger-class": "groundwork.access_logs.MaskedLogger",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return [
        PYTHON,
        "-m",
        "gunicorn",
        "groundwork.wsgi:application",
        "--preload",
        "--no-control-socket",
        *words,
    ]


def _greet(host: str, port: int, manager: processes.Manager) -> None:
    """Say where it is and who may sign in, once it answers."""
    if not processes.wait_for_page(host, port, "/healthz", seconds=60):
        manager.say("the web server does not answer; the lines above may say why")
        return
    manager.say("")
    manager.say(f"Groundwork is at {os.environ['GROUNDWORK_BASE_URL']}/")
    for line in _sign_ins():
        manager.say(line)
    manager.say("Ctrl-C, or `make stop` from elsewhere, ends it.")


def _sign_ins() -> list[str]:
    path: Path = state.var() / "sign-ins.txt"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


if __name__ == "__main__":
    sys.exit(main())
