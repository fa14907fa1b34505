"""A level guess for one mention of a skill, with its reason; careful rather than kind.

A CV never shows more than level 4: level 5 needs evidence others can check. The years, words and caps are
editorial choices of ours, stated in one place here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from recommender.domain import HalfLife
from recommender.matching import claims
from recommender.matching.claims import LevelGuess, Place
from recommender.matching.cv import CurriculumVitae, Entry
from recommender.matching.links import LevelReason, ReasonCode, SectionKind

HIGHEST = 4

_DATED_YEARS = 3
"""From this long in jobs whose title or repeated mention shows use, a person works independently."""
_LONG_PRACTICE_YEARS = 8
"""A skill in the very title of jobs this long is practised at the highest level a CV can show."""

_NEAR = 400
"""Characters within which a date counts where no heading tells what it dates."""


def guess_level(
    places: Sequence[Place], cv: CurriculumVitae, *, half_life: HalfLife
) -> tuple[LevelGuess, Place]:
    """The level that all mentions of one skill support together, and the mention it rests on.

    What a person says of the skill, in a list of skills first and then anywhere, goes before what dates and
    titles suggest, and those before the mere section. `places` must not be empty.
    """
    said = [(guess, place) for place in places if (guess := claims.said(place)) is not None]
    dated = _dated(places, cv)
    shown = [
        *([dated] if dated else []),
        *((guess, place) for place in places if (guess := claims.senior(place))),
    ]
    by_section = [(_by_section(place, cv, half_life=half_life, times=len(places)), place) for place in places]
    rated = [pair for pair in said if _is_self_rating(*pair, cv=cv)]
    return max(rated or said or shown or by_section, key=lambda pair: pair[0].level)


def _is_self_rating(guess: LevelGuess, place: Place, *, cv: CurriculumVitae) -> bool:
    """A word of judgement in a list of skills: the most direct thing a CV says of a level."""
    return guess.reason.code is ReasonCode.ADVERB and cv.section_at(place.position) in _LISTS


def _dated(places: Iterable[Place], cv: CurriculumVitae) -> tuple[LevelGuess, Place] | None:
    """From the jobs that mention the skill: their years together, an overlap counted once."""
    worked: dict[Entry, list[Place]] = defaultdict(list)
    for place in places:
        entry = cv.entry_at(place.position)
        if entry is not None and _is_work(place, entry, cv):
            worked[entry].append(place)
    years = _covered(cv.years_of(entry) for entry in worked)
    if not years:
        return None
    named = [
        entry
        for entry, found in worked.items()
        if any(cv.is_titled(entry, place.position) for place in found)
    ]
    level = 2
    if years >= _DATED_YEARS and (named or sum(map(len, worked.values())) > 1):
        level = 3
    if _covered(cv.years_of(entry) for entry in named) >= _LONG_PRACTICE_YEARS:
        level = HIGHEST
    reason = LevelReason(code=ReasonCode.DATED, args={"years": years, "entries": len(worked)})
    latest = max(worked, key=lambda entry: cv.years_of(entry)[1])
    return LevelGuess(level=level, reason=reason), worked[latest][0]


def _is_work(place: Place, entry: Entry, cv: CurriculumVitae) -> bool:
    section = cv.section_at(place.position)
    if section in (SectionKind.EXPERIENCE, SectionKind.PROJECTS):
        return True
    # Without headings a date is only trusted for what stands close to it.
    return section is SectionKind.NONE and place.position - entry.start < _NEAR


def _covered(spans: Iterable[tuple[int, int]]) -> int:
    total, until = 0, 0
    for first, last in sorted(spans):
        start = max(first, until)
        total += max(0, last - start)
        until = max(until, last)
    return total


def _by_section(place: Place, cv: CurriculumVitae, *, half_life: HalfLife, times: int) -> LevelGuess:
    section = cv.section_at(place.position)
    if section is SectionKind.NONE:
        return LevelGuess(level=2, reason=LevelReason(code=ReasonCode.MENTIONED, args={"times": times}))
    learnt_there = section is SectionKind.EDUCATION and half_life is HalfLife.FOUNDATION
    level = 2 if section in _PRACTISED or learnt_there else 1
    return LevelGuess(
        level=level, reason=LevelReason(code=ReasonCode.SECTION, args={"section": section.value})
    )


_LISTS = frozenset({SectionKind.SKILLS, SectionKind.LANGUAGES})
_PRACTISED = frozenset(
    {
        SectionKind.SUMMARY,
        SectionKind.SKILLS,
        SectionKind.LANGUAGES,
        SectionKind.EXPERIENCE,
        SectionKind.PROJECTS,
        SectionKind.PUBLICATIONS,
    }
)
