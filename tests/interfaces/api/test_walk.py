"""The example of README.md, run as it stands there, on the real catalogue."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import urllib.request
from string import Template
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests import builders, cast

README = settings.ROOT / "README.md"
KEEP = re.compile(r'^# keep "(\w+)" as (\w+)$', re.MULTILINE)


def commands() -> list[str]:
    """The shell blocks between the marks, in order; the first one sets the two variables."""
    text = README.read_text(encoding="utf-8")
    walk = text.split("<!-- walk: tests/", 1)[1].split("<!-- walk: end -->", 1)[0]
    return re.findall(r"^```sh\n(.*?)^```$", walk, re.MULTILINE | re.DOTALL)


def run(command: str, variables: dict[str, str]) -> Any:
    """Send one curl command, with curl where the machine has it."""
    words = shlex.split(Template(command).safe_substitute(variables), comments=True)
    words = [word for word in words if word != "\n"]
    assert words[0] == "curl"
    if shutil.which("curl"):
        done = subprocess.run(["curl", "--fail-with-body", *words[1:]], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)
    with urllib.request.urlopen(_as_request(words)) as answer:
        return json.load(answer)


def _as_request(words: list[str]) -> urllib.request.Request:
    values: dict[str, list[str]] = {"-H": [], "-d": [], "": []}
    rest = iter(words[1:])
    for word in rest:
        if word in values:
            values[word].append(next(rest))
        elif not word.startswith("-"):
            values[""].append(word)
    [address] = values[""]
    headers = dict(header.split(": ", 1) for header in values["-H"])
    return urllib.request.Request(address, data="".join(values["-d"]).encode() or None, headers=headers)


@pytest.mark.slow
def test_the_example_of_the_readme_leads_from_a_key_to_progress(live_server):
    call_command("seed", verbosity=0)
    _account, token = builders.make_key(cast.gather().ours)
    variables = {"GROUNDWORK": live_server.url, "KEY": token}
    first, *walk = commands()
    assert set(re.findall(r"export (\w+)=", first)) == variables.keys()

    answers = []
    for command in walk:
        answers.append(run(command, variables))
        for member, name in KEEP.findall(command):
            variables[name] = answers[-1][member]

    roles, person, plan, assignment, progress = answers
    assert roles["count"] == 10
    assert {row["skill"]: row["level"] for row in person["proficiencies"]} == {
        "python": 3,
        "linux": 3,
        "cpp": 2,
    }
    assert plan["status"] in ("optimal", "feasible")
    assert plan["steps"]
    assert plan["steps"][0]["reasons"]["gains"]
    assert assignment["person"] == person["id"]
    assert progress["plan"] == plan["id"]
    assert (progress["percent"], progress["hours_done"], progress["hours_total"]) == (0, 0, plan["hours"])
