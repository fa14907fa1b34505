"""Runs every check, each to its end, and tells at last which did not pass: `make check`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

PYTHON = sys.executable
MANAGE = [PYTHON, "-W", "error::RuntimeWarning", "manage.py"]
STEPS: dict[str, list[str]] = {
    "style": [PYTHON, "-m", "ruff", "check", "--quiet", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."],
    "types": [PYTHON, "-m", "mypy", "platform", "recommender", "scripts", "tests", "benchmarks", "manage.py"],
    "contracts": [PYTHON, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "translations": [PYTHON, "-m", "scripts.messages", "check"],
    "engine without Django": [
        *(PYTHON, "-m", "pytest", "tests/recommender", "-n", "2", "-p", "no:django"),
        *("-p", "scripts.without_django", "-W", "ignore::pytest.PytestConfigWarning", "-q"),
        *("-o", "addopts=--import-mode=importlib --strict-markers -ra"),
    ],
}


def main() -> int:
    """Run the steps named on the command line, or all; exit code is the number that did not pass."""
    names = sys.argv[1:] or list(STEPS)
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        sys.exit(f"make check: there is no step {unknown[0]!r}; there are {', '.join(STEPS)}")
    with tempfile.TemporaryDirectory(prefix="groundwork-check-") as folder:
        failed = [name for name in names if not _passes(name, folder)]
    print(f"\n{len(names) - len(failed)} of {len(names)} checks passed", flush=True)
    if failed:
        print(f"did not pass: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def _passes(name: str, folder: str) -> bool:
    print(f"\n--- {name}", flush=True)
    started = time.monotonic()
    done = subprocess.run(STEPS[name], env=_environment(folder), check=False)
    print(f"    {'passed' if done.returncode == 0 else 'DID NOT PASS'} in {time.monotonic() - started:.1f} s")
    return done.returncode == 0


def _environment(folder: str) -> dict[str, str]:
    """As in production, with files of its own: a check must neither read nor leave anything in var/."""
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    return {**environment, "GROUNDWORK_VAR": folder, "GROUNDWORK_BASE_URL": "https://groundwork.example"}


if __name__ == "__main__":
    sys.exit(main())
