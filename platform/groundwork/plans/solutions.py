"""The engine's answers, kept by the content of the problem: who asks the same again is not made to wait."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache

from groundwork.plans import snapshot
from groundwork.plans.clock import countdown
from recommender import domain, planning

KEPT_SECONDS = 24 * 3600
UNPROVEN_SECONDS = 600
"""What was found in a hurry is looked for again soon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """A solution, and how many seconds were given to find it."""

    solution: domain.Solution
    seconds: float


def solve(problem: domain.Problem, *, seconds: float) -> domain.Solution:
    """The answer to `problem` after at most `seconds`; a proven one is kept for a day, another for minutes.

    What was not proven is tried again by whoever gives it more time than the one before.
    """
    key = _key(problem)
    kept: _Answer | None = cache.get(key)
    if kept and (is_final(kept.solution.status) or kept.seconds >= seconds):
        return kept.solution
    solution = planning.solve(problem, stop=countdown(seconds))
    cache.set(key, _Answer(solution=solution, seconds=seconds), kept_seconds(solution.status))
    return solution


def known(problem: domain.Problem) -> domain.Solution | None:
    """The final answer to `problem` where it is kept."""
    kept: _Answer | None = cache.get(_key(problem))
    return kept.solution if kept and is_final(kept.solution.status) else None


def is_final(status: domain.Status) -> bool:
    """Whether no time could change the answer."""
    return status in (domain.Status.OPTIMAL, domain.Status.INFEASIBLE)


def kept_seconds(status: domain.Status) -> int:
    """How long an answer of this status is kept."""
    return KEPT_SECONDS if is_final(status) else UNPROVEN_SECONDS


def digest(problem: domain.Problem) -> str:
    """SHA-256 (hex) of all that the answer depends on."""
    document: Mapping[str, object] = {
        **snapshot.problem_document(problem),
        "catalogue": problem.catalogue.digest,
    }
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _key(problem: domain.Problem) -> str:
    # The number changes with the fields: a cache may outlive a release.
    return f"solution-1:{digest(problem)}"
