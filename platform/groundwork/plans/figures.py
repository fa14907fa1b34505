"""The figures of one version of the estimates as values, and as the JSON they are kept in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from groundwork.plans.past import Past
from recommender.estimators import completion, effort
from recommender.estimators.effort import Effort

FORMAT = "estimates/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many attempts at a course ended, and how many of them with its end."""

    ended: int
    finished: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Log factors of hours (nobody's own among them), attempts with hours and attempts by course, and the
    SHA-256 of the promoted model ("" without one). A course that is in neither mapping has no estimate."""

    effort: Effort
    timed: Mapping[str, int]
    counted: Mapping[str, Counted]
    model: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known yet."""
        return not self.timed and not self.counted

    def to_json(self) -> str:
        """Canonical: the same figures give the same bytes."""
        document = {
            "format": FORMAT,
            "hours": {
                "overall": self.effort.overall,
                "spread": self.effort.spread,
                "providers": dict(self.effort.providers or {}),
                "courses": dict(self.effort.courses or {}),
                "attempts": dict(self.timed),
            },
            "completion": {course: [one.ended, one.finished] for course, one in self.counted.items()},
            "model": self.model,
        }
        return json.dumps(
            document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )

    @classmethod
    def from_json(cls, text: str) -> Figures:
        """What `to_json` wrote. Raises ValueError for another format."""
        document: dict[str, Any] = json.loads(text)
        if document["format"] != FORMAT:
            raise ValueError(f"estimates of an unknown format: {document['format']}")
        hours = document["hours"]
        return cls(
            effort=Effort(
                overall=hours["overall"],
                spread=hours["spread"],
                providers=hours["providers"],
                courses=hours["courses"],
            ),
            timed=hours["attempts"],
            counted={
                course: Counted(ended=ended, finished=finished)
                for course, (ended, finished) in document["completion"].items()
            },
            model=document["model"],
        )

    @property
    def sha256(self) -> str:
        """Of the JSON."""
        return completion.digest(self.to_json())


def count(ended: Sequence[Past]) -> dict[str, Counted]:
    """Attempts and completions by course, of attempts that ended."""
    found: dict[str, Counted] = {}
    for row in ended:
        before = found.get(row.course.slug, Counted(ended=0, finished=0))
        found[row.course.slug] = Counted(ended=before.ended + 1, finished=before.finished + row.finished)
    return dict(sorted(found.items()))


def time(finished: Sequence[Past], *, strength: float, spread: float) -> tuple[Effort, dict[str, int]]:
    """Factors of hours without those of single people, and how many attempts stand behind each course."""
    done = [row.done for row in finished if row.done]
    fitted = effort.fit(done, shrink=strength, spread=spread)
    attempts: dict[str, int] = {}
    for one in done:
        attempts[one.course] = attempts.get(one.course, 0) + 1
    return replace(fitted, learners=None), dict(sorted(attempts.items()))
