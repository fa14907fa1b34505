"""Runs a Celery worker: `make worker` beside a running Groundwork, or on the queue that REDIS_URL names."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from scripts import state


def command(*, beat: bool) -> list[str]:
    """The worker's command line; with `beat` it also runs what is scheduled, which one worker must."""
    line = [sys.executable, "-m", "celery", "--app", "groundwork", "worker", "--loglevel", "INFO"]
    line += ["--pool", "prefork", "--concurrency", os.environ.get("GROUNDWORK_WORKERS", "2")]
    line += ["--without-gossip", "--without-mingle"]
    if beat:
        line += ["--beat", "--schedule", str(state.var() / "celerybeat-schedule")]
    return line


def main() -> NoReturn:
    """Become the worker; exit with one line when there is no queue to work on."""
    running = state.running()
    if not os.environ.get("REDIS_URL"):
        if running is None:
            sys.exit("make worker: set REDIS_URL, or start `make run` first")
        os.environ["REDIS_URL"] = running.redis_url
    beat = os.environ.get("GROUNDWORK_BEAT", "0" if running else "1") == "1"
    os.execv(sys.executable, command(beat=beat))


if __name__ == "__main__":
    main()
