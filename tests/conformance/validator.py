"""The W3C's checker of HTML (vnu), asked over HTTP: it reads its schemas once for all pages."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conformance import site as sites

Validate = Callable[[bytes], list[str]]
UP_WITHIN = 180


@contextmanager
def running(folder: Path) -> Iterator[Validate]:
    """Start it on loopback; what is yielded gives a page's errors, one line each."""
    port = sites.free_port()
    url = f"http://127.0.0.1:{port}/"
    jar = sites.TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    options = ["-Xmx256m", "-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", str(jar)]
    with (folder / "log").open("wb") as out:
        process = subprocess.Popen(
            ["java", *options, "nu.validator.servlet.Main", str(port)], stdout=out, stderr=out, cwd=folder
        )
    try:
        deadline = time.monotonic() + UP_WITHIN
        while not _answers(url):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "the validator did not start"
            time.sleep(0.5)
        yield lambda html: _errors(url, html)
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _errors(url: str, html: bytes) -> list[str]:
    request = urllib.request.Request(url + "?out=json", data=html)
    request.add_header("Content-Type", "text/html; charset=utf-8")
    with urllib.request.urlopen(request, timeout=120) as answer:
        said = json.load(answer)["messages"]
    # "non-document-error" would mean that it could not look.
    return [
        f"line {one.get('lastLine', '?')}: {one['message']} | {one.get('extract', '').strip()}"
        for one in said
        if one["type"] != "info"
    ]
