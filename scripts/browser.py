"""Finds a Chromium for the browser tests, or installs Debian's where that is possible."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from scripts import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk")

# A test browser has nobody to call: without these it looks for updates, and each refusal costs time.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def find() -> str | None:
    """The path of a Chromium on this machine; CHROMIUM names one of your own."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


def find_or_install() -> str | None:
    """As find(), after an attempt to install Debian's where we may; only one process of a run tries."""
    with (Path(tempfile.gettempdir()) / f"groundwork-browser-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if find() is None:
            debian.install(PACKAGES)
        return find()
