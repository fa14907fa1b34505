"""Skills named in one list vouch for each other: beside SQL an R is a language."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from recommender.matching import guards
from recommender.matching.reading import Match

# What may stand between two items of one list, an item unknown to the vocabulary included.
_LIST_GAP = re.compile(
    r"^(?: ?[a-z]+){0,2}\s*(?:[,，、;；/|•·&+()（）:：\n]|\band\b|\bor\b|和|与|及|或)+\s*"
    r"(?:(?:[^\s,，、;；/|•·()（）。:：]+ ?){1,3}\s*"
    r"(?:[,，、;；/|•·&+()（）]|\band\b|\bor\b|和|与|及|或)+\s*){0,2}$"
)
_LONGEST_GAP = 60


def neighbours(matches: Sequence[Match], text: str) -> list[guards.Neighbour]:
    """For each match, whether it shares a list with a skill that no ordinary word could mean."""
    chains: list[int] = []
    for index, match in enumerate(matches):
        gap = text[matches[index - 1].end : match.start].lower() if index else ""
        joined = index > 0 and len(gap) <= _LONGEST_GAP and _LIST_GAP.match(gap) is not None
        chains.append(chains[-1] if joined else index)
    members: dict[int, list[Match]] = defaultdict(list)
    for chain, match in zip(chains, matches, strict=True):
        members[chain].append(match)
    clear = {chain for chain, found in members.items() if _is_clear(found, text)}
    return [guards.Neighbour.LISTED if chain in clear else guards.Neighbour.NONE for chain in chains]


def _is_clear(found: Sequence[Match], text: str) -> bool:
    """Whether a list names a skill beyond doubt, or two doubtful ones in capitals: "R and SAS"."""
    if any(not guards.is_ambiguous(match.alias.written) for match in found):
        return True
    capitals = {match.alias.skill for match in found if text[match.start].isupper()}
    return len(capitals) > 1
