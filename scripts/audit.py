"""Installs what `make audit` needs besides Python: Node, Java and Chromium of Debian, pinned npm packages."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from scripts import browser, debian, state

SOURCE = state.ROOT / "tests" / "conformance"
# Not GROUNDWORK_VAR: what is installed belongs to the checkout, whatever a run keeps its data in.
TARGET = state.ROOT / "var" / "conformance"

# Programs and Debian's package of each; a newer Node of one's own does as well.
PROGRAMS = {"node": "nodejs", "npm": "npm", "java": "default-jre-headless"}
OLDEST_NODE = 18


class Missing(Exception):
    """One sentence for the person at the keyboard."""


def main() -> int:
    """Install what is missing; exit code 1 with one sentence when that cannot be done."""
    try:
        _programs()
        _packages()
    except Missing as error:
        print(f"make audit: {error}", file=sys.stderr)
        return 1
    return 0


def _programs() -> None:
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if browser.find() is None:
        missing += browser.PACKAGES
    if missing and not debian.install(missing):
        raise Missing(f"install {' '.join(missing)} first (Debian: apt-get install {' '.join(missing)})")
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(said.lstrip("v").split(".")[0]) < OLDEST_NODE:
        raise Missing(f"Node {said} is too old; {OLDEST_NODE} or newer is needed")


def _packages() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    for file in (*SOURCE.glob("package*.json"), *SOURCE.glob("*.mjs")):
        shutil.copy(file, TARGET)
    lock, stamp = SOURCE / "package-lock.json", TARGET / ".installed"
    if _text(stamp) == _text(lock):
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    # Scripts of packages would fetch a browser of their own.
    if subprocess.run(["npm", "ci", "--prefix", str(TARGET), *options], check=False).returncode:
        raise Missing(f"npm could not install {lock.relative_to(state.ROOT)}")
    shutil.copy(lock, stamp)


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main())
