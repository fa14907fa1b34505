"""Where all evidence about one skill leaves a person; proficiency is this and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from groundwork.learners.models import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A level of 1..5, the day it was last shown, and the evidence it rests on."""

    level: int
    as_of: date
    evidence: Evidence


def standing(history: Sequence[Evidence]) -> Standing | None:
    """The standing after `history`, all evidence about one skill in the order of recording; None at level 0.

    The latest statement counts. A finished course never lowers a level and refreshes none above its own.
    """
    now: Standing | None = None
    for evidence in _not_taken_back(history):
        is_course = evidence.kind == Evidence.Kind.COURSE
        if is_course and now and now.level > evidence.level:
            continue
        as_of = evidence.evidenced_on
        if is_course and now and now.level == evidence.level:
            as_of = max(as_of, now.as_of)
        now = Standing(level=evidence.level, as_of=as_of, evidence=evidence) if evidence.level else None
    return now


def _not_taken_back(history: Sequence[Evidence]) -> list[Evidence]:
    """`history` as if no completion that was undone had ever been there, nor its undoing."""
    undone: set[int] = set()
    kept = []
    for evidence in reversed(history):
        if evidence.kind == Evidence.Kind.CORRECTION and evidence.course_id:
            undone.add(evidence.course_id)
        elif evidence.kind != Evidence.Kind.COURSE or evidence.course_id not in undone:
            kept.append(evidence)
    return kept[::-1]
