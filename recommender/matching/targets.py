"""What text is linked to, as the ranker reads it: names, other names, a description."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender.domain import Skill
from recommender.errors import MalformedInputError
from recommender.text.normalise import fold
from recommender.text.tokens import STOP_WORDS, Token, is_han, tokenise

REUSE_LEVELS = ("occupation-specific", "sector-specific", "cross-sector", "transversal")
"""How widely ESCO says a skill is used, narrowest first."""

_SKILLS_FILE = "skills_en.csv"
_LARGEST_CELL = 1 << 20
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One skill to rank. `reuse` is 1..4 along REUSE_LEVELS and 0 where unknown."""

    id: str
    label: str
    alternatives: tuple[str, ...] = ()
    description: str = ""
    is_knowledge: bool = False
    reuse: int = 0

    @property
    def document(self) -> str:
        """Everything that is known of it, as one text."""
        return ". ".join(part for part in (self.label, *self.alternatives, self.description) if part)


def read_targets(path: Path) -> tuple[Target, ...]:
    """Targets of a label list (one a line) or of ESCO's classification zip, in the order of the file.

    Raises MalformedInputError when the file is neither.
    """
    try:
        found = _from_zip(path) if zipfile.is_zipfile(path) else _from_list(path)
    except (OSError, UnicodeDecodeError, KeyError, csv.Error, zipfile.BadZipFile) as error:
        raise MalformedInputError(f"{path}: {error}") from error
    if not found:
        raise MalformedInputError(f"{path}: no labels")
    return found


def read_labels(path: Path, *, member: str) -> frozenset[str]:
    """Preferred labels of a collection that lies in the same zip, such as `digitalSkillsCollection_en.csv`.

    Raises MalformedInputError when there is no such file or no such column.
    """
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as raw:
            rows = csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8-sig", newline=""))
            return frozenset(row["preferredLabel"].strip() for row in rows)
    except (OSError, UnicodeDecodeError, KeyError, csv.Error, zipfile.BadZipFile) as error:
        raise MalformedInputError(f"{path}, {member}: {error!r}") from error


def from_skills(skills: Iterable[Skill]) -> tuple[Target, ...]:
    """The skills of a vocabulary by their English names of two words or more, without what is in brackets.

    A name of one word is met exactly or not at all: to a ranker "deployment" would look like half of it.
    Skills without any longer name are left out.
    """
    found = []
    for one in skills:
        names = dict.fromkeys(_BRACKETS.sub("", name).strip() for name in (one.name.en, *one.aliases_en))
        longer = [name for name in names if sum(map(_is_word, tokenise(fold(name)))) > 1]
        if longer:
            found.append(Target(id=one.id, label=longer[0], alternatives=tuple(longer[1:])))
    return tuple(found)


def _is_word(token: Token) -> bool:
    return token.text[0].isalnum() and token.text not in STOP_WORDS and not is_han(token.text)


def digest(targets: Sequence[Target]) -> str:
    """SHA-256 over all texts in order: vectors computed for one digest serve no other."""
    state = hashlib.sha256()
    for one in targets:
        for part in (one.id, one.label, *one.alternatives, one.description):
            state.update(part.encode())
            state.update(b"\0")
        state.update(b"\1")
    return state.hexdigest()


def _from_list(path: Path) -> tuple[Target, ...]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines())
    return tuple(Target(id=label, label=label) for label in dict.fromkeys(lines) if label)


def _from_zip(path: Path) -> tuple[Target, ...]:
    with zipfile.ZipFile(path) as archive:
        name = next((one for one in archive.namelist() if one.rpartition("/")[2] == _SKILLS_FILE), None)
        if name is None:
            raise MalformedInputError(f"{path}: holds no {_SKILLS_FILE}")
        with archive.open(name) as raw:
            return tuple(_rows(io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")))


def _rows(text: io.TextIOWrapper) -> Iterator[Target]:
    csv.field_size_limit(_LARGEST_CELL)
    for row in csv.DictReader(text):
        label = row["preferredLabel"].strip()
        others = (one.strip() for one in row["altLabels"].split("\n"))
        reuse = row.get("reuseLevel", "")
        yield Target(
            id=row["conceptUri"],
            label=label,
            alternatives=tuple(one for one in dict.fromkeys(others) if one and one != label),
            description=" ".join(row.get("description", "").split()),
            is_knowledge=row.get("skillType") == "knowledge",
            reuse=REUSE_LEVELS.index(reuse) + 1 if reuse in REUSE_LEVELS else 0,
        )
