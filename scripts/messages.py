"""Texts for people: gathers them, keeps locale/ in step, compiles it; needs no gettext binary.

    python -m scripts.messages update | compile | check

Translations stand in locale/LANGUAGE/LC_MESSAGES/django.po; English is the language of the sources. A
place is noted by its file only, so that an edit above it changes nothing here.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "platform" / "groundwork"
LOCALE = ROOT / "locale"
LANGUAGES = {"zh_Hans": "nplurals=1; plural=0;"}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w+)\}")


class Message(NamedTuple):
    """What identifies a text: its context ("" for none), the text, and its plural ("" for none)."""

    context: str
    text: str
    plural: str


def main() -> int:
    """Do what the first argument says; exit code 1 when `check` finds something."""
    commands = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    return commands[sys.argv[1]]()


def gather() -> dict[Message, set[str]]:
    """Every text of the sources, with the files that it stands in."""
    found: dict[Message, set[str]] = {}
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and "/static/" not in path.as_posix():
            for message in _texts(path):
                found.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())
    return found


def _texts(path: Path) -> Iterator[Message]:
    from babel.messages.extract import extract

    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # Indentation means nothing in a template, and much to the reader of Python that comes next.
        source = re.sub(r"^[ \t]+", "", templatize(source, origin=str(path)), flags=re.MULTILINE)
    for _line, texts, _comments, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        parts = texts if isinstance(texts, tuple) else (texts, "")
        if parts[0]:
            yield Message(context or "", parts[0], parts[1])


def update() -> int:
    """Add what is new, drop what is gone; leaves new texts untranslated."""
    found = gather()
    for language, plurals in LANGUAGES.items():
        path = _path(language)
        known = {_key(entry): entry for entry in _read(path)} if path.exists() else {}
        file = polib.POFile(wrapwidth=100)
        file.metadata = {
            "Project-Id-Version": "Groundwork",
            "Language": language,
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": plurals,
        }
        file.extend(_entry(message, found[message], known.get(message)) for message in sorted(found))
        path.parent.mkdir(parents=True, exist_ok=True)
        file.save(str(path))
        print(f"{path.relative_to(ROOT)}: {len(file)} texts, {len(file.untranslated_entries())} to translate")
    return 0


def _entry(message: Message, files: set[str], known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(msgctxt=message.context or None, msgid=message.text, msgid_plural=message.plural)
    entry.occurrences = [(file, "") for file in sorted(files)]
    if PLACEHOLDER.search(message.text + message.plural):
        entry.flags.append(
            "python-format" if "%(" in message.text + message.plural else "python-brace-format"
        )
    if message.plural:
        entry.msgstr_plural = known.msgstr_plural if known else {0: ""}
    elif known:
        entry.msgstr = known.msgstr
    if known:
        entry.tcomment = known.tcomment
    return entry


def compile_all() -> int:
    """Write a .mo beside every .po."""
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        _read(path).save_as_mofile(str(path.with_suffix(".mo")))
        print(f"Compiled {path.relative_to(ROOT)}")
    return 0


def check() -> int:
    """Print what is missing, left over, untranslated or doubtful, a line each; exit code 1 if any is."""
    found = gather()
    problems = [line for language in LANGUAGES for line in _problems(language, found)]
    for line in problems:
        print(line)
    if not problems:
        print(f"{len(found)} texts, all translated into {', '.join(LANGUAGES)}")
    return int(bool(problems))


def _problems(language: str, found: dict[Message, set[str]]) -> Iterator[str]:
    path = _path(language)
    if not path.exists():
        if found:
            yield f"{path.relative_to(ROOT)} is missing: make messages"
        return
    known = {_key(entry): entry for entry in _read(path)}
    for message in sorted(found.keys() - known.keys()):
        yield f"{language}: not in the file ({', '.join(sorted(found[message]))}): {message.text!r}"
    for message in sorted(known.keys() - found.keys()):
        yield f"{language}: no longer in the sources: {message.text!r}"
    for message in sorted(known.keys() & found.keys()):
        yield from (f"{language}: {fault}: {message.text!r}" for fault in _faults(known[message]))


def _faults(entry: polib.POEntry) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield "fuzzy"
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(translations):
        yield "untranslated"
        return
    allowed = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural)
    for translation in translations:
        if _placeholders(translation) != allowed:
            yield f"other placeholders ({translation!r})"


def _placeholders(text: str) -> set[str]:
    return {"".join(names) for names in PLACEHOLDER.findall(text)}


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _read(path: Path) -> polib.POFile:
    file = polib.pofile(str(path), wrapwidth=100)
    for entry in file.obsolete_entries():
        file.remove(entry)
    return file


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural)


if __name__ == "__main__":
    sys.exit(main())
