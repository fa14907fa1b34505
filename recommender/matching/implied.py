"""Skills a text shows without naming them: who writes Java can program."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from recommender.matching.links import Method, SkillLink, accepted

IMPLIED_BY: Mapping[str, frozenset[str]] = {
    "programming-basics": frozenset(
        ("c-language", "cpp", "fortran", "go-language", "java", "julia", "python", "rust", "scala")
    ),
}
"""Skill -> skills that cannot be had without it (editorial)."""

_USED = 3


def implied(links: Iterable[SkillLink], vocabulary: Container[str]) -> Iterator[SkillLink]:
    """Links to the skills of `vocabulary` that certain links imply, where nothing names them as high.

    Each rests on the words, the level and the reason of the strongest skill that implies it; below level 3
    only a first acquaintance (1) is taken as shown.
    """
    links = tuple(links)
    named = {link.skill: link.level for link in accepted(links)}
    for skill, sources in IMPLIED_BY.items():
        found = [link for link in accepted(links) if link.skill in sources]
        if not found or skill not in vocabulary:
            continue
        best = max(found, key=lambda link: link.level)
        level = best.level if best.level >= _USED else 1
        if level > named.get(skill, 0):
            yield replace(best, skill=skill, level=level, method=Method.IMPLIED)
