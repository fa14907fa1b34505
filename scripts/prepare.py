"""Brings database, fixtures and static files up to date, in one Django process for a quick start."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
import time

import django
from django.conf import settings
from django.core.management import CommandError, call_command


def main() -> int:
    """Migrate, seed, collect the static files when they changed, and leave the sign-ins for the runner."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundwork.settings")
    # It ends in a moment, and looking for garbage takes a tenth of that.
    gc.disable()
    django.setup()
    try:
        _bring_up_to_date()
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _bring_up_to_date() -> None:
    _step("Bringing the database up to date")
    call_command("migrate", interactive=False, verbosity=0)
    _step("Loading the fixtures")
    call_command("seed")
    call_command("encode_vocabulary")
    _collect_static()
    with (settings.VAR / "sign-ins.txt").open("w", encoding="utf-8") as file:
        call_command("demo", stdout=file)


def _collect_static() -> None:
    stamp = settings.STATIC_ROOT.with_suffix(".stamp")
    state = _static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    _step("Collecting the static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state)


def _static_state() -> str:
    """A digest of the static files: our own by name, size and time, those of packages by their pins."""
    package = settings.ROOT / "platform" / "groundwork"
    own = sorted(path for path in package.glob("*/static/**/*") if path.is_file())
    facts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in own]
    pins = (settings.ROOT / "requirements.txt").read_text(encoding="utf-8")
    return hashlib.sha256(json.dumps([facts, pins]).encode()).hexdigest()


def _step(text: str) -> None:
    print(f"{text} ...", flush=True)


if __name__ == "__main__":
    started = time.monotonic()
    code = main()
    print(f"Ready in {time.monotonic() - started:.1f} s.", flush=True)
    sys.exit(code)
