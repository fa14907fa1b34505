"""Where all evidence about one skill leaves a person; proficiency is this and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from groundwork.learners.models import Evidence, Mark, Proficiency
from recommender.domain import HalfLife
from recommender.estimators import proficiency
from recommender.estimators.proficiency import Clocks, Kind, Observation, State, Track


def counts(evidence: Evidence) -> bool:
    """Whether a line (read `with_marks`) counts: not withdrawn, disputed or struck out."""
    return evidence.last_mark not in Mark.SILENCING


def observation_of(evidence: Evidence) -> Observation:
    """A line as the engine reads it."""
    return Observation(
        id=str(evidence.pk),
        kind=Kind(evidence.kind),
        level=evidence.level,
        on=evidence.evidenced_on,
        used_until=evidence.used_until,
        sd=evidence.sd,
        recorded=evidence.pk,
        withdrawn=not counts(evidence),
    )


def track(history: Iterable[Evidence], *, half_life: str, clocks: Clocks) -> Track:
    """What all evidence about one skill leaves behind, and what each line did."""
    observations = [observation_of(one) for one in history]
    return proficiency.follow(observations, half_life=HalfLife(half_life), clocks=clocks)


def standing(history: Sequence[Evidence], *, half_life: str, clocks: Clocks) -> dict[str, Any] | None:
    """The columns of the proficiency that `history` (`with_marks`, one skill) comes to; None at level 0."""
    found = track(history, half_life=half_life, clocks=clocks)
    state = found.state
    if state is None or not state.shown_level:
        return None
    heaviest = max(found.contributions, key=lambda one: (one.weight, one.observation.recorded))
    return {
        "level": state.shown_level,
        "as_of": state.shown_on,
        "mean": state.mean,
        "variance": state.variance,
        "reached_on": state.day,
        "used_until": state.used_until,
        "shown_mean": state.shown_mean,
        "floor": state.floor,
        "verified_on": state.verified_on,
        "is_contested": state.is_contested,
        "evidence_id": heaviest.observation.recorded,
    }


def rows(history: Iterable[Evidence], *, clocks: Clocks) -> list[Proficiency]:
    """One unsaved proficiency per person and skill of `history` (`with_marks`, its skills loaded)."""
    groups: dict[tuple[Any, int], list[Evidence]] = {}
    for one in history:
        groups.setdefault((one.learner_id, one.skill_id), []).append(one)
    found = []
    for (learner, skill), lines in groups.items():
        columns = standing(lines, half_life=lines[0].skill.half_life, clocks=clocks)
        if columns:
            found.append(Proficiency(learner_id=learner, skill_id=skill, **columns))
    return found


def said(level: int, *, as_of: date) -> State | None:
    """The state after a single word of one's own, as a visitor gives it."""
    one = Observation(id="", kind=Kind.SELF_REPORT, level=level, on=as_of)
    return proficiency.follow([one], half_life=HalfLife.METHOD, clocks=proficiency.DEFAULT_CLOCKS).state
