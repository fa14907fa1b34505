"""Search by words, in both languages, and for Chinese names by pinyin.

A row keeps what it is found by in two columns, written whenever it is saved: the words of its names, and
how the Chinese ones are spelt. So nobody who searches needs a dictionary of pinyin.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from groundwork.core import pinyin as dictionary
from groundwork.core.languages import in_chinese

COLUMNS = ("search_text", "search_pinyin")
MOST_WORDS = 8
MOST_SYLLABLES = 12
"""As much of a long title as may be typed in one word."""
FULL = 3
"""From how many letters on a word may be full pinyin: two of them begin too many English words."""
BATCH = 500

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]+")
_PARTS = re.compile(r"[㐀-䶿一-鿿豈-﫿]+|(?:[^\W_㐀-䶿一-鿿豈-﫿]|[+#])+")


def words(text: str) -> list[str]:
    """The words of `text`, without case, width and punctuation: AI芯片 has two."""
    return _PARTS.findall(unicodedata.normalize("NFKC", text).casefold())


def key_of_words(texts: Iterable[str]) -> str:
    """What `texts` are found by: each word between spaces."""
    found = [word for text in texts for word in words(text)]
    return f" {' '.join(dict.fromkeys(found))} " if found else ""


def key_of_pinyin(texts: Iterable[str]) -> str:
    """How the Chinese of `texts` is spelt from each syllable on: in full, and after "-" by its initials.

    The first word is the first text in full, which sorts it.
    """
    found: list[str] = []
    for text in texts:
        if _HAN.search(text):
            found += _spelt(text)
    return f" {' '.join(dict.fromkeys(found))} " if found else ""


def _spelt(text: str) -> list[str]:
    units: list[tuple[str, str]] = []
    for word in words(text):
        if _HAN.match(word):
            units += [(one, one[0]) for one in dictionary.syllables(word)]
        else:
            units.append((word, word))
    starts = [units[start : start + MOST_SYLLABLES] for start in range(len(units))]
    full = ["".join(one for one, _initial in rest) for rest in starts]
    initials = ["-" + "".join(initial for _one, initial in rest) for rest in starts]
    return full + initials


def has(word: str, *, path: str = "") -> Q:
    """Rows one of whose names (or those of a related row, by `path__`) has `word` or is spelt so.

    A word is found by how it begins, a single letter only as a whole; Chinese anywhere in a name. Pinyin may
    begin at any syllable: in full from three letters on, by initials from two.
    """
    text, spelt = (f"{path}{column}__contains" for column in COLUMNS)
    if _HAN.match(word):
        return Q(**{text: word})
    if len(word) == 1:
        return Q(**{text: f" {word} "})
    found = Q(**{text: f" {word}"}) | Q(**{spelt: f" -{word}"})
    return found | Q(**{spelt: f" {word}"}) if len(word) >= FULL else found


def asked(said: str) -> list[str]:
    """The words of a search, all of which must be found."""
    return list(dict.fromkeys(words(said)))[:MOST_WORDS]


def found_in(said: str, *, text: str, pinyin: str) -> bool:
    """The same for a row at hand, by its two columns."""
    return all(_found(word, text=text, pinyin=pinyin) for word in asked(said))


def _found(word: str, *, text: str, pinyin: str) -> bool:
    if _HAN.match(word):
        return word in text
    if len(word) == 1:
        return f" {word} " in text
    return f" {word}" in text or f" -{word}" in pinyin or (len(word) >= FULL and f" {word}" in pinyin)


def order_of(name: str, *, pinyin: str) -> str:
    """What names are put in order by: Chinese ones by pinyin for who reads Chinese."""
    if in_chinese() and pinyin and _HAN.search(name):
        return pinyin.split(maxsplit=1)[0]
    return name.casefold()


class KeyField(models.TextField):  # type: ignore[type-arg]  # generic in the stubs only
    """A column that follows from the fields `of`, as `auto_now` follows from the clock: at every save."""

    def __init__(self, *args: Any, of: Sequence[str] = (), **kwargs: Any) -> None:
        self.of = tuple(of)
        super().__init__(*args, **{"blank": True, "default": "", "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        """With the fields it follows from, so that a migration can compute it."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001  # Django's signature
        """Computed, whatever stood there."""
        value = self.key(self._texts(model_instance))
        setattr(model_instance, self.attname, value)
        return value

    def key(self, texts: Iterable[str]) -> str:
        """The column of `texts`."""
        raise NotImplementedError

    def _texts(self, row: models.Model) -> list[str]:
        values = [getattr(row, name) for name in self.of]
        return [text for value in values for text in (value if isinstance(value, list) else [value])]


class WordsField(KeyField):
    """The words of the names."""

    def key(self, texts: Iterable[str]) -> str:
        """See `key_of_words`."""
        return key_of_words(texts)


class PinyinField(KeyField):
    """The pinyin of the Chinese names."""

    def key(self, texts: Iterable[str]) -> str:
        """See `key_of_pinyin`."""
        return key_of_pinyin(texts)


def refresh(row: models.Model) -> None:
    """Compute the columns of `row` where it is not saved by itself but in bulk."""
    for field in row._meta.concrete_fields:
        if isinstance(field, KeyField):
            field.pre_save(row, add=False)


def fill(model: type[models.Model]) -> None:
    """Compute the columns of all rows: for migrations."""
    rows = []
    for row in model._default_manager.all().iterator(chunk_size=BATCH):
        refresh(row)
        rows.append(row)
    model._default_manager.bulk_update(rows, COLUMNS, batch_size=BATCH)
