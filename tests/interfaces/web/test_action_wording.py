"""Whatever the code writes to the audit trail is shown in words, in both languages.

The actions are read from the source: every string given as `action=` or to a function called `record` or
`_record`. One that is put together (`f"suggestion.{state}"`) is spelt out in `PUT_TOGETHER`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from groundwork.web import wording

PLATFORM = Path(__file__).parents[3] / "platform" / "groundwork"
ACTION = re.compile(r"[a-z-]+\.[a-z-]+")
# What stands for the part that is filled in, and what it can be.
PUT_TOGETHER = {
    "admin.{action}": ("created", "changed", "deleted"),
    "suggestion.{state}": ("accepted", "rejected"),
    "unknown-term.{state.value}": ("aliased", "ignored"),
}
WHAT_TO_DO = (
    "recorded without words: add these actions to ACTION_NAMES in platform/groundwork/web/wording.py"
    " (what somebody did, e.g. 'formed a team'), then run `make messages` and translate them"
)


def actions_in(source: str) -> Iterator[str]:
    """The actions that a module records; one that is put together, as it stands between the quotes."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        values = [keyword.value for keyword in call.keywords if keyword.arg == "action"]
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in ("record", "_record"):
            values += call.args
        for value in values:
            yield from _texts(value)


def _texts(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(text)) if ACTION.fullmatch(text):
            yield text
        case ast.JoinedStr():
            yield ast.unparse(value)[2:-1]
        case ast.IfExp():
            yield from _texts(value.body)
            yield from _texts(value.orelse)


def recorded() -> dict[str, str]:
    """Every action of the platform, with the file that records it."""
    found = {}
    for path in sorted(PLATFORM.rglob("*.py")):
        for action in actions_in(path.read_text(encoding="utf-8")):
            if "{" not in action:
                found[action] = path.name
                continue
            assert action in PUT_TOGETHER, f"{path}: add {action!r} to PUT_TOGETHER with what it can become"
            stem = action.partition("{")[0]
            found |= {f"{stem}{part}": path.name for part in PUT_TOGETHER[action]}
    return found


def test_the_actions_are_found_in_every_way_of_writing_them():
    source = """
outbox.record(actor=actor, action="team.formed", subject=team)
_record(found, "outcome.accepted", actor=actor)
self._record(request, row, "deleted", fields=[])
outbox.record(action="step.completed" if done else "step.reopened", subject=step)
outbox.record(action=f"suggestion.{state}", subject=row)
parser.add_argument("--force", action="store_true")
"""
    assert set(actions_in(source)) == {
        "team.formed",
        "outcome.accepted",
        "step.completed",
        "step.reopened",
        "suggestion.{state}",
    }


def test_every_recorded_action_has_words():
    found = recorded()
    assert len(found) >= 30
    missing = {action: file for action, file in found.items() if action not in wording.ACTION_NAMES}
    assert not missing, f"{WHAT_TO_DO}: {missing}"


@pytest.mark.parametrize("action", sorted(wording.ACTION_NAMES))
def test_the_words_are_in_both_languages(action):
    words = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            words[language] = str(wording.ACTION_NAMES[action])
    assert words["en"].isascii()
    assert re.search(r"[\u4e00-\u9fff]", words["zh-hans"]), f"translate {words['en']!r}"
