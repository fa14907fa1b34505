"""What the runner of this checkout leaves for others to find: who runs, and where."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A live `make run`: its process id, its address and its queue."""

    pid: int
    address: str
    redis_url: str


def var() -> Path:
    """The folder for everything that the machine makes; GROUNDWORK_VAR moves it."""
    return Path(os.environ.get("GROUNDWORK_VAR") or ROOT / "var").resolve()


def claim() -> IO[str] | None:
    """The lock that one runner per folder holds for its life, or None when another has it.

    The kernel drops the lock with the process, so nothing stale can keep a start from happening.
    """
    var().mkdir(parents=True, exist_ok=True)
    file = (var() / "runner.json").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def announce(lock: IO[str], running: Running) -> None:
    """Write who holds the lock."""
    lock.seek(0)
    lock.truncate()
    json.dump(asdict(running), lock)
    lock.flush()


def running() -> Running | None:
    """The runner that holds the lock now, or None."""
    lock = claim()
    if lock is not None:
        lock.close()
        return None
    try:
        return Running(**json.loads((var() / "runner.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
