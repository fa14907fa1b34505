"""From a text to the skills of the vocabulary it speaks of."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from recommender.domain import Skill
from recommender.matching import guards, negation
from recommender.matching.aliases import Alias, AliasIndex
from recommender.matching.claims import MASK, Place
from recommender.matching.cv import CurriculumVitae
from recommender.matching.encoders import Encoder
from recommender.matching.implied import implied
from recommender.matching.levels import guess_level
from recommender.matching.links import Method, SectionKind, SkillLink
from recommender.matching.outside import OutsideTerm, outside
from recommender.matching.phrases import PhraseMatch, PhraseMatcher
from recommender.matching.retrieval import Phrase, Retriever
from recommender.matching.typos import TypoCorrector, is_other_ending
from recommender.text.contacts import redact
from recommender.text.normalise import Folded, fold
from recommender.text.tokens import Token, sentences, tokenise

_TYPO_CONFIDENCE = 0.7
_SUGGESTIONS_PER_SENTENCE = 2

# What may stand between two items of one list, an item unknown to the vocabulary included.
_LIST_GAP = re.compile(
    r"^(?: ?[a-z]+){0,2}\s*(?:[,，、;；/|•·&+()（）:：\n]|\band\b|\bor\b|和|与|及|或)+\s*"
    r"(?:(?:[^\s,，、;；/|•·()（）。:：]+ ?){1,3}\s*"
    r"(?:[,，、;；/|•·&+()（）]|\band\b|\bor\b|和|与|及|或)+\s*){0,2}$"
)
_LONGEST_GAP = 60
_CLAUSE_END = re.compile(r"[,，、:：()（）\[\]/|•·]")
_AROUND = 40
_JOINTS = frozenset(("and", "&", "/", "(", ",", "与", "和", "及"))
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """An alias met at start..end of the folded text; `corrected` when a word was misspelt."""

    alias: Alias
    start: int
    end: int
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """A skill at start..end of the folded text."""

    skill: str
    method: Method
    confidence: float
    start: int
    end: int


class SkillLinker:
    """Links text to skills: exact alias, then typo, then retrieval. Build it once for a vocabulary.

    >>> from recommender.domain import HalfLife, Label, SkillKind
    >>> skill = Skill(id="python", name=Label(en="Python", zh="Python"), kind=SkillKind.TECHNOLOGY,
    ...               half_life=HalfLife.METHOD)
    >>> [(link.skill, link.level) for link in SkillLinker([skill]).link("5 years of Python")]
    [('python', 3)]
    """

    def __init__(self, skills: Sequence[Skill], *, encoder: Encoder | None = None) -> None:
        self._skills = tuple(skills)
        self._encoder = encoder
        self._half_lives = {skill.id: skill.half_life for skill in skills}
        self._index = AliasIndex(skills)
        self._typos = TypoCorrector(self._index.written_words, known=self._index.words)
        self._retriever = Retriever(self._index)

    def link(self, text: str, *, this_year: int | None = None) -> tuple[SkillLink, ...]:
        """One link per skill, in the order of first mention, implied ones last; spans are positions in it.

        Contact details are never read. `this_year` is the year "to the present" means; without it the latest
        year in the text does.
        """
        reading = _Reading(text, this_year=this_year)
        matches = list(self._matches(reading.tokens, reading.folded.lower))
        mentions = [*self._exact(reading, matches)]
        mentions += self._retrieved(reading, [(match.start, match.end) for match in matches])
        reading.mask(mentions)
        found = list(self._merged(reading, [one for one in mentions if reading.claims(one)]))
        unnamed = {link.skill: link for link in implied(found, self._half_lives)}
        return (*(link for link in found if link.skill not in unnamed), *unnamed.values())

    @cached_property
    def _phrases(self) -> PhraseMatcher:
        return PhraseMatcher(self._skills, encoder=self._encoder)

    def phrase(self, text: str, *, limit: int = 5) -> tuple[PhraseMatch, ...]:
        """Skills that one short phrase, such as a search or a course's tag, may mean, best first.

        Unlike `link` it always suggests the nearest; only a match by a name is certain.
        """
        return self._phrases.match(text, limit=limit)

    def outside(self, text: str) -> tuple[OutsideTerm, ...]:
        """What the text lists beside known skills that the vocabulary lacks, for a steward to look at."""
        return outside(text, self.link(text))

    def _exact(self, reading: _Reading, matches: Sequence[_Match]) -> Iterator[_Mention]:
        listed = _listed(matches, reading.folded.text)
        for match, neighbour in zip(matches, listed, strict=True):
            confidence = guards.confidence(reading.sighting(match, neighbour))
            if confidence is None:
                continue
            yield _Mention(
                skill=match.alias.skill,
                method=Method.TYPO if match.corrected else Method.ALIAS,
                confidence=min(confidence, _TYPO_CONFIDENCE) if match.corrected else confidence,
                start=match.start,
                end=match.end,
            )

    def _matches(self, tokens: Sequence[Token], lower: str) -> Iterator[_Match]:
        repaired = [self._repaired(token) for token in tokens]
        position = 0
        while position < len(tokens):
            alias = self._index.longest(repaired, position)
            if alias is None:
                position += 1
                continue
            last = position + len(alias.key) - 1
            start, end = tokens[position].start, tokens[last].end
            if _PARAGRAPH.search(lower, start, end):
                position += 1
                continue
            corrected = any(repaired[i] is not tokens[i] for i in range(position, last + 1))
            if corrected and len(alias.key) == 1 and is_other_ending(tokens[position].text, alias.key[0]):
                position += 1
                continue
            yield _Match(alias=alias, start=start, end=end, corrected=corrected)
            if not corrected:
                yield from self._parts(tokens[position : last + 1], alias)
            position = last + 1

    def _parts(self, tokens: Sequence[Token], whole: Alias) -> Iterator[_Match]:
        """Other skills an alias names in passing: "data structures and algorithms" speaks of both."""
        joints = [index for index, token in enumerate(tokens) if token.text in _JOINTS]
        for left, right in pairwise([-1, *joints, len(tokens)]) if joints else ():
            part = tokens[left + 1 : right]
            alias = self._index.longest(part, 0) if part else None
            if alias is not None and alias.skill != whole.skill and len(alias.key) == len(part):
                yield _Match(alias=alias, start=part[0].start, end=part[-1].end, corrected=False)

    def _repaired(self, token: Token) -> Token:
        meant = None if token.base in self._index.words else self._typos.correct(token.text)
        return token if meant is None else token._replace(text=meant, base=meant)

    def _retrieved(self, reading: _Reading, taken: Sequence[tuple[int, int]]) -> list[_Mention]:
        phrases, owners = [], []
        for number, phrase in _phrases(reading, sorted(taken)):
            phrases.append(phrase)
            owners.append(number)
        by_sentence: dict[int, list[_Mention]] = defaultdict(list)
        for number, suggestions in zip(owners, self._retriever.suggest(phrases), strict=True):
            for one in suggestions:
                by_sentence[number].append(
                    _Mention(
                        skill=one.skill,
                        method=Method.RETRIEVAL,
                        confidence=one.confidence,
                        start=one.start,
                        end=one.end,
                    )
                )
        return [
            mention
            for found in by_sentence.values()
            for mention in sorted(found, key=lambda one: -one.confidence)[:_SUGGESTIONS_PER_SENTENCE]
        ]

    def _merged(self, reading: _Reading, mentions: Sequence[_Mention]) -> Iterator[SkillLink]:
        by_skill: dict[str, list[_Mention]] = defaultdict(list)
        for mention in sorted(mentions, key=lambda one: one.start):
            by_skill[mention.skill].append(mention)
        for skill, found in by_skill.items():
            best = max(found, key=lambda one: (one.method is Method.ALIAS, one.confidence))
            kept = [one for one in found if one.method is best.method]
            places = {reading.place(one): one for one in kept}
            guess, place = guess_level(list(places), reading.cv, half_life=self._half_lives[skill])
            spans = tuple(reading.folded.span(one.start, one.end) for one in kept)
            span = reading.folded.span(places[place].start, places[place].end)
            yield SkillLink(
                skill=skill,
                method=best.method,
                confidence=best.confidence,
                span=span,
                spans=spans,
                words=reading.original[span[0] : span[1]],
                level=guess.level,
                reason=guess.reason,
                section=reading.cv.section_at(place.position),
                evidenced_on=reading.latest_evidence(kept),
            )


class _Reading:
    """One text on its way through the linker: folded, split and asked by position."""

    def __init__(self, text: str, *, this_year: int | None) -> None:
        self.original = text
        self.folded: Folded = fold(redact(text))
        self.tokens = tokenise(self.folded)
        self.sentences = list(sentences(self.folded.text))
        self._sentence_starts = [start for start, _ in self.sentences]
        self.cv = CurriculumVitae(self.folded.text, this_year=this_year)
        self._masked = self.folded.lower

    def sentence_of(self, position: int) -> tuple[int, int]:
        """Range of the sentence around a position."""
        return self.sentences[max(0, bisect_right(self._sentence_starts, position) - 1)]

    def sighting(self, match: _Match, neighbour: guards.Neighbour) -> guards.Sighting:
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

    def claims(self, mention: _Mention) -> bool:
        """Whether the text claims the skill here, rather than denies or wishes for it."""
        if self.cv.section_at(mention.start) is SectionKind.OBJECTIVE:
            return False
        start, end = self.sentence_of(mention.start)
        end = max(end, mention.end)
        return not negation.is_negated(
            self.folded.lower[start:end], mention.start - start, mention.end - start
        )

    def mask(self, mentions: Sequence[_Mention]) -> None:
        """Note where skills stand, so that their words are not read as anything else."""
        letters = list(self.folded.lower)
        for mention in mentions:
            letters[mention.start : mention.end] = MASK * (mention.end - mention.start)
        self._masked = "".join(letters)

    def place(self, mention: _Mention) -> Place:
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

    def latest_evidence(self, mentions: Sequence[_Mention]) -> int | None:
        """The latest year a dated entry around any of the mentions ends in."""
        entries = [entry for one in mentions if (entry := self.cv.entry_at(one.start)) is not None]
        return max((self.cv.years_of(entry)[1] for entry in entries), default=None)


def _listed(matches: Sequence[_Match], text: str) -> list[guards.Neighbour]:
    """For each match, whether it shares a list with a skill that no ordinary word could mean."""
    chains: list[int] = []
    for index, match in enumerate(matches):
        gap = text[matches[index - 1].end : match.start].lower() if index else ""
        joined = index > 0 and len(gap) <= _LONGEST_GAP and _LIST_GAP.match(gap) is not None
        chains.append(chains[-1] if joined else index)
    members: dict[int, list[_Match]] = defaultdict(list)
    for chain, match in zip(chains, matches, strict=True):
        members[chain].append(match)
    clear = {chain for chain, found in members.items() if _is_clear(found, text)}
    return [guards.Neighbour.LISTED if chain in clear else guards.Neighbour.NONE for chain in chains]


def _phrases(reading: _Reading, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Phrase]]:
    """Clauses that no mention touches, with the number of their sentence."""
    starts = [start for start, _ in taken]
    token_starts = [token.start for token in reading.tokens]
    lower = reading.folded.lower
    for number, (start, end) in enumerate(reading.sentences):
        edges = [start, *(match.start() for match in _CLAUSE_END.finditer(lower, start, end)), end]
        for left, right in pairwise(edges):
            index = bisect_right(starts, right - 1) - 1
            if right <= left or (index >= 0 and taken[index][1] > left):
                continue
            tokens = reading.tokens[
                bisect_right(token_starts, left - 1) : bisect_right(token_starts, right - 1)
            ]
            if len(tokens) > 1:
                yield number, Phrase(text=lower[left:right], tokens=tuple(tokens))


def _is_clear(found: Sequence[_Match], text: str) -> bool:
    """Whether a list names a skill beyond doubt, or two doubtful ones in capitals: "R and SAS"."""
    if any(not guards.is_ambiguous(match.alias.written) for match in found):
        return True
    capitals = {match.alias.skill for match in found if text[match.start].isupper()}
    return len(capitals) > 1
