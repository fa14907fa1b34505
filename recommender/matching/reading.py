"""One text on its way through the linker, and what is met in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from recommender.matching import guards, negation
from recommender.matching.aliases import Alias
from recommender.matching.claims import MASK, Place
from recommender.matching.cv import CurriculumVitae
from recommender.matching.links import Method, SectionKind
from recommender.text.contacts import redact
from recommender.text.normalise import Folded, fold
from recommender.text.tokens import sentences, tokenise

_AROUND = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An alias met at start..end of the folded text; `corrected` when a word was misspelt."""

    alias: Alias
    start: int
    end: int
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A skill at start..end of the folded text."""

    skill: str
    method: Method
    confidence: float
    start: int
    end: int
    label: str


class Reading:
    """One text on its way through the linker: folded, split and asked by position."""

    def __init__(self, text: str, *, this_year: int | None) -> None:
        self.original = text
        self.folded: Folded = fold(redact(text))
        self.tokens = tokenise(self.folded)
        self.sentences = list(sentences(self.folded.text))
        self._sentence_starts = [start for start, _ in self.sentences]
        self.cv = CurriculumVitae(self.folded.text, this_year=this_year)
        self._masked = self.folded.lower

    def sentence_at(self, position: int) -> int:
        """Number of the sentence around a position."""
        return max(0, bisect_right(self._sentence_starts, position) - 1)

    def sentence_of(self, position: int) -> tuple[int, int]:
        """Range of the sentence around a position."""
        return self.sentences[self.sentence_at(position)]

    def sighting(self, match: Match, neighbour: guards.Neighbour) -> guards.Sighting:
        """The match with the text around it, for the guards."""
        start, _ = self.sentence_of(match.start)
        lower = self.folded.lower
        return guards.Sighting(
            written=match.alias.written,
            seen=self.folded.text[match.start : match.end],
            before=lower[max(0, match.start - _AROUND) : match.start],
            after=lower[match.end : match.end + _AROUND],
            neighbour=neighbour,
            opens_sentence=not lower[start : match.start].strip(" -*•·"),
        )

    def claims(self, mention: Mention) -> bool:
        """Whether the text claims the skill here, rather than denies or wishes for it."""
        if self.cv.section_at(mention.start) is SectionKind.OBJECTIVE:
            return False
        start, end = self.sentence_of(mention.start)
        end = max(end, mention.end)
        return not negation.is_negated(
            self.folded.lower[start:end], mention.start - start, mention.end - start
        )

    def mask(self, mentions: Sequence[Mention]) -> None:
        """Note where skills stand, so that their words are not read as anything else."""
        letters = list(self.folded.lower)
        for mention in mentions:
            letters[mention.start : mention.end] = MASK * (mention.end - mention.start)
        self._masked = "".join(letters)

    def place(self, mention: Mention) -> Place:
        """The mention in its sentence, for the level guess."""
        start, end = self.sentence_of(mention.start)
        end = max(end, mention.end)
        return Place(
            text=self.folded.lower[start:end],
            start=mention.start - start,
            end=mention.end - start,
            position=mention.start,
            masked=self._masked[start:end],
        )

    def latest_evidence(self, mentions: Sequence[Mention]) -> int | None:
        """The latest year a dated entry around any of the mentions ends in."""
        entries = [entry for one in mentions if (entry := self.cv.entry_at(one.start)) is not None]
        return max((self.cv.years_of(entry)[1] for entry in entries), default=None)
