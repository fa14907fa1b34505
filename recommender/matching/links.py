"""What linking answers with: which skill, how sure, from which words, at which level and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

CONFIRMATION_THRESHOLD = 0.8
"""Links below this confidence are suggestions: a person confirms them or they stay out of the profile."""

Span = tuple[int, int]
"""Half-open range of characters of the original text."""


class Method(StrEnum):
    """How a skill was recognised: why it is answered at all.

    alias: one of its names stands there; typo: one of them, misspelt; words: the words of one of them, in
    another order or form; nearest: no name, but one comes nearest; implied: another skill cannot be had
    without it.
    """

    ALIAS = "alias"
    TYPO = "typo"
    WORDS = "words"
    NEAREST = "nearest"
    IMPLIED = "implied"


class SectionKind(StrEnum):
    """The part of a CV a mention stands in."""

    SUMMARY = "summary"
    OBJECTIVE = "objective"
    SKILLS = "skills"
    EXPERIENCE = "experience"
    PROJECTS = "projects"
    EDUCATION = "education"
    CERTIFICATES = "certificates"
    PUBLICATIONS = "publications"
    LANGUAGES = "languages"
    INTERESTS = "interests"
    NONE = "none"


class ReasonCode(StrEnum):
    """Why a level was guessed, and the arguments that come with each.

    years: years (int), cue (the words); adverb: cue; seniority: cue; dated: years (int), entries (int);
    section: section; mentioned: times (int).
    """

    YEARS = "years"
    ADVERB = "adverb"
    SENIORITY = "seniority"
    DATED = "dated"
    SECTION = "section"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelReason:
    """A reason as data; the sentence is written where people read it."""

    code: ReasonCode
    args: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "args", MappingProxyType(dict(self.args)))

    def to_json(self) -> dict[str, object]:
        """`{"code": ..., "args": {...}}`."""
        return {"code": self.code.value, "args": dict(self.args)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillLink:
    """One skill of a text, however often it is mentioned.

    `span` is the mention the level rests on and `words` are its characters; `spans` are all mentions in
    order. `label` is the name of the skill that the words are, or come nearest to. `confidence` is a
    probability, 0..1; `level` 1..4: a text alone never shows an expert. `evidenced_on` is the latest year
    the text dates the skill to.
    """

    skill: str
    method: Method
    confidence: float
    span: Span
    spans: tuple[Span, ...]
    words: str
    level: int
    reason: LevelReason
    label: str = ""
    section: SectionKind = SectionKind.NONE
    evidenced_on: int | None = None

    @property
    def needs_confirmation(self) -> bool:
        """Whether a person must confirm the link before it counts."""
        return self.confidence < CONFIRMATION_THRESHOLD


def accepted(links: Iterable[SkillLink]) -> tuple[SkillLink, ...]:
    """The links that may enter a profile unconfirmed: those at or above the threshold."""
    return tuple(link for link in links if not link.needs_confirmation)
