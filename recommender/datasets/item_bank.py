"""Item banks: multiple-choice questions in two languages, one JSON object a line.

The first line is about the bank, every other line is one item:

    {"format": "groundwork-item-bank/1", "id": "example", "name": {"en": "..", "zh": ".."}, "author": "..",
     "licence": "..", "difficulty_basis": {"en": "..", "zh": ".."}}
    {"id": "cpp-01", "skill": "cpp", "level": 2, "stem": {"en": "..", "zh": ".."},
     "options": [{"en": "..", "zh": ".."}, ...], "key": "b", "why": {"en": "..", "zh": ".."}}

`level` (1..5) is how hard the author takes the item to be, on the house scale: `difficulty_basis` says so.
`key` is the letter of the one right option, "a" the first. A line stands alone, so that one broken line hides
no other and every complaint names its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from recommender.domain import MAX_LEVEL, Label
from recommender.errors import InvalidValueError, MalformedInputError
from recommender.estimators import ability

FORMAT = "groundwork-item-bank/1"
LETTERS = "abcdef"
OPTIONS = (3, len(LETTERS))
LONGEST = 1000

BANK_FIELDS = frozenset({"format", "id", "name", "author", "licence", "difficulty_basis"})
ITEM_FIELDS = frozenset({"id", "skill", "level", "stem", "options", "key", "why"})
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_ID = 80

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class BankItem:
    """One question; `key` is the index of the right option, `level` (1..5) the author's estimate."""

    id: str
    skill: str
    level: int
    stem: Label
    options: tuple[Label, ...]
    key: int
    why: Label

    def measured(self) -> ability.Item:
        """What the estimator needs to know, before anybody has answered.

        >>> words = Label(en="Yes or no?", zh="是或否？")
        >>> item = BankItem(id="a", skill="cpp", level=3, stem=words, options=(words,) * 4, key=0, why=words)
        >>> item.measured().chance
        0.25
        """
        return ability.Item(
            id=self.id, difficulty=ability.difficulty_at(self.level), chance=1 / len(self.options)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBank:
    """Items with who wrote them, under which terms, and what their levels rest on."""

    id: str
    name: Label
    author: str
    licence: str
    difficulty_basis: Label
    items: tuple[BankItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineError:
    """What is wrong with a line (counted from 1)."""

    line: int
    problem: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The bank of a file, or everything that is wrong with it; never both."""

    bank: ItemBank | None
    errors: tuple[LineError, ...]


def read(text: str, *, skills: Collection[str] | None = None) -> Reading:
    """The bank in `text`, or all of its errors in the order of lines; `skills` are the known ids, if checked.

    >>> read("{}").errors[0].line
    1
    """
    lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    errors: list[LineError] = []
    if not lines:
        return Reading(bank=None, errors=(LineError(line=1, problem="the file is empty"),))
    head = _Line(*lines[0], allowed=BANK_FIELDS, errors=errors)
    items: list[BankItem] = []
    first_lines: dict[tuple[str, str], int] = {}
    for number, line in lines[1:]:
        row = _Line(number, line, allowed=ITEM_FIELDS, errors=errors)
        item = _item(row, skills=skills)
        _once(row, item, first_lines)
        if item:
            items.append(item)
    bank = _bank(head, tuple(items))
    if len(lines) == 1:
        head.complain("the bank holds no items")
    if errors or bank is None:
        return Reading(bank=None, errors=tuple(sorted(errors, key=lambda error: error.line)))
    return Reading(bank=bank, errors=())


def load(path: Path, *, skills: Collection[str] | None = None) -> ItemBank:
    """The bank in a file (UTF-8). Raises MalformedInputError that names the file and each wrong line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MalformedInputError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise MalformedInputError(f"{path}: {error}") from error
    reading = read(text, skills=skills)
    if reading.bank is None:
        raise InvalidValueError("\n".join(f"{path}: {error}" for error in reading.errors))
    return reading.bank


def write(bank: ItemBank) -> str:
    """The bank as text that `read` turns into an equal one."""
    head = {
        "format": FORMAT,
        "id": bank.id,
        "name": _written(bank.name),
        "author": bank.author,
        "licence": bank.licence,
        "difficulty_basis": _written(bank.difficulty_basis),
    }
    rows = [head, *map(_written_item, bank.items)]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _written_item(item: BankItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "skill": item.skill,
        "level": item.level,
        "stem": _written(item.stem),
        "options": [_written(option) for option in item.options],
        "key": LETTERS[item.key],
        "why": _written(item.why),
    }


def _written(label: Label) -> dict[str, str]:
    return {"en": label.en, "zh": label.zh}


# --- one line ---


class _Line:
    """The fields of one line; what is wrong with them goes to a list that all lines share."""

    def __init__(self, number: int, text: str, *, allowed: frozenset[str], errors: list[LineError]) -> None:
        self.number = number
        self._errors = errors
        self.fields: Mapping[str, Any] = self._parsed(text)
        for name in sorted(self.fields.keys() - allowed):
            self.complain(f"unknown field {name}")
        self._missing = not self.fields

    def _parsed(self, text: str) -> Mapping[str, Any]:
        try:
            found = json.loads(text, object_pairs_hook=_without_repeats)
        except json.JSONDecodeError as error:
            self.complain(f"is not JSON ({error.msg}, column {error.colno})")
        except (ValueError, RecursionError) as error:
            self.complain(str(error) or "is nested too deeply")
        else:
            if isinstance(found, dict) and found:
                return found
            self.complain("expected a JSON object with fields")
        return {}

    def complain(self, problem: str) -> None:
        """Note a problem of this line."""
        self._errors.append(LineError(line=self.number, problem=problem))

    def get(self, name: str, check: Callable[[Any], T]) -> T | None:
        """The field as `check` returns it; None after a complaint. Checks raise ValueError."""
        if self._missing:
            return None
        try:
            if name not in self.fields:
                raise ValueError("is missing")
            return check(self.fields[name])
        except ValueError as error:
            self.complain(f"{name} {error}")
            return None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("holds a field twice")
    return found


def _bank(line: _Line, items: tuple[BankItem, ...]) -> ItemBank | None:
    line.get("format", _format)
    id_, name = line.get("id", _id), line.get("name", _label)
    author, licence = line.get("author", _text), line.get("licence", _text)
    basis = line.get("difficulty_basis", _label)
    if id_ is None or name is None or author is None or licence is None or basis is None:
        return None
    return ItemBank(id=id_, name=name, author=author, licence=licence, difficulty_basis=basis, items=items)


def _item(line: _Line, *, skills: Collection[str] | None) -> BankItem | None:
    def known(value: Any) -> str:
        skill = _id(value)
        if skills is not None and skill not in skills:
            raise ValueError(f"{skill} is not in the vocabulary")
        return skill

    id_, skill, level = line.get("id", _id), line.get("skill", known), line.get("level", _level)
    stem, why = line.get("stem", _label), line.get("why", _label)
    options, key = line.get("options", _options), line.get("key", _letter)
    if options is not None and key is not None and key >= len(options):
        line.complain(f"key names an option that is not there: there are {len(options)}")
    if id_ is None or skill is None or level is None or stem is None or why is None:
        return None
    if options is None or key is None:
        return None
    return BankItem(id=id_, skill=skill, level=level, stem=stem, options=options, key=key, why=why)


def _once(line: _Line, item: BankItem | None, first_lines: dict[tuple[str, str], int]) -> None:
    """Complain when the id or the question stood on an earlier line."""
    if item is None:
        return
    for field, value in (("id", item.id), ("stem", _folded(item.stem.en)), ("stem", _folded(item.stem.zh))):
        first = first_lines.setdefault((field, value), line.number)
        if first != line.number:
            line.complain(f"{field} is that of line {first}")


# --- one field ---


def _format(value: Any) -> str:
    if value != FORMAT:
        raise ValueError(f"must be {FORMAT}")
    return FORMAT


def _id(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_ID or not _ID.fullmatch(value):
        raise ValueError(f"must be lower-case words joined by hyphens, at most {_LONGEST_ID} characters")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text and not empty")
    if len(value) > LONGEST:
        raise ValueError(f"is longer than {LONGEST} characters")
    if "\0" in value:
        raise ValueError("holds a character that cannot be stored")
    return value.strip()


def _label(value: Any) -> Label:
    if not isinstance(value, dict) or value.keys() != {"en", "zh"}:
        raise ValueError('must be {"en": "..", "zh": ".."}')
    return Label(en=_text(value["en"]), zh=_text(value["zh"]))


def _level(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= MAX_LEVEL:
        raise ValueError(f"must be a whole number from 1 to {MAX_LEVEL}")
    return value


def _letter(value: Any) -> int:
    if not isinstance(value, str) or len(value) != 1 or value not in LETTERS:
        raise ValueError(f"must be one letter from {LETTERS[0]} to {LETTERS[-1]}")
    return LETTERS.index(value)


def _options(value: Any) -> tuple[Label, ...]:
    fewest, most = OPTIONS
    if not isinstance(value, list) or not fewest <= len(value) <= most:
        raise ValueError(f"must be a list of {fewest} to {most} options")
    options = tuple(_label(option) for option in value)
    for texts in _in_each_language(options):
        if len({_folded(text) for text in texts}) < len(options):
            raise ValueError("hold the same text twice")
    return options


def _in_each_language(options: tuple[Label, ...]) -> Iterator[list[str]]:
    yield [option.en for option in options]
    yield [option.zh for option in options]


def _folded(text: str) -> str:
    """Without blanks at the ends and runs of them; letter case counts: `p` and `P` are different answers."""
    return " ".join(text.split())
