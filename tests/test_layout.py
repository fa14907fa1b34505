"""The folder platform/ must never hide the standard library's module of that name."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONPATH": "platform:."}
ASK = "import platform; print(platform.python_version(), platform.__file__)"


def _run(*command: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_platform_is_a_folder_and_not_a_package():
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_platform_holds_one_package():
    names = {path.name for path in (ROOT / "platform").iterdir()} - {"__pycache__"}
    assert names == {"groundwork"}


def test_tests_are_no_packages_and_mirror_no_platform():
    assert not list((ROOT / "tests").rglob("__init__.py"))
    assert not (ROOT / "tests" / "platform").exists()


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["-c", ASK], id="python"),
        pytest.param(["-m", "celery", "--app", "groundwork", "report"], id="celery"),
        pytest.param(["manage.py", "check"], id="manage.py"),
        pytest.param(["-m", "pytest", "--version"], id="python -m pytest"),
        pytest.param(["-m", "mypy", "--version"], id="mypy"),
    ],
)
def test_the_standard_library_wins_under(command, tmp_path):
    _run(*command, GROUNDWORK_VAR=str(tmp_path))


def test_manage_py_finds_the_standard_librarys_module(tmp_path):
    shown = _run("manage.py", "shell", "--no-imports", "-c", ASK, GROUNDWORK_VAR=str(tmp_path))
    version, file = shown.split()
    assert version == ".".join(map(str, sys.version_info[:3]))
    assert ROOT not in Path(file).parents


def test_the_bare_pytest_finds_it_too():
    command = Path(sys.executable).with_name("pytest")
    done = subprocess.run(
        [command, "-p", "no:django", "-p", "no:randomly", "-c", "/dev/null", "--rootdir", ROOT, "--version"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
