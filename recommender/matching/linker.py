"""From a text to the skills of the vocabulary it speaks of."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from recommender.domain import Skill
from recommender.matching import clauses, guards, lists, phrases
from recommender.matching.aliases import AliasIndex
from recommender.matching.encoders import Encoder, TokenEncoder
from recommender.matching.implied import implied
from recommender.matching.levels import guess_level
from recommender.matching.links import Method, SkillLink
from recommender.matching.outside import OutsideTerm, outside
from recommender.matching.phrases import PhraseMatch, PhraseMatcher
from recommender.matching.reading import Match, Mention, Reading
from recommender.matching.retrieval import Retriever, Suggestion
from recommender.matching.suggesting import Suggester
from recommender.matching.typos import TypoCorrector, is_other_ending
from recommender.text.tokens import Token, is_han, terms

MOST_SUGGESTIONS = 12
"""In one text, however long: more would drown what is certain."""

_TYPO_CONFIDENCE = 0.7
_SUGGESTIONS_PER_SENTENCE = 2
_MOST_SENTENCES = 240
_LEAST_OF_SHORT = 0.5
_SHORT_WORDS = 6
_SHORT_HAN = 12
_JOINTS = frozenset(("and", "&", "/", "(", ",", "与", "和", "及"))
_SEVERAL = re.compile(r"[,，、;；:：|•]")
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedText:
    """What a text says: skills of the vocabulary, and what it lists beside them that is none of ours."""

    links: tuple[SkillLink, ...]
    outside: tuple[OutsideTerm, ...]


class SkillLinker:
    """Links text to skills: exact alias, then typo, then a ranking with probabilities. Build it once.

    >>> from recommender.domain import HalfLife, Label, SkillKind
    >>> skill = Skill(id="python", name=Label(en="Python", zh="Python"), kind=SkillKind.TECHNOLOGY,
    ...               half_life=HalfLife.METHOD)
    >>> [(link.skill, link.level) for link in SkillLinker([skill]).link("5 years of Python")]
    [('python', 3)]
    """

    def __init__(
        self,
        skills: Sequence[Skill],
        *,
        encoder: Encoder | None = None,
        sentence_encoder: TokenEncoder | None = None,
        folder: Path | None = None,
    ) -> None:
        """`encoder` is for phrases in any language, `sentence_encoder` for English sentences.

        `folder` keeps the vectors of the vocabulary between processes.
        """
        self._skills = tuple(skills)
        self._encoder = encoder
        self._folder = folder
        self._half_lives = {skill.id: skill.half_life for skill in skills}
        self._index = AliasIndex(skills)
        self._typos = TypoCorrector(self._index.written_words, known=self._index.words)
        self._retriever = Retriever(self._index)
        self._suggester = Suggester(skills, encoder=sentence_encoder, folder=folder)

    @cached_property
    def version(self) -> str:
        """Of models and vocabulary: other answers come from another version."""
        names = "\n".join(f"{skill}\t{name}" for skill, name in phrases.names_of(self._skills))
        state = hashlib.sha256(names.encode()).hexdigest()[:12]
        return f"{self._suggester.version}-{'m' if self._encoder is not None else 't'}-{state}"

    def link(self, text: str, *, this_year: int | None = None, suggest: bool = True) -> tuple[SkillLink, ...]:
        """One link per skill, in the order of first mention, implied ones last; spans are positions in it.

        Contact details are never read. `this_year` is the year "to the present" means; without it the latest
        year in the text does. Without `suggest` only names are looked for, which is faster.
        """
        reading = Reading(text, this_year=this_year)
        matches = list(self._matches(reading.tokens, reading.folded.lower))
        mentions = [*self._exact(reading, matches)]
        reading.mask(mentions)
        mentions = [one for one in mentions if reading.claims(one)]
        if suggest:
            mentions += self._suggested(reading, matches, known={one.skill for one in mentions})
        found = list(self._merged(reading, mentions))
        unnamed = {link.skill: link for link in implied(found, self._half_lives)}
        return (*(link for link in found if link.skill not in unnamed), *unnamed.values())

    def read(self, text: str, *, this_year: int | None = None) -> LinkedText:
        """The links of a text, and its terms that the vocabulary lacks, for a steward to look at."""
        links = self.link(text, this_year=this_year)
        return LinkedText(links=links, outside=outside(text, links))

    def outside(self, text: str) -> tuple[OutsideTerm, ...]:
        """What the text lists beside known skills that the vocabulary lacks."""
        return outside(text, self.link(text, suggest=False))

    @cached_property
    def _phrases(self) -> PhraseMatcher:
        return PhraseMatcher(self._skills, encoder=self._encoder, folder=self._folder)

    def phrase(self, text: str, *, limit: int = 5) -> tuple[PhraseMatch, ...]:
        """Skills that one short phrase, such as a search or a course's tag, may mean, best first.

        Unlike `link` it always suggests the nearest; only a match by a name is certain.
        """
        return self._phrases.match(text, limit=limit) if self._skills else ()

    def _exact(self, reading: Reading, matches: Sequence[Match]) -> Iterator[Mention]:
        listed = lists.neighbours(matches, reading.folded.text)
        for match, neighbour in zip(matches, listed, strict=True):
            confidence = guards.confidence(reading.sighting(match, neighbour))
            if confidence is None:
                continue
            yield Mention(
                skill=match.alias.skill,
                method=Method.TYPO if match.corrected else Method.ALIAS,
                confidence=min(confidence, _TYPO_CONFIDENCE) if match.corrected else confidence,
                start=match.start,
                end=match.end,
                label=match.alias.written,
            )

    def _matches(self, tokens: Sequence[Token], lower: str) -> Iterator[Match]:
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
            yield Match(alias=alias, start=start, end=end, corrected=corrected)
            if not corrected:
                yield from self._parts(tokens[position : last + 1], skill=alias.skill)
            position = last + 1

    def _parts(self, tokens: Sequence[Token], *, skill: str) -> Iterator[Match]:
        """Other skills an alias names in passing: "data structures and algorithms" speaks of both."""
        joints = [index for index, token in enumerate(tokens) if token.text in _JOINTS]
        for left, right in pairwise([-1, *joints, len(tokens)]) if joints else ():
            part = tokens[left + 1 : right]
            alias = self._index.longest(part, 0) if part else None
            if alias is not None and alias.skill != skill and len(alias.key) == len(part):
                yield Match(alias=alias, start=part[0].start, end=part[-1].end, corrected=False)

    def _repaired(self, token: Token) -> Token:
        meant = None if token.base in self._index.words else self._typos.correct(token.text)
        return token if meant is None else token._replace(text=meant, base=meant)

    def _suggested(self, reading: Reading, matches: Sequence[Match], *, known: set[str]) -> list[Mention]:
        """What other words may mean, a few of each sentence and of the text: the most probable."""
        if not matches and _is_short(reading):
            found = self._of_short(reading)
        else:
            taken = sorted((match.start, match.end) for match in matches)
            by_sentence: dict[int, list[Mention]] = defaultdict(list)
            for number, one in (*self._of_clauses(reading, taken), *self._of_sentences(reading, taken)):
                by_sentence[number].append(one)
            # What a name was taken for and refused is not brought back in other words.
            refused = {number: set[str]() for number in by_sentence}
            for match in matches:
                refused.get(reading.sentence_at(match.start), set()).add(match.alias.skill)
            found = [
                one
                for number, several in by_sentence.items()
                for one in _best(several, most=_SUGGESTIONS_PER_SENTENCE)
                if one.skill not in refused[number]
            ]
        kept = [one for one in found if one.skill not in known and reading.claims(one)]
        return _best(kept, most=MOST_SUGGESTIONS)

    def _of_short(self, reading: Reading) -> list[Mention]:
        """A title, a search, a tag: the name that comes nearest as a whole.

        Letters alone make strange bedfellows: without an encoder a word must be shared, too.
        """
        text = reading.folded.text
        said = set(terms(text))
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip())
        return [
            Mention(
                skill=one.skill,
                method=Method.NEAREST,
                confidence=one.probability,
                start=start,
                end=end,
                label=one.name,
            )
            for one in self.phrase(text.strip(), limit=1)
            if one.probability >= _LEAST_OF_SHORT
            and (self._encoder is not None or said.intersection(terms(one.name)))
        ]

    def _of_clauses(
        self, reading: Reading, taken: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[int, Mention]]:
        asked = list(clauses.untouched(reading, taken))
        answers = self._retriever.suggest([phrase for _, phrase in asked])
        for (number, _), suggestions in zip(asked, answers, strict=True):
            for one in suggestions:
                yield number, _mention(one, offset=0)

    def _of_sentences(
        self, reading: Reading, taken: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[int, Mention]]:
        sentences = reading.sentences[:_MOST_SENTENCES]
        answers = self._suggester.suggest([reading.folded.text[start:end] for start, end in sentences])
        for number, ((start, _), suggestions) in enumerate(zip(sentences, answers, strict=True)):
            for one in suggestions:
                mention = _mention(one, offset=start)
                if not any(mention.start < right and left < mention.end for left, right in taken):
                    yield number, mention

    def _merged(self, reading: Reading, mentions: Sequence[Mention]) -> Iterator[SkillLink]:
        by_skill: dict[str, list[Mention]] = defaultdict(list)
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
                label=best.label,
                section=reading.cv.section_at(place.position),
                evidenced_on=reading.latest_evidence(kept),
            )


def _mention(one: Suggestion, *, offset: int) -> Mention:
    return Mention(
        skill=one.skill,
        method=one.method,
        confidence=one.confidence,
        start=offset + one.start,
        end=offset + one.end,
        label=one.label,
    )


def _best(mentions: Sequence[Mention], *, most: int) -> list[Mention]:
    return sorted(mentions, key=lambda one: -one.confidence)[:most]


def _is_short(reading: Reading) -> bool:
    """Whether the text is one phrase, with at least two terms to go by."""
    text = reading.folded.text
    words = [token for token in reading.tokens if token.text[0].isalnum()]
    han = sum(is_han(token.text) for token in words)
    if (
        len(reading.sentences) != 1
        or _SEVERAL.search(text)
        or han > _SHORT_HAN
        or len(words) - han > _SHORT_WORDS
    ):
        return False
    return len(terms(text)) > 1
