"""A `Resume` -> the text of a CV, so that it is read like any other: by sections, with its dates.

Headings and the shape of entries are those that `recommender.matching.cv` knows. Every entry has its heading,
so that words in one, which may look like a heading, cannot move the next into another section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from groundwork.learners.resumes.values import Claim, Entry, Resume

_COLONS = re.compile(r"\s*[:：](?=\s|$)|：")
_FRACTION = re.compile(r"(\d{1,3})\s*(?:/\s*(5|10|100)|%)")

# Words for levels that programs write, beside those that stand in CVs anyway.
_IN_OUR_WORDS = {
    "master": "expert",
    "mastery": "expert",
    "guru": "expert",
    "professional": "proficient",
    "competent": "intermediate",
    "average": "intermediate",
    "medium": "intermediate",
    "novice": "beginner",
    "low": "beginner",
    "learning": "beginner",
}
_BY_SHARE = ((0.9, "expert"), (0.7, "advanced"), (0.45, "intermediate"), (0.0, "beginner"))


def text_of(resume: Resume) -> str:
    """The text, sections apart by blank lines."""
    return "\n\n".join(_parts(resume))


def _parts(resume: Resume) -> Iterator[str]:
    if resume.summary:
        yield "\n".join(["Summary", *map(_line, resume.summary)])
    if resume.skills or resume.skill_lines:
        yield "\n".join(["Skills", *_claims(resume.skills), *map(_line, resume.skill_lines)])
    yield from _entries("Experience", resume.positions)
    yield from _entries("Projects", resume.projects)
    yield from _entries("Education", resume.education)
    yield from _entries("Certificates", resume.certificates)
    yield from _entries("Publications", resume.publications)
    if resume.languages:
        yield "\n".join(["Languages", *_claims(resume.languages)])


def _entries(heading: str, entries: Iterable[Entry]) -> Iterator[str]:
    for one in entries:
        named = ", ".join(part for part in (one.title, one.place) if part)
        head = " ".join(part for part in (_dates(one), _line(named)) if part)
        if head or one.lines:
            yield "\n".join([heading, head, *(f"- {_line(line)}" for line in one.lines)])


def _dates(one: Entry) -> str:
    if one.begun and one.ended:
        return f"{one.begun} - {one.ended}"
    if one.begun and one.ongoing:
        return f"{one.begun} - present"
    # A year alone stands at the head of its line with a blank after it.
    alone = one.begun or one.ended
    return str(alone.year) if alone else ""


def _claims(claims: Iterable[Claim]) -> Iterator[str]:
    for one in claims:
        said = [f"{one.years} years"] if one.years is not None else []
        said += [_level(one.level)] if one.level else []
        yield f"- {_line(one.name)}" + (f" ({', '.join(said)})" if said else "")


def _level(words: str) -> str:
    """The words for a level as they stand, behind ours where they are a figure or a word of programs."""
    ours = _IN_OUR_WORDS.get(words.strip().lower()) or _of_share(words)
    return f"{ours} = {_line(words)}" if ours else _line(words)


def _of_share(words: str) -> str:
    found = _FRACTION.fullmatch(words.strip())
    if found is None:
        return ""
    share = int(found.group(1)) / int(found.group(2) or 100)
    return next(word for least, word in _BY_SHARE if share >= least) if share <= 1 else ""


def _line(text: str) -> str:
    """One line in which no colon makes a heading of what stands before it."""
    return _COLONS.sub(" –", " ".join(text.split()))
