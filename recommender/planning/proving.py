"""When a proof grows (`certificate.Certifier`): before and amid the search where it helps, and after it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from recommender.planning import charging

if TYPE_CHECKING:
    from recommender.planning.exact import Search

EARLY, SOONER = 120, 2000
"""Courses up to which a proof is made before the search: where the search is as quick, and where a proof is
what is asked for."""
QUICK, LONG = 2000, 4000
"""Columns of linear programs solved: up to which an answer is quick, from which on a proof adds little."""
FREE, LITTLE = 8000, 10
"""After a long search: courses up to which a proof takes a tenth of a second, and more where its columns were
so many times as many."""
HARD = 1000
"""Courses left after the relaxation from which on the search takes seconds."""
MUCH = 2
"""How many times as many courses as wanted are too many to be thinned out for that."""
WORTHWHILE = 10
"""A round must close one part in so many of what was open for another one to follow."""
ROUNDS = 12
"""Rounds of landmarks that a proof has at most."""


def prove_early(search: Search) -> None:
    """Let the proof grow where that is quick, with plans on the way; go on with what it leaves."""
    _prove_on_the_way(search, largest=EARLY if search.to_the_end else SOONER)


def prove_midway(search: Search) -> bool:
    """The same where much is left after the relaxation: bound and plans are often better by far. Whether that
    left another task."""
    return bool(search.model.allowed.sum() >= HARD) and _prove_on_the_way(search, largest=math.inf)


def _prove_on_the_way(search: Search, *, largest: float) -> bool:
    certifier, before = search.certifier, search.task
    if certifier is None or before.limits or not search.is_open():
        return False
    while _grow(search, largest=largest, is_early=True):
        pass
    search.task = before
    task = certifier.smaller.task
    turns = search.is_open() and bool(task.size < min(before.size, search.model.allowed.sum()))
    if turns:
        search.turn_to(task)
    return turns


def prove(search: Search) -> None:
    """Let the proof grow while that says something new of the best plan; where nobody asked for it, only if
    the answer stays quick, or was not quick anyway."""
    largest: float = QUICK - search.work
    if not search.to_the_end:
        largest = math.inf
    elif search.work >= LONG:
        largest = max(FREE, search.work // LITTLE)
    while _grow(search, largest=largest):
        pass


def _grow(search: Search, *, largest: float, is_early: bool = False) -> bool:
    """One more round of the proof, where no more courses are left than `largest`; whether another one may say
    more. While it is `is_early`, plans are taken from the answers of the relaxation, too."""
    certifier = search.certifier
    if certifier is None or search.best is None or search.is_certified() or not search.has_time():
        return False
    if certifier.left_by(int(search.best_cost)) > MUCH * largest:
        return False
    certifier.narrow(cost=int(search.best_cost))
    search.raise_bound(int(min(certifier.bound, search.best_cost)))
    task, before = certifier.smaller.task, certifier.bound
    if search.is_certified() or len(certifier.rounds) >= ROUNDS:
        return False
    if task is search.charged or task.size > largest:
        return False
    search.charged = task
    if is_early:
        search.task = task
    charged = charging.charged(
        task,
        certifier.landmarks,
        hint=search.hint,
        enough=search.enough,
        stop=search.stop,
        see=search.offer_discounted if is_early else charging.unseen,
    )
    certifier.add(charged.cut, cost=int(search.best_cost))
    search.raise_bound(int(min(certifier.bound, search.best_cost)))
    if is_early and charged.answer and not search.is_certified():
        search.offer_guided(charged.answer)
    return WORTHWHILE * (certifier.bound - before) >= search.best_cost - before
