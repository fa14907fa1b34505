"""Misspelt words: which word of the vocabulary was meant, if any."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 6
_TWO_SLIPS_FROM = 10

# Ordinary words that stand one or two letters beside a word of the vocabulary.
_ORDINARY_TEXT = """
action actions advice carrier carriers clinic clinical coding commute commuter computed computer
computes compared compiled complied complies container contained contains contract contrast controls
create dealing design designed designer desired details device devices drive driver drivers earning
factor factory feature features figure finance financial finding formal former framework genetic
global grading graphic graphics healing heating informed inspired interior interned internal landing
language languages leading leaning leasing listing loading logical manage managed manager managers
market marking medicine meeting mission modern network networks nursing office offices online
opening operated operation operator optional organised original parking passing patient patients
physical planned planner planting plants politics practice practices present pricing printing
process processed processes produce produced product products program programmed programmer project
projects provide quality reading reason record recording refining related relation released request
research reserve resource results retail review reviews rooting routine running science section
sections security selling senior sensor server serving session sharing sorting special spring
standard starting statistical statistic storage stories strategic strategy structure student studies
support system systems teaching technical testing theory tracking trading training transfer
transformer transport travel treating treatment turing united update updates validated version
vision visiting visual waiting warning writing casual causal casually
"""
_ORDINARY = frozenset(_ORDINARY_TEXT.split())


class TypoCorrector:
    """Corrects one slip in words of six letters or more, two from ten on; the first letter must be right."""

    def __init__(self, targets: Iterable[str], *, known: Iterable[str] = ()) -> None:
        self._known = frozenset(known)
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(targets):
            if len(word) >= SHORTEST - 1 and word.isascii() and word.isalpha():
                self._by_first.setdefault(word[0], []).append(word)

    def correct(self, word: str) -> str | None:
        """The one word meant by `word`, or None when it is known, ordinary, or too far from any."""
        if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
            return None
        if word in self._known or word in _ORDINARY or word.rstrip("s") in _ORDINARY:
            return None
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        choices = self._by_first.get(word[0], ())
        found = process.extractOne(word, choices, scorer=OSA.distance, score_cutoff=slips)
        return None if found is None else found[0]


def is_other_ending(word: str, meant: str) -> bool:
    """Whether the two only end differently (`statistical`, `statistics`): another word, not a slip."""
    if word[-1] == meant[-1]:
        return False
    shared = 0
    for one, other in zip(word, meant, strict=False):
        if one != other:
            break
        shared += 1
    return shared >= min(len(word), len(meant)) - 2
